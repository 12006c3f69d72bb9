// The tour of plugins learns and shows what its README says, shortened here: three of its five epochs.
import { beforeAll, expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import { dataOf, expectNoTrouble, lastOf, trainExample } from './run-workspace.ts'

const MINUTES = 60_000

let events: EngineEvent[]
beforeAll(async () => {
  events = await trainExample('tour-apt', 'epochs=3')
}, 5 * MINUTES)

const linesOf = (name: string): string[] =>
  events.flatMap((event) =>
    event.type === 'log' && event.plugin === name ? [event.data.message] : [],
  )

/** All values of a metric, with the epoch of each. */
const pointsOf = (metric: string) =>
  dataOf(events, 'run.metrics')
    .flatMap(({ points }) => points)
    .flatMap(({ epoch, values }) => (metric in values ? [{ epoch, value: values[metric]! }] : []))

test('learns names it has not seen, better than pairs of letters tell', () => {
  expectNoTrouble(events)
  const lines = dataOf(events, 'run.reference').map(({ label, value }) => [label, value])
  const { bigram } = Object.fromEntries(lines) as Record<string, number>
  expect(lastOf(events, 'val_loss')).toBeLessThan(bigram! - 0.15)
  expect(lastOf(events, 'average_val_loss')).toBeLessThan(2.25)
})

test('[A14] [A15] shows in the charts who joins when, and what changes over the run', () => {
  expect(pointsOf('average_val_loss').map(({ epoch }) => epoch)).toEqual([3])
  expect(linesOf('weight_average')).toEqual(['joins, and averages the weights from here on'])

  const focus = new Map(pointsOf('focus').map(({ epoch, value }) => [epoch, value]))
  expect([...focus]).toEqual([
    [1, 0.25],
    [2, 0.625],
    [3, 1],
  ])
  const limits = pointsOf('gradient_limit').map(({ value }) => value)
  expect(limits.length).toBeGreaterThan(300)
  expect(limits.every((limit, i) => i === 0 || limit < limits[i - 1]!)).toBe(true)
  expect([limits[0], limits.at(-1)]).toEqual([1, 0.4])
})

test('each plugin has its say', () => {
  expect(linesOf('sized_ffn')).toEqual([expect.stringMatching(/: a slim network suits it$/)])
  expect(linesOf('hook_order')).toEqual(['onEpochBegin: high, then method, then none, then low'])
  expect(linesOf('now_and_then')).toContain('epoch 2: every 2 epochs')
  expect(linesOf('gradient_limit')).toHaveLength(3)
  expect(linesOf('epoch_report')[1]).toMatch(/^epoch 2: loss \d\.\d{3} \(above the goal of 2\.2\)$/)
  expect(linesOf('epoch_report')[2]).toMatch(/; with averaged weights \d\.\d{3} /)
  const { content } = dataOf(events, 'panel.shown').findLast(({ id }) => id === 'epochs')!
  expect(content).toHaveProperty('rows.length', 3)
  expect(dataOf(events, 'artefact.saved').map(({ name }) => name)).toContain('diary.md')
})
