// The map of experts and letters: its rows, and when it fills with more than even shares.
import { plugin } from 'plugboard'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import WhoReadsWhat from '../plugins/who-reads-what.ts'

class Words extends plugin({ manifest: { name: 'words', version: '1.0.0' } }) {
  initialize() {
    const data = Array.from({ length: 30 }, (_, i) => 'abcde'.slice(i % 3))
    this.ctx.provide('dataset', 'words', () => ({
      load: () => Promise.resolve({ length: 30, columns: { text: { type: 'text', data } } }),
    }))
  }
}

interface Map {
  title: string
  rows: string[]
  columns: string[]
  values: Float32Array
}

/** What is shown in a run of two epochs, whose experts part with the second. */
async function shown(): Promise<Map[][]> {
  const moe = { name: 'moe', config: { experts: 3 } }
  const engine = await createTestEngine({
    plugins: [Words, WhoReadsWhat],
    config: {
      experiment: {
        dataset: 'words',
        validation_split: 0.2,
        tokenizer: 'char',
        preprocess: [{ name: 'next_token', config: { context: 6 } }],
        model: { name: 'gpt', config: { layers: 1, heads: 1, width: 4, ffn: moe } },
        training: { epochs: 2, batch_size: 12 },
      },
      schedules: { plugins: { moe: { enable_at_epoch: 2 } } },
    },
  })
  await engine.run()
  return engine.events
    .data('panel.shown')
    .map(({ content }) => (content as unknown as { matrices: Map[] }).matrices)
}

test('conforms to what every plugin must keep', () => testPlugin(WhoReadsWhat))

// Longer than others are given: it trains.
test('draws the share of each expert in each letter, from the epoch on that the mixture starts', async () => {
  const maps = await shown()
  // It stands on the mixture, so it starts with it.
  expect(maps).toHaveLength(1)
  const [{ title, rows, columns, values }] = maps[0] as [Map]
  expect(title).toBe('layers.0.ffn')
  expect(rows.slice(-5)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(columns).toEqual(['0', '1', '2'])
  expect(values).toHaveLength(rows.length * 3)
  const shares = values.slice(rows.indexOf('c') * 3, rows.indexOf('c') * 3 + 3)
  expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1)
  expect(Math.max(...shares)).toBeGreaterThan(0.4)
}, 20_000)
