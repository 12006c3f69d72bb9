// What the command answers, before a run and after one of four steps.
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import MyCommand from '../plugins/my-command.ts'

const open = (config: object = {}) =>
  createTestEngine({
    plugins: [linePlugin, MyCommand],
    config: { experiment: lineExperiment(), plugins: { use: { my_command: { config } } } },
  })

test('conforms to what every plugin must keep', () => testPlugin(MyCommand))

test('tells the mean loss of the last steps', async () => {
  const engine = await open()
  await engine.up()
  expect(await engine.command('my_command')).toEqual({ steps: 0 })
  await engine.run()
  const points = engine.events.data('run.metrics').flatMap((metrics) => metrics.points)
  const losses = points.flatMap(({ values }) => values['loss'] ?? [])
  const mean = (losses.at(-1)! + losses.at(-2)!) / 2
  expect(await engine.command('my_command', { steps: 2 })).toEqual({
    steps: 2,
    mean: expect.closeTo(mean),
  })
  engine.events.assertEmitted('log', { message: `mean loss of 2 steps: ${mean.toFixed(3)}` })
})

test('remembers no more than it is told to, and refuses nonsense', async () => {
  const engine = await open({ kept: 3 })
  await engine.run()
  expect(await engine.command('my_command')).toMatchObject({ steps: 3 })
  await expect(engine.command('my_command', { steps: 0 })).rejects.toThrow('steps')
})
