// The tour of phase 2 learns, through the real engine on WebAssembly: shortened here, whole in the README.
import { beforeAll, expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import { dataOf, expectNoTrouble, lastOf, trainExample } from './run-workspace.ts'

const MINUTES = 60_000

let events: EngineEvent[]
beforeAll(async () => {
  events = await trainExample('tour-phase-2', 'max_steps=210')
}, 5 * MINUTES)

test('is right about later days more often than each of the simple rules', () => {
  expectNoTrouble(events)
  const rules = dataOf(events, 'run.reference').map(({ label, value }) => [label, value] as const)
  expect(rules.map(([label]) => label)).toEqual(['always the same', 'as today', 'as this week'])
  const best = Math.max(...rules.map(([, value]) => value))
  expect(best).toBeGreaterThan(0.7)
  expect(lastOf(events, 'val_accuracy')).toBeGreaterThan(best + 0.01)
})

test('shows days that surprised it, the ten days it looked at, and what plugins told', () => {
  const shown = (panel: string) => dataOf(events, 'panel.shown').findLast(({ id }) => id === panel)!
  const { content } = shown('verdict')
  expect(content).toHaveProperty('rows.length', 12)
  expect(content.caption?.split(' · ')).toHaveLength(11)
  const journal = JSON.stringify(shown('journal').content)
  for (const told of ['augmenter.completed', 'callback.new_best_value', 'head.forward_complete'])
    expect(journal).toContain(told)
  expect(journal).not.toContain('degraded')
  expect(shown('stopwatch').content).toMatchObject({
    rows: expect.arrayContaining([['call write', 'journal', expect.any(Number)]]),
  })
})
