// A file that does not come at once, or not at all; and what is left when the plugin goes.
import { KnownDays } from '../lib/services.ts'
import {
  createFakeClock,
  createTestContainer,
  createTestEngine,
  expect,
  spyOn,
  test,
  testPlugin,
} from 'plugboard/testing'
import KnownDaysPlugin from '../plugins/known-days/index.ts'

/** Loaded, but not initialized: its file is asked for next, and fails `times` times. */
async function failing(times: number) {
  const clock = createFakeClock()
  const engine = await createTestEngine({ plugins: [KnownDaysPlugin], clock })
  await engine.step('known_days', 'validate')
  await engine.step('known_days', 'load')
  const asset = spyOn(engine.instance('known_days').ctx, 'asset')
  for (let i = 0; i < times; i++) asset.mockRejectedValueOnce(new Error('busy'))
  return { engine, clock, asset, up: engine.step('known_days', 'initialize') }
}

test('conforms to what every plugin must keep', () => testPlugin(KnownDaysPlugin))

test('knows the days of its file by name', async () => {
  const { resolve } = await createTestContainer({ plugins: [KnownDaysPlugin] })
  expect(resolve(KnownDays).nameOf(20080915)).toMatch(/Lehman/)
  expect(resolve(KnownDays).nameOf(20080101)).toBeUndefined()
})

test('asks again, after pauses that grow', async () => {
  const { engine, clock, asset, up } = await failing(2)
  await clock.advance(200)
  expect(asset).toHaveBeenCalledTimes(2)
  await clock.advance(399)
  expect(asset).toHaveBeenCalledTimes(2)
  await clock.advance(1)
  await up
  expect(asset).toHaveBeenCalledTimes(3)
  expect(engine.events.all('known_days.retried').map(({ data }) => data)).toMatchObject([
    { attempt: 1, delay_ms: 200 },
    { attempt: 2, delay_ms: 400 },
  ])
  engine.events.assertNotEmitted('known_days.degraded')
})

test('does without names when the file does not come', async () => {
  const { engine, clock, up } = await failing(3)
  await clock.advance(600)
  await up
  expect(engine.state('known_days')).toBe('initialized')
  engine.events.assertEmitted('known_days.degraded')
  engine.events.assertEmitted('log', { level: 'warn', message: expect.stringContaining('busy') })
})

test('does not ask again for a file that is wrong', async () => {
  const engine = await createTestEngine({
    plugins: [KnownDaysPlugin],
    assets: { 'plugins/known-days/days.csv': '2008-09-15,Lehman\nyesterday,rain\n' },
  })
  await engine.up()
  engine.events.assertNotEmitted('known_days.retried')
  const message = expect.stringContaining("line 2: 'yesterday,rain' is no date and name")
  engine.events.assertEmitted('log', { level: 'warn', message })
})

test('gives back what it owns, the last first', async () => {
  const engine = await createTestEngine({ plugins: [KnownDaysPlugin] })
  await engine.up()
  await engine.down()
  const released = engine.events.all('known_days.released').map(({ data }) => data)
  expect(released).toEqual([{ resource: 'desk' }, { resource: 'names' }])
})
