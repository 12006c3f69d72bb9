// All of it at once: a short run on the real days, with a simple head in place of the other one.
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import DailyPrices from '../plugins/daily-prices.ts'
import Journal from '../plugins/journal.ts'
import KnownDays from '../plugins/known-days/index.ts'
import Sequence from '../plugins/sequence.ts'
import Unrest from '../plugins/unrest.ts'
import Verdict from '../plugins/verdict.ts'

const experiment = {
  dataset: { name: 'daily_prices', config: { held_back_from: '2019-01-01' } },
  features: ['unrest'],
  preprocess: [{ name: 'windows', config: { days: 3, keep: ['day', 'today', 'week'] } }],
  model: 'day_by_day',
  head: 'classification',
  training: { max_steps: 8, batch_size: 32, metrics: ['accuracy'] },
}

test('conforms to what every plugin must keep', () =>
  testPlugin(Verdict, { plugins: [Journal, KnownDays] }))

test('draws the rules to beat, shows days and writes the result down', async () => {
  const engine = await createTestEngine({
    plugins: [DailyPrices, Unrest, Sequence, KnownDays, Journal, Verdict],
    config: { experiment, plugins: { use: { verdict: { config: { rows: 500 } } } } },
  })
  const { metrics } = await engine.run()
  const lines = engine.events.data('run.reference').map(({ metric, label }) => [metric, label])
  expect(lines).toEqual([
    ['val_accuracy', 'always the same'],
    ['val_accuracy', 'as today'],
    ['val_accuracy', 'as this week'],
  ])
  const shown = engine.events.data('panel.shown').findLast(({ id }) => id === 'verdict')!
  const { rows } = shown.content as { rows: string[][] }
  expect(rows.find(([day]) => day === '20200316')).toMatchObject([
    '20200316',
    expect.stringMatching(/^\d+\.\d %$/),
    'wild',
    'the largest fall since 1987',
  ])
  const percent = (100 * metrics['val_accuracy']!).toFixed(1)
  engine.events.assertEmitted('method.called', { plugin: 'journal', method: 'write' })
  engine.events.assertEmitted('log', {
    message: expect.stringMatching(new RegExp(`^right about ${percent} % of held-back days`)),
  })
  engine.events.assertNotEmitted('hook.failed')
})
