// The callback by hand, epoch by epoch, and once in a whole run.
import type { HookArgs, Metrics } from 'plugboard'
import {
  createTestEngine,
  expect,
  fn,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import Patience from '../plugins/patience.ts'

/** Takes it through epochs with these metrics. */
async function through(epochs: readonly Metrics[], config: Record<string, unknown>) {
  const engine = await createTestEngine({
    plugins: [Patience],
    config: { plugins: { use: { patience: { config } } } },
  })
  await engine.up()
  const stop = fn()
  const run = { stop } as Partial<HookArgs<'onEpochEnd'>['run']> as HookArgs<'onEpochEnd'>['run']
  const patience = engine.instance<Patience>('patience')
  epochs.forEach((metrics, i) => patience.onEpochEnd({ run, epoch: i + 1, metrics }))
  return { stop, events: engine.events }
}

const losses = (...values: number[]) => values.map((val_loss) => ({ val_loss }))
const scores = (...values: number[]) => values.map((val_accuracy) => ({ val_accuracy }))

test('conforms to what every plugin must keep', () => testPlugin(Patience))

test('stops after so many epochs without a smaller loss', async () => {
  const { stop, events } = await through(losses(1, 0.5, 0.4999, 0.6), { patience: 2 })
  expect(stop).toHaveBeenCalledTimes(1)
  expect(events.all('callback.new_best_value')).toHaveLength(2)
  events.assertEmitted('callback.early_stopping_triggered', {
    epoch: 4,
    patience: 2,
    best_value: 0.5,
    current_value: 0.6,
  })
})

test('of any other metric, more is better', async () => {
  const config = { patience: 2, monitor: 'val_accuracy' }
  expect((await through(scores(0.5, 0.6, 0.7), config)).stop).not.toHaveBeenCalled()
  expect((await through(scores(0.7, 0.6, 0.5), config)).stop).toHaveBeenCalledTimes(1)
})

test('warns of a metric that is not there, and stops nothing', async () => {
  const { stop, events } = await through(losses(1, 1, 1), { patience: 1, monitor: 'val_f1' })
  expect(stop).not.toHaveBeenCalled()
  const message = expect.stringContaining("'val_f1', but the epoch has val_loss")
  events.assertEmitted('callback.warning', { message })
  events.assertEmitted('log', { level: 'warn', message })
})

test('ends a run, which says why', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, Patience],
    config: {
      experiment: lineExperiment({ training: { epochs: 9 } }),
      plugins: { use: { patience: { config: { patience: 2, min_delta: 100 } } } },
    },
  })
  // The first epoch sets the mark, two more fail to beat it: of 4 steps each.
  expect(await engine.run()).toMatchObject({ reason: 'early_stopped', steps: 12 })
})
