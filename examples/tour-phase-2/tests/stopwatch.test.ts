// Hooks around other plugins: their time, their warnings, and a start that is refused.
import { definePlugin } from 'plugboard'
import { createFakeClock, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import Stopwatch from '../plugins/stopwatch.ts'

async function engineWith(config: Record<string, unknown> = {}) {
  const clock = createFakeClock()
  /** Each of its methods takes its time. */
  const Sleeper = definePlugin({
    manifest: { name: 'sleeper', version: '1.0.0' },
    methods: {
      start: () => clock.advance(5),
      stop: () => clock.advance(7),
      async nap(ms: number) {
        await clock.advance(ms)
        return 'awake'
      },
    },
  })
  const engine = await createTestEngine({
    plugins: [Stopwatch, Sleeper],
    config: { plugins: { use: { stopwatch: { config } } } },
    clock,
  })
  const rows = (): unknown => engine.events.data('panel.shown').at(-1)?.content
  return { engine, rows }
}

test('conforms to what every plugin must keep', () => testPlugin(Stopwatch))

test('takes the time of starting, of a method and of stopping', async () => {
  const { engine, rows } = await engineWith()
  await engine.up()
  expect(await engine.call('sleeper', 'nap', 40)).toBe('awake')
  await engine.step('sleeper', 'stop')
  expect(rows()).toMatchObject({
    columns: ['what', 'plugin', 'ms'],
    rows: [
      ['start', 'sleeper', 5],
      ['call nap', 'sleeper', 40],
      ['stop', 'sleeper', 7],
    ],
  })
  engine.events.assertEmitted('plugin.state', { name: 'sleeper', state: 'stopped' })
})

test('warns of what is slow', async () => {
  const { engine } = await engineWith({ slow_ms: 30 })
  await engine.up()
  await engine.call('sleeper', 'nap', 40)
  const message = 'call nap of sleeper took 40 ms'
  engine.events.assertEmitted('log', { level: 'warn', message })
})

test('refuses a start', async () => {
  const { engine } = await engineWith({ refuse: ['sleeper'] })
  await expect(engine.up()).rejects.toThrow('sleeper must not start')
  expect(engine.state('sleeper')).toBe('failed')
})
