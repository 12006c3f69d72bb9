// A plugin that stands on others: with them, without them, with the wrong ones.
import { plugin, type PluginClass } from 'plugboard'
import {
  createTestEngine,
  describe,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import EpochReport from '../plugins/epoch-report.ts'
import NearbyAttention from '../plugins/nearby-attention.ts'
import RunDiary from '../plugins/run-diary.ts'

/** Measures, and joins as late as weight_average may. */
class Measured extends plugin({ manifest: { name: 'weight_average', version: '1.0.0' } }) {
  onEpochEnd() {
    this.ctx.events.emit('weight_average.measured', { epoch: 1, loss: 0.0625 })
  }
}

async function linesOf(plugins: PluginClass[], schedules = {}) {
  const engine = await createTestEngine({
    plugins: [linePlugin, RunDiary, NearbyAttention, EpochReport, ...plugins],
    config: {
      schedules,
      experiment: lineExperiment({ training: { epochs: 2 } }),
      plugins: { use: { epoch_report: { config: { goal: 0.5 } } } },
    },
  })
  await engine.run()
  const { artefacts } = engine.instance<RunDiary>('run_diary').services
  const diary = new TextDecoder().decode(artefacts.read('diary.md'))
  const lines = engine.events.data('log').map(({ message }) => message)
  for (const line of lines) expect(diary).toContain(`- ${line}\n`)
  return lines
}

test('conforms to what every plugin must keep', () =>
  testPlugin(EpochReport, { plugins: [RunDiary, NearbyAttention] }))

describe('[A20] says how far it is to the goal', () => {
  test('in the console and in the diary', async () => {
    const lines = await linesOf([])
    expect(lines).toEqual([
      expect.stringMatching(/^epoch 1: loss \d\.\d{3} \((above|below) the goal of 0\.5\)$/),
      expect.stringMatching(/^epoch 2: /),
    ])
  })

  test('with the average of the same epoch, once somebody measures it', async () => {
    const schedules = { plugins: { weight_average: { enable_at_epoch: 2 } } }
    const [first, second] = await linesOf([Measured], schedules)
    expect(first).not.toContain('averaged')
    expect(second).toMatch(/; with averaged weights 0\.063 \(below the goal of 0\.5\)$/)
  })
})

describe('[A20] without what it stands on, it does not come up, and says what is missing', () => {
  const refusal = async (plugins: PluginClass[]) => {
    const engine = await createTestEngine({ plugins: [...plugins, EpochReport] })
    const failure = await engine.up().then(
      () => undefined,
      (thrown: Error) => thrown.message,
    )
    return failure
  }

  test('plugin and capability', async () => {
    const message = await refusal([])
    expect(message).toContain('epoch_report requires plugin:run_diary ^1.1, which is not there')
    expect(message).toContain('epoch_report requires attention/nearby *, which is not there')
  })

  test('version', async () => {
    class Old extends plugin({ manifest: { name: 'run_diary', version: '1.0.4' } }) {}
    expect(await refusal([Old, NearbyAttention])).toBe(
      'epoch_report requires plugin:run_diary ^1.1, but there is run_diary 1.0.4',
    )
  })
})
