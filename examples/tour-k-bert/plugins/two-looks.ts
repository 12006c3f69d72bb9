// A training strategy: how a batch becomes a loss. This one looks twice, and wants both looks to agree.
import * as tf from '@tensorflow/tfjs'
import { nn, plugin, type StepOutput, type Strategy, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  agreement: z.number().min(0).default(0.1).describe('factor on how far the two looks differ'),
})

/** Mean squared difference of what two forward passes gave, summed over their logits. */
function difference(first: TensorMap, second: TensorMap): tf.Tensor {
  const names = Object.keys(first).filter((name) => name.endsWith('logits'))
  return tf.addN(names.map((name) => first[name]!.sub(second[name]!).square().mean()))
}

class TwoLooks implements Strategy {
  readonly #agreement: number

  constructor({ agreement }: z.output<typeof config>) {
    this.#agreement = agreement
  }

  /** Dropout leaves out other values in each pass; what both find without them is worth more. */
  step({ batch, evaluate }: Parameters<Strategy['step']>[0]): Pick<StepOutput, 'loss' | 'outputs'> {
    const [first, second] = [evaluate(batch), evaluate(batch)]
    const mean = first.loss.add(second.loss).mul(nn.scalar(0.5))
    const apart = difference(first.outputs, second.outputs).mul(nn.scalar(this.#agreement))
    return { loss: mean.add(apart).asScalar(), outputs: first.outputs }
  }
}

export default class TwoLooksPlugin extends plugin({
  manifest: {
    name: 'two_looks',
    version: '1.0.0',
    category: 'strategy',
    description: 'Two forward passes for each batch, which are to agree',
    provides: ['strategy/two_looks'],
  },
}) {
  initialize() {
    this.ctx.provide('strategy', 'two_looks', (options) => new TwoLooks(options), {
      config,
      description: 'mean loss of two passes, and how far they differ',
    })
  }
}
