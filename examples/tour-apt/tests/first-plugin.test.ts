// The life of a plugin, step by step and in a run.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import FirstPlugin from '../plugins/first-plugin.ts'

test('conforms to what every plugin must keep', () => testPlugin(FirstPlugin))

test('[A01] sets up by itself, counts, and leaves nothing', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, FirstPlugin],
    config: { experiment: lineExperiment({ training: { epochs: 2 } }) },
  })
  await engine.run()
  const { content } = engine.events.data('panel.shown').at(-1)!
  expect(content).toMatchObject({
    columns: ['epoch', 'loss', 'held back'],
    rows: [
      [1, expect.any(Number), expect.any(Number)],
      [2, expect.any(Number), expect.any(Number)],
    ],
  })

  await engine.down()
  engine.events.assertEmitted('panel.removed', { id: 'epochs' })
  const messages = engine.events.data('log').map(({ message }) => message)
  expect(messages).toEqual(['ready to count epochs', 'let go of what it owned', 'counted 2 epochs'])
})

test('[A03] can be taken through its life by hand, and its hooks be called', async () => {
  const engine = await createTestEngine({ plugins: [FirstPlugin] })
  for (const step of ['validate', 'load', 'initialize', 'start'] as const)
    await engine.step('first_plugin', step)
  await engine.call('first_plugin', 'onEpochEnd', { epoch: 1, metrics: { loss: 2, val_loss: 2.5 } })
  engine.events.assertEmitted('panel.shown', { content: { rows: [[1, 2, 2.5]] } })
  await engine.step('first_plugin', 'stop')
  await engine.step('first_plugin', 'cleanup')
  expect(engine.state('first_plugin')).toBe('cleaned')
})

test('[A12] is not loaded with a setting that does not fit, and says why', async () => {
  const engine = await createTestEngine({
    plugins: [FirstPlugin],
    config: { plugins: { use: { first_plugin: { config: { digits: 0 } } } } },
  })
  await expect(engine.up()).rejects.toThrow('digits')
  expect(engine.state('first_plugin')).toBe('failed')
})
