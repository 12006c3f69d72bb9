// From hidden states at each position to one vector for each row.
import * as tf from '@tensorflow/tfjs'
import { scalar } from './scalar.ts'

/**
 * [batch, time, width] to [batch, width]: the mean over the positions that `mask` [batch, time] keeps
 * (0 where it keeps none), their maximum, the first position, or the last one that is kept. States of rank 2 have no positions
 * and stay as they are.
 */
export function pool(
  states: tf.Tensor,
  how: 'mean' | 'max' | 'first' | 'last',
  mask?: tf.Tensor,
): tf.Tensor {
  if (states.rank === 2) return states
  const [batch, time, width] = states.shape as [number, number, number]
  if (how === 'first') return states.slice([0, 0, 0], [batch, 1, width]).reshape([batch, width])
  if (!mask && how === 'mean') return states.mean(1)
  if (!mask && how === 'max') return states.max(1)
  const kept = mask?.toFloat() ?? tf.ones([batch, time])
  if (how === 'max') return largest(states, kept.expandDims(2))
  const weights = how === 'mean' ? share(kept) : lastOf(kept, time)
  return states.mul(weights.expandDims(2)).sum(1)
}

const share = (kept: tf.Tensor): tf.Tensor => kept.div(tf.maximum(kept.sum(1, true), scalar(1)))

/** Lower than any state, so that it is never the largest. */
const LEFT_OUT = -1e9

/** `kept` is [batch, time, 1]. */
function largest(states: tf.Tensor, kept: tf.Tensor): tf.Tensor {
  const low = scalar(1).sub(kept).mul(scalar(LEFT_OUT))
  return states.add(low).max(1).mul(kept.max(1))
}

/** 1 at the last place that is kept, 0 elsewhere. */
function lastOf(kept: tf.Tensor, time: number): tf.Tensor {
  const places = tf.range(1, time + 1).mul(kept)
  return places.equal(places.max(1, true)).toFloat().mul(kept)
}
