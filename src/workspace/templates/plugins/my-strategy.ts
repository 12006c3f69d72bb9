// Mixup: trains on blends of two rows, which have to be told apart by their shares.
import type * as tf from '@tensorflow/tfjs'
import { plugin, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  strength: z.number().min(0).max(1).default(0.5).describe('1: up to half and half; 0: no blend'),
})

/** Every column of fractions, but for labels and mask: blended with the rows in reverse order. */
function blend(batch: TensorMap, share: number): TensorMap {
  const mixed = Object.entries(batch).map(([name, column]): [string, tf.Tensor] => {
    const isInput = column.dtype === 'float32' && name !== 'labels' && name !== 'attention_mask'
    return [name, isInput ? column.mul(share).add(column.reverse(0).mul(1 - share)) : column]
  })
  return Object.fromEntries(mixed)
}

export default class MyStrategy extends plugin({
  manifest: {
    name: 'my_strategy',
    version: '1.0.0',
    category: 'strategy',
    description: 'Mixup: trains on blends of two rows (Zhang et al. 2018)',
    provides: ['strategy/my_strategy'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'strategy',
      'my_strategy',
      ({ strength }) => ({
        // `evaluate` is the forward pass and the loss of the experiment; a step may call it more than once.
        step({ batch, evaluate, ctx }) {
          const share = 1 - (strength * ctx.random.next()) / 2
          const mixed = blend(batch, share)
          const own = evaluate(mixed)
          const other = evaluate({ ...mixed, labels: batch['labels']!.reverse(0) })
          const loss = own.loss.mul(share).add<tf.Scalar>(other.loss.mul(1 - share))
          return { loss, outputs: own.outputs }
        },
      }),
      { config, description: 'blends of two rows' },
    )
  }
}
