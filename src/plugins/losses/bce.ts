// Binary cross-entropy: a yes or no of its own for each output.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Loss, nn, plugin, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  pos_weight: z
    .union([z.number().positive(), z.array(z.number().positive()).min(1)])
    .default(1)
    .describe('how much a yes counts against a no; one number, or one for each output'),
})

type Weight = z.output<typeof config>['pos_weight']

/** `logits` of the labels' shape, or `predictions` where the model has no `logits`. */
function readBinary({ outputs, batch }: { outputs: TensorMap; batch: TensorMap }) {
  const logits = outputs['logits'] ?? outputs['predictions']
  const { labels } = batch
  if (logits && labels && tf.util.arraysEqual(logits.shape, labels.shape)) return { logits, labels }
  const shape = (tensor?: tf.Tensor) => (tensor ? `[${tensor.shape.join(', ')}]` : 'missing')
  throw new EngineError({
    code: 'loss.shape',
    message: `bce needs 'logits' and 'labels' of one shape; logits are ${shape(logits)}, labels ${shape(labels)}`,
    hint: 'give one logit for each label of 0 or 1; where labels are class numbers, choose cross_entropy',
  })
}

function weightOf(pos_weight: Weight, { shape }: tf.Tensor): tf.Tensor {
  if (typeof pos_weight === 'number') return nn.scalar(pos_weight)
  if (shape.at(-1) === pos_weight.length) return tf.tensor1d(pos_weight)
  throw new EngineError({
    code: 'contribution.config',
    message: `pos_weight of bce has ${pos_weight.length} values, but labels are [${shape.join(', ')}]`,
    hint: 'give one number, or as many as the last axis has',
  })
}

/**
 * -w y log s(z) - (1 - y) log(1 - s(z)), as (1 - y) z + (1 + (w - 1) y) softplus(-z): nothing overflows, and there
 * is no logarithm of 0. Labels may lie anywhere from 0 to 1.
 */
function createLoss({ pos_weight }: { pos_weight: Weight }): Loss {
  return {
    compute(args) {
      const { logits, labels } = readBinary(args)
      const one = nn.scalar(1)
      const wanted = labels.toFloat()
      const share =
        pos_weight === 1 ? one : wanted.mul(weightOf(pos_weight, labels).sub(one)).add(one)
      const values = one.sub(wanted).mul(logits).add(share.mul(logits.neg().softplus()))
      return nn.maskedMean(values, nn.labelMask(args.batch))
    },
    weight: ({ batch }) => nn.countLabels(batch),
    ranges: () => ({ labels: { min: 0, max: 1 } }),
  }
}

export default class BinaryCrossEntropy extends plugin({
  manifest: {
    name: 'bce',
    version: '1.0.0',
    category: 'loss',
    description: 'Binary cross-entropy of logits, in nats: a yes or no for each output',
    tags: ['classification'],
    provides: ['loss/bce'],
  },
}) {
  initialize() {
    this.ctx.provide('loss', 'bce', createLoss, {
      config,
      description: 'for yes or no: labels from 0 to 1, one logit each',
    })
  }
}
