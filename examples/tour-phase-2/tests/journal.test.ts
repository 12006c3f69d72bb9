// The journal beside a plugin that knows nothing of it.
import { Artefacts, definePlugin } from 'plugboard'
import { createFakeClock, createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import Journal from '../plugins/journal.ts'

const Talker = definePlugin({
  manifest: { name: 'talker', version: '1.0.0' },
  methods: {
    start(ctx) {
      ctx.events.emit('feature.found', { rows: 3 })
      ctx.events.emit('other.thing')
    },
  },
})

test('conforms to what every plugin must keep', () => testPlugin(Journal))

test('writes down what it listens to, and what it is told', async () => {
  const engine = await createTestEngine({
    plugins: [Journal, Talker],
    config: { plugins: { use: { journal: { config: { listens_to: ['feature.*'] } } } } },
    clock: createFakeClock(Date.UTC(2026, 0, 1, 12)),
  })
  await engine.up()
  await engine.call('journal', 'write', 'by hand')
  const lines = ['12:00:00 feature.found: rows 3', '12:00:00 by hand']
  engine.events.assertEmitted('panel.shown', { id: 'journal', content: { text: lines } })
  const bytes = engine.instance('journal').ctx.resolve(Artefacts).read('journal.txt')
  expect(new TextDecoder().decode(bytes)).toBe(`${lines.join('\n')}\n`)
})

test('does not write of its own writing', async () => {
  const engine = await createTestEngine({
    plugins: [Journal],
    config: { plugins: { use: { journal: { config: { listens_to: ['*'] } } } } },
  })
  await engine.up()
  await engine.call('journal', 'write', 'once')
  const { content } = engine.events.data('panel.shown').at(-1)!
  expect(JSON.stringify(content).match(/once/g)).toHaveLength(1)
  engine.events.assertNotEmitted('hook.failed')
})
