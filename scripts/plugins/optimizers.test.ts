// Built-in optimizers and schedules in whole runs, as an experiment names them.
import { expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { linePlugin } from '../../src/engine/testing/line-plugin.ts'
import { Workbench } from '../../src/engine/testing/workbench.ts'

async function train(optimizer: string, schedule = 'constant') {
  const bench = new Workbench({ plugins: [...builtinPlugins, linePlugin] })
  const ended = await bench.train(
    {},
    `
experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training:
    { optimizer: ${optimizer}, schedule: ${schedule}, loss: squared_error, batch_size: 8, epochs: 6 }
`,
  )
  const points = bench.events('run.metrics').flatMap((it) => it.points)
  const valuesOf = (name: string) => points.flatMap(({ values }) => values[name] ?? [])
  return { ended, valuesOf }
}

test.each([
  '{ name: sgd, config: { learning_rate: 0.1, momentum: 0.9, nesterov: true } }',
  '{ name: rmsprop, config: { learning_rate: 0.1 } }',
  '{ name: adam, config: { learning_rate: 0.1 } }',
  '{ name: adamw, config: { learning_rate: 0.1, groups: [{ match: bias, learning_rate_factor: 0.5 }] } }',
  '{ name: lion, config: { learning_rate: 0.1 } }',
  '{ name: muon, config: { learning_rate: 0.3, weight_decay: 0 } }',
])('%s makes the loss small', async (optimizer) => {
  const { ended, valuesOf } = await train(optimizer)
  expect(ended).toMatchObject({ reason: 'finished' })
  const losses = valuesOf('val_loss')
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 3)
})

test('a group of no parameter ends the run at its first step, with the paths there are', async () => {
  const { ended } = await train('{ name: adamw, config: { groups: [{ match: embeding }] } }')
  expect(ended).toMatchObject({
    reason: 'failed',
    step: 0,
    error: { message: expect.stringContaining('they are weight, bias'), plugin: 'adamw' },
  })
})

test.each([
  ['{ name: warmup, config: { warmup_steps: 4 } }', 0.25, 1],
  ['{ name: step, config: { step_size: 3, gamma: 0.5 } }', 1, 0.5],
  ['{ name: exponential, config: { gamma: 0.5 } }', 1, 0.5 ** 5],
  ['{ name: linear, config: { final: 0.5 } }', 1, 1 - 0.5 * (23 / 24)],
  ['one_cycle', 1 / 25, 1 / 25 / 1e4],
])('%s sets the learning rate, which is a metric', async (schedule, first, last) => {
  const { valuesOf } = await train('{ name: sgd, config: { learning_rate: 0.1 } }', schedule)
  const rates = valuesOf('learning_rate')
  expect(rates).toHaveLength(24)
  expect(rates[0]).toBeCloseTo(0.1 * first, 9)
  expect(rates.at(-1)).toBeCloseTo(0.1 * last, 9)
})
