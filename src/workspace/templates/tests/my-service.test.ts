// What the service tells a plugin that has it injected.
import { definePlugin } from 'plugboard'
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import MyServicePlugin, { MyService } from '../plugins/my-service.ts'

/** Asks the service when the run has ended. */
const Asker = definePlugin({
  manifest: { name: 'asker', version: '1.0.0', requires: { 'plugin:my_service': '*' } },
  inject: { lowest: MyService },
  methods: {
    onTrainEnd() {
      this.ctx.events.emit('asker.told', this.services.lowest.of('loss'))
    },
  },
})

async function train(config: object) {
  const engine = await createTestEngine({
    plugins: [linePlugin, MyServicePlugin, Asker],
    config: { experiment: lineExperiment(), plugins: { use: { my_service: { config } } } },
  })
  await engine.run()
  return engine.events
}

test('conforms to what every plugin must keep', () => testPlugin(MyServicePlugin))

test('knows the lowest loss of the run, and its step', async () => {
  const events = await train({})
  const points = events.data('run.metrics').flatMap((metrics) => metrics.points)
  const losses = points.filter(({ values }) => 'loss' in values)
  const lowest = losses.toSorted((a, b) => a.values['loss']! - b.values['loss']!)[0]!
  events.assertEmitted('asker.told', { value: lowest.values['loss'], step: lowest.step })
  events.assertEmitted('log', { message: expect.stringMatching(/^lowest loss: \d+\.\d{3} in/) })
})

test('leaves out the first steps if told to', async () => {
  const events = await train({ after_step: 3 })
  events.assertEmitted('asker.told', { step: 4 })
  expect((await train({ after_step: 4 })).all('log')).toEqual([])
})
