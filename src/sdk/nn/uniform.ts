// Random tensors that the device draws: the same numbers on each, without an upload of their size.
import * as tf from '@tensorflow/tfjs'
import { takeKey, uniformsOf } from '../random.ts'
import { scalar } from './scalar.ts'

/** Kernel of `uniform`: input `key`, int32 [3] as `takeKey` gives it, attribute `shape`; float32 in [0, 1). */
const COUNTER_UNIFORM = 'CounterUniform'

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

// Computed in JavaScript; a backend that has a faster way puts its own kernel in place of this one.
for (const backendName of ['cpu', 'wasm', 'webgl', 'webgpu']) {
  if (tf.getKernel(COUNTER_UNIFORM, backendName)) continue
  tf.registerKernel({
    kernelName: COUNTER_UNIFORM,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { shape } = attrs as unknown as { shape: number[] }
      const device = backend as tf.KernelBackend
      const key = device.readSync(inputs['key']!.dataId) as Int32Array
      const values = uniformsOf(key, sizeOf(shape))
      return { dataId: device.write(values, shape, 'float32'), shape, dtype: 'float32' }
    },
  })
}

/**
 * Uniform numbers in [0, 1), float32 of `shape`: the next of `random`, rounded down to 24 bits. No gradient flows
 * into them. A stream of the engine moves on by their count and costs an upload of three numbers; of anything else
 * `next()` is called for each.
 */
export function uniform(random: { next(): number }, shape: number[]): tf.Tensor {
  const size = sizeOf(shape)
  const key = takeKey(random, size)
  if (!key)
    return tf.tensor(
      Float32Array.from({ length: size }, () => random.next()),
      shape,
    )
  return tf.tidy(() =>
    tf
      .engine()
      .runKernel<tf.Tensor>(COUNTER_UNIFORM, { key: tf.tensor1d(key, 'int32') }, { shape }),
  )
}

/**
 * Normal numbers with mean 0, float32 of `shape` (Box–Muller), as `random.normals` gives them: from pairs of
 * uniform ones, so that an odd count takes one more.
 */
export function normal(random: { next(): number }, shape: number[], deviation = 1): tf.Tensor {
  return tf.tidy(() => {
    const size = sizeOf(shape)
    const pairs = uniform(random, [Math.ceil(size / 2), 2])
    const [first, second] = tf.split(pairs, 2, 1) as [tf.Tensor, tf.Tensor]
    const radius = scalar(1).sub(first).log().mul(scalar(-2)).sqrt().mul(scalar(deviation))
    const angle = second.mul(scalar(2 * Math.PI))
    const both = tf.concat([radius.mul(angle.cos()), radius.mul(angle.sin())], 1).flatten()
    return (size % 2 === 0 ? both : both.slice(0, size)).reshape(shape)
  })
}
