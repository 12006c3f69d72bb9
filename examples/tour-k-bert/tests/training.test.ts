// What takes part in a step besides model and head: a metric of its own, and a strategy.
import * as tf from '@tensorflow/tfjs'
import { createRandom, type PluginClass } from 'plugboard'
import { createTestEngine, expect, fn, test } from 'plugboard/testing'
import Sureness from '../plugins/sureness.ts'
import TwoLooks from '../plugins/two-looks.ts'
import { smallRun } from './small-run.ts'

async function contextOf(plugin: PluginClass, name: string) {
  const engine = await createTestEngine({ plugins: [plugin] })
  await engine.up()
  return engine.instance(name).ctx
}

test('sureness is the mean over the rows of all batches, however they fall', async () => {
  const ctx = await contextOf(Sureness, 'sureness')
  const metric = ctx.create('metric', 'sureness', {})
  const sumsOf = (...rows: number[][]) =>
    tf.tidy(() => {
      const outputs = { gender_logits: tf.tensor2d(rows) }
      return Array.from(metric.measure({ outputs, batch: {} }).dataSync())
    })
  const unsure = [0, 0]
  const sure = [50, -50]
  const [one, two] = [sumsOf(sure), sumsOf(unsure, unsure)]
  const sums = one.map((sum, i) => sum + two[i]!)
  expect(metric.summarize(sums)).toEqual({ gender_sureness: expect.closeTo(2 / 3, 5) })
  // Another head has other outputs: then there is nothing to tell.
  const none = tf.tidy(() => Array.from(metric.measure({ outputs: {}, batch: {} }).dataSync()))
  expect(metric.summarize(none)).toEqual({})
})

test('two looks cost the mean of their losses, and how far they are apart', async () => {
  const ctx = await contextOf(TwoLooks, 'two_looks')
  const ref = { name: 'two_looks', config: { agreement: 0.5 } }
  const strategy = ctx.create('strategy', ref, {})
  tf.tidy(() => {
    const look = (loss: number, value: number) => ({
      loss: tf.scalar(loss),
      outputs: { gender_logits: tf.tensor2d([[value, 0]]), hidden_states: tf.zeros([1, 3, 4]) },
    })
    const first = look(1, 2)
    const evaluate = fn(() => look(3, 4)).mockReturnValueOnce(first)
    const batch = {}
    const forward = { training: true, random: createRandom(0), step: 0, scalars: {} }
    const { loss, outputs } = strategy.step({ batch, evaluate, ctx: forward })
    expect(evaluate.mock.calls).toEqual([[batch], [batch]])
    // (1 + 3) / 2, and half of the mean of 4 and 0.
    expect(loss.dataSync()[0]).toBeCloseTo(2 + 0.5 * 2, 5)
    expect(outputs).toBe(first.outputs)
  })
})

test('both take part in a run that names them', async () => {
  const training = { epochs: 1, batch_size: 3, metrics: ['sureness'] }
  const once = await smallRun({ plugins: [Sureness], experiment: { training } })
  const twice = await smallRun({
    plugins: [Sureness, TwoLooks],
    experiment: { training: { ...training, strategy: 'two_looks' } },
  })
  const [plain, strict] = [await once.run(), await twice.run()]
  expect(plain.metrics['val_gender_sureness']).toBeGreaterThanOrEqual(0.5)
  expect(strict.metrics['loss']).not.toBe(plain.metrics['loss'])
})
