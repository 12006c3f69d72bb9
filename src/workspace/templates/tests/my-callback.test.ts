// What it says of a run of two epochs, on an experiment that is over in a moment.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import MyCallback from '../plugins/my-callback.ts'

async function messages(config: object): Promise<string[]> {
  const engine = await createTestEngine({
    plugins: [linePlugin, MyCallback],
    config: {
      experiment: lineExperiment({ training: { epochs: 2 } }),
      plugins: { use: { my_callback: { config } } },
    },
  })
  await engine.run()
  return engine.events.data('log').map(({ message }) => message)
}

test('conforms to what every plugin must keep', () => testPlugin(MyCallback))

test('compares each epoch with the one before', async () => {
  const [first, second] = await messages({ metric: 'val_loss' })
  const [, value] = /^epoch 1: val_loss (\d\.\d{3})$/.exec(first!)!
  expect(second).toMatch(new RegExp(`^epoch 2: val_loss \\d\\.\\d{3}, before ${value}$`))
})

test('says which metrics there are when its own is missing', async () => {
  expect(await messages({ metric: 'accuracy' })).toContainEqual(
    expect.stringMatching(/^no metric 'accuracy'; there are .*loss/),
  )
})
