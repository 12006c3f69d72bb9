// Step 3: the model, with its own training and validation step, and a say in the optimizer.
import type * as tf from '@tensorflow/tfjs'
import {
  type ComponentRef,
  EngineError,
  type ForwardContext,
  init,
  type Model as ModelContract,
  type ModelEnv,
  Module,
  nn,
  type Optimizer,
  parameter,
  type StepOutput,
  type TensorMap,
} from 'plugboard'
import type { TransformerConfig } from './config.ts'

/** A single transformer encoder layer: norms come after what they norm, as in the first transformers. */
class TransformerEncoder extends Module<tf.Tensor, tf.Tensor> {
  readonly self_attn: nn.SelfAttention
  readonly up: nn.Linear
  readonly down: nn.Linear
  readonly norm1: nn.LayerNorm
  readonly norm2: nn.LayerNorm
  readonly drop: nn.Dropout

  constructor(options: TransformerConfig, context: number) {
    super()
    const { embedding_dim: width, num_heads: heads, ff_dim, dropout } = options
    this.self_attn = new nn.SelfAttention({ width, heads, context, dropout, causal: false })
    this.up = new nn.Linear(width, ff_dim)
    this.down = new nn.Linear(ff_dim, width)
    this.norm1 = new nn.LayerNorm(width)
    this.norm2 = new nn.LayerNorm(width)
    this.drop = new nn.Dropout(dropout)
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    const attended = this.self_attn.forward(x as tf.Tensor3D, ctx)
    const seen = this.norm1.forward(x.add(this.drop.forward(attended, ctx)))
    const made = this.down.forward(this.drop.forward(this.up.forward(seen).relu(), ctx))
    return this.norm2.forward(seen.add(this.drop.forward(made, ctx)))
  }
}

/** `input_ids` [batch, time] to `logits` [batch, classes]; what `attention_mask` leaves out has no say. */
export class Model extends Module implements ModelContract {
  readonly embedding: nn.Embedding
  /** Learnable positional encoding, [time, embedding_dim]. */
  readonly pos_encoder: tf.Variable
  readonly transformer_layers: TransformerEncoder[]
  readonly classifier: nn.Linear

  constructor(options: TransformerConfig, { columns }: ModelEnv) {
    super()
    const { input_ids: ids, labels } = columns
    if (ids?.limit === undefined || labels?.limit === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `transformer_text reads ids in input_ids and classes in labels; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'name a tokenizer, and `preprocess: [fixed_length]`',
      })
    }
    const [context] = ids.shape as [number]
    const width = options.embedding_dim
    this.embedding = new nn.Embedding(ids.limit, width, init.normal(0.1))
    this.pos_encoder = parameter([context, width], init.normal(0.1))
    this.transformer_layers = Array.from(
      { length: options.num_layers },
      () => new TransformerEncoder(options, context),
    )
    this.classifier = new nn.Linear(width, labels.limit)
  }

  forward({ input_ids: ids, attention_mask: mask }: TensorMap, ctx: ForwardContext) {
    let x = this.embedding.forward(ids!).add(this.pos_encoder)
    for (const layer of this.transformer_layers) x = layer.forward(x, { ...ctx, mask })
    return { logits: this.classifier.forward(nn.pool(x, 'mean', mask)) }
  }

  trainingStep(batch: TensorMap, ctx: ForwardContext): StepOutput {
    const outputs = this.forward(batch, ctx)
    return { loss: nn.crossEntropy(outputs.logits, batch['labels']!), outputs }
  }

  /** Nothing else happens in validation; `ctx` says that dropout is off. */
  validationStep(batch: TensorMap, ctx: ForwardContext): StepOutput {
    return this.trainingStep(batch, ctx)
  }

  /** By name, with its learning rate: what the experiment asks for is right here. A model without steps of its own has `configureLoss` too. */
  configureOptimizer(
    configured: ComponentRef,
    create: (ref: ComponentRef) => Optimizer,
  ): Optimizer {
    return create(configured)
  }
}
