// The table that it shows of a model with two parameters.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import MyPanel from '../plugins/my-panel.ts'

const train = async (config: object) => {
  const engine = await createTestEngine({
    plugins: [linePlugin, MyPanel],
    config: { experiment: lineExperiment(), plugins: { use: { my_panel: { config } } } },
  })
  await engine.run()
  return engine
}

test('conforms to what every plugin must keep', () => testPlugin(MyPanel))

test('shows each parameter with its shape and size', async () => {
  const { events } = await train({})
  const size = expect.stringMatching(/^\d\.\d+$/)
  events.assertEmitted('panel.shown', {
    id: 'my_panel',
    content: {
      caption: 'after epoch 1',
      rows: [
        ['weight', '2 × 1', size],
        ['bias', '1', size],
      ],
    },
  })
})

test('shows no more rows than it is told to', async () => {
  const { events } = await train({ rows: 1 })
  expect(events.data('panel.shown').at(-1)!.content).toHaveProperty('rows.length', 1)
})
