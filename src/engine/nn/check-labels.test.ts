// Rows that the loss cannot take are refused before the first step, by name and number.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type Loss, Module, type NumberColumn, type TensorMap } from '#sdk'
import { beforeAll, expect, test } from 'vitest'
import { FakeEnvironment, lineExperiment } from '../testing/fake-run.ts'
import { TrainingRun } from './training-run.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const column = (data: number[], more: Partial<NumberColumn> = {}): NumberColumn => ({
  type: 'number',
  data: Int32Array.from(data),
  shape: [],
  dtype: 'int32',
  ...more,
})

/** Three scores for each row; the loss takes the labels 0, 1 and 2. */
async function train(labels: number[], more: Partial<Record<string, NumberColumn>> = {}) {
  class Scores extends Module<TensorMap, TensorMap> {
    readonly table = tf.variable(tf.ones([1, 3]))
    forward({ labels: { shape } = tf.zeros([1]) }: TensorMap) {
      return { logits: this.table.tile<tf.Tensor>([shape[0], 1]) }
    }
  }
  const loss: Loss = {
    compute: ({ outputs }) => outputs['logits']!.square().mean(),
    ranges: ({ outputs }) => ({
      labels: { min: 0, max: outputs['logits']!.shape[1]! - 1, isWhole: true },
    }),
  }
  const columns = { labels: column(labels), ...(more as Record<string, NumberColumn>) }
  const table = { length: labels.length, columns }
  const env = new FakeEnvironment({
    'dataset/line': () => ({ load: async () => ({ train: table, validation: table }) }),
    'model/line': () => new Scores(),
    'loss/squared_error': () => loss,
  })
  await new TrainingRun(
    env,
    lineExperiment({ training: { batch_size: 2, epochs: 1 } }),
    'run-1',
  ).start()
  return env
}

test('a class beyond those of the model is refused, naming row, value and limit', async () => {
  const { ended } = await train([0, 1, 2, 2, 3, 1])
  expect(ended).toMatchObject({
    reason: 'failed',
    step: 0,
    error: {
      code: 'data.invalid',
      message:
        'column labels of the training rows, row 4 of the training table of dataset line (the first is 0): 3 is not a whole number from 0 to 2, as loss squared_error for logits [2, 3] needs it',
      hint: expect.stringContaining('as many classes as there are'),
    },
  })
})

test('what the mask leaves out may be anything', async () => {
  const attention_mask = column([1, 1, 0, 1])
  expect((await train([0, 1, -100, 2], { attention_mask })).ended?.reason).toBe('finished')
  const kept = await train([0, -100, 1, 2], { attention_mask })
  expect(kept.ended?.error?.message).toContain(
    'row 1 of the training table of dataset line (the first is 0): -100',
  )
})

test('a single class is told once, by name', async () => {
  const env = await train([1, 1, 1, 1])
  expect(env.ended?.reason).toBe('finished')
  const warnings = env.all('log').map(({ message }) => message)
  expect(warnings).toEqual([
    'column labels of the training rows is 1 in all 4 rows: there is nothing to tell it from',
    'column labels of the validation rows is 1 in all 4 rows: there is nothing to tell it from',
  ])
  expect((await train([1, 0, 1, 1])).all('log')).toEqual([])
})
