// Competitor: genai-nanogpt's own GPT of the same size, by the step of its own trainer.
import { models, TeachableLLM } from '@genai-fi/nanogpt'
import { memory, type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import BasicTrainer from 'genai-nanogpt/trainer'
import { type Competitor, type Opened, type Task, trainAhead } from './competitor.ts'
import { batchesOf, gatherRows } from './data.ts'
import type { MeasureRequest } from './report.ts'
import { ADAM } from './workloads.ts'

/** Of the same instance of everything as the package. */
class Trainer extends BasicTrainer {
  /** The loss, of a step that is sent. */
  step(batch: { xs: Tensor; ys: Tensor }) {
    return this.trainStep({}, batch)
  }
}

/** Throws where it can't be compared. */
export async function openNanogpt(device: MeasureRequest['device']): Promise<Opened> {
  if (device !== 'webgpu') throw new Error(`genai-nanogpt is not compared on ${device}`)
  await TeachableLLM.selectBackend('webgpu')
  return { build: async (task) => build(task) }
}

function build({ shape, rows }: Task): Competitor {
  if (shape.kind !== 'gpt') throw new Error(`genai-nanogpt has no ${shape.kind}`)
  const { layers, heads, width, context, vocabulary } = shape
  const model = new models.NanoGPTV1({
    vocabSize: vocabulary,
    blockSize: context,
    nLayer: layers,
    nHead: heads,
    nEmbed: width,
    mlpFactor: 4,
    useRope: false,
  })
  const { rate, beta1, beta2, epsilon } = ADAM
  // The tokeniser is for text, which is none here.
  const trainer = new Trainer(model, undefined, {
    learningRate: rate,
    minLearningRate: rate,
    warmupSteps: 0,
    weightDecay: 0,
    beta1,
    beta2,
    epsilon,
  })
  const order = batchesOf(rows, shape.batch)
  const toTensor = (values: ArrayLike<number>) =>
    tensor2d(Int32Array.from(values), [shape.batch, context], 'int32')

  const step = (): Promise<ArrayLike<number>> => {
    const { input_ids: ids, labels } = gatherRows(rows, order.next().value)
    const batch = { xs: toTensor(ids!.values), ys: toTensor(labels!.values) }
    const loss = trainer.step(batch)
    batch.xs.dispose()
    batch.ys.dispose()
    return loss.data().finally(() => loss.dispose())
  }

  return {
    parameters: model.getNumParams(),
    train: async (count) => {
      const losses = await trainAhead(count, step)
      // Values come only when everything sent before is done.
      await model.trainableVariables.at(-1)!.data()
      return losses
    },
    memory: () => {
      const { numTensors, numBytes } = memory()
      return { tensors: numTensors, bytes: numBytes }
    },
    async dispose() {
      trainer.dispose()
      model.dispose()
    },
  }
}
