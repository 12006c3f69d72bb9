// Factors of single steps.
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import MySchedule from '../plugins/my-schedule.ts'

test('conforms to what every plugin must keep', () => testPlugin(MySchedule))

test('falls from 1 to 0, faster at first with a higher power', async () => {
  const engine = await createTestEngine({ plugins: [MySchedule] })
  await engine.up()
  const { ctx } = engine.instance('my_schedule')
  const factors = (config: Record<string, unknown>) => {
    const schedule = ctx.create('schedule', { name: 'my_schedule', config }, {})
    return [1, 6, 10, 12].map((step) => schedule.factor({ step, epoch: 1, totalSteps: 10 }))
  }
  expect(factors({})).toEqual([1, 0.5, expect.closeTo(0.1), 0])
  expect(factors({ power: 2 })).toEqual([1, 0.25, expect.closeTo(0.01), 0])
})
