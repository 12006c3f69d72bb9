// The order of handlers, as the plugin tells it.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import HookOrder from '../plugins/hook-order.ts'

test('conforms to what every plugin must keep', () => testPlugin(HookOrder))

test('[A10] handlers run by priority, whatever they are and whenever they were added', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, HookOrder],
    config: { experiment: lineExperiment({ training: { epochs: 3 } }) },
  })
  const told = () => engine.events.data('log').map(({ message }) => message)
  const line = 'onEpochBegin: high, then method, then none, then low'
  await engine.run()
  expect(told()).toEqual([line])
  await engine.run()
  expect(told()).toEqual([line, line])
})

test('a priority in plugboard.yaml counts for handlers that set none', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, HookOrder],
    config: {
      experiment: lineExperiment(),
      plugins: { use: { hook_order: { priority: 75 } } },
    },
  })
  await engine.run()
  engine.events.assertEmitted('log', {
    message: 'onEpochBegin: high, then none, then method, then low',
  })
})
