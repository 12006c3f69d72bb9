// What losses and metrics return in place of tensors is said in words.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { FakeEnvironment, lineExperiment } from '../testing/fake-run.ts'
import { TrainingRun } from './training-run.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

async function errorOf(parts: Record<string, () => unknown>, metrics: string[] = []) {
  const env = new FakeEnvironment(parts)
  const experiment = lineExperiment({ training: { epochs: 1, metrics } })
  await new TrainingRun(env, experiment, 'run-1').start()
  return env.ended?.error
}

test.each<[unknown, string]>([
  [Promise.resolve(1), 'compute() of loss squared_error is async; return the tensor itself'],
  [2, 'loss squared_error gave the number 2 as loss for outputs'],
  [[1, 2], 'loss squared_error gave an array of 2 numbers as loss'],
  [undefined, 'loss squared_error gave undefined as loss'],
])('a loss that gives %s', async (given, message) => {
  const error = await errorOf({ 'loss/squared_error': () => ({ compute: () => given }) })
  expect(error?.message).toContain(message)
})

const metric = (part: object) => ({
  'metric/own': () => ({ measure: () => tf.ones([1]), summarize: () => ({ own: 1 }), ...part }),
})

test.each<[string, object, string]>([
  [
    'measures later',
    { measure: async () => tf.ones([1]) },
    'measure() of metric own is async; return the tensor itself',
  ],
  [
    'sums up later',
    { summarize: async () => ({ own: 1 }) },
    'summarize() of metric own is async; return the numbers themselves',
  ],
  [
    'sums up to a number',
    { summarize: () => 3 },
    'metric own returned the number 3, but a summary',
  ],
  ['sums up to a list', { summarize: () => [1] }, 'metric own returned an array of 1 number, but'],
  [
    'sums up to a tensor',
    { summarize: () => ({ one: 1, own: tf.ones([2]) }) },
    'summarize() of metric own returned a tensor of shape [2] as own, but',
  ],
  ['gives numbers', { measure: () => [1, 2] }, 'measure() of metric own returned an array of 2'],
])('a metric that %s', async (_, part, message) => {
  expect((await errorOf(metric(part), ['own']))?.message).toContain(message)
})
