// Competitor: the same model in plain tfjs operations, trained by tf.train.adam.
import * as tf from '@tensorflow/tfjs'
import {
  type Competitor,
  type Opened,
  sizeOf,
  type Task,
  trainAhead,
  weightsOf,
} from './competitor.ts'
import { batchesOf, gatherRows } from './data.ts'
import { benchHost } from './device.ts'
import type { MeasureRequest } from './report.ts'
import { forwardOf } from './tfjs-models.ts'
import { ADAM } from './workloads.ts'

/** On the stock WebGPU backend; that for WebAssembly lacks kernels for training, so there it is this project's. */
export async function openTfjs(device: MeasureRequest['device']): Promise<Opened> {
  if (device === 'webgpu') {
    await import('@tensorflow/tfjs-backend-webgpu')
    if (!(await tf.setBackend('webgpu'))) throw new Error('plain tfjs has no webgpu here')
  } else await benchHost().openDevice(device)
  return { build: async (task) => startTfjs(task) }
}

function startTfjs(task: Task): Competitor {
  const { shape, rows } = task
  const weights = weightsOf(task)
  const variables = new Map<string, tf.Variable>()
  for (const [path, { values, shape: size }] of weights)
    variables.set(
      path,
      tf.tidy(() => tf.variable(tf.tensor(values.slice(), size))),
    )
  const trained = [...variables.values()]
  const forward = forwardOf(shape, (path) => {
    const found = variables.get(path)
    if (!found) throw new Error(`the engine's model has no parameter ${path}`)
    return found
  })
  const optimizer = tf.train.adam(ADAM.rate, ADAM.beta1, ADAM.beta2, ADAM.epsilon)
  const order = batchesOf(rows, shape.batch)

  const step = (): Promise<ArrayLike<number>> => {
    const loss = tf.tidy(() => {
      const batch: Record<string, tf.Tensor> = {}
      for (const [name, { values, shape: size }] of Object.entries(
        gatherRows(rows, order.next().value),
      ))
        batch[name] = tf.tensor(values, size, values instanceof Float32Array ? 'float32' : 'int32')
      return optimizer.minimize(
        () => {
          const logits = forward(batch)
          const targets = tf.oneHot(batch['labels']!.flatten().toInt(), logits.shape[1])
          return tf.losses.softmaxCrossEntropy(targets, logits)
        },
        true,
        trained,
      )!
    })
    return loss.data().finally(() => loss.dispose())
  }

  return {
    parameters: sizeOf(weights),
    async train(count) {
      const losses = await trainAhead(count, step)
      // Values come only when everything sent before is done.
      await trained.at(-1)!.data()
      return losses
    },
    memory: () => {
      const { numTensors, numBytes } = tf.memory()
      return { tensors: numTensors, bytes: numBytes }
    },
    dispose() {
      tf.dispose(trained)
      optimizer.dispose()
      return Promise.resolve()
    },
  }
}
