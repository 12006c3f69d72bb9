// The example digits learns, through the real engine on WebAssembly: shortened here, whole in the README.
import { beforeAll, expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import { dataOf, expectNoTrouble, lastOf, trainExample } from './run-workspace.ts'

const MINUTES = 60_000

let events: EngineEvent[]
beforeAll(async () => {
  events = await trainExample('digits', 'max_steps=160')
}, 5 * MINUTES)

test('reads nine of ten held-back digits after one epoch', () => {
  expectNoTrouble(events)
  expect(lastOf(events, 'val_accuracy')).toBeGreaterThan(0.9)
})

test('shows which digits are taken for which', () => {
  const tables = dataOf(events, 'panel.shown').filter(({ id }) => id === 'mistakes')
  expect(tables.at(-1)!.content).toMatchObject({
    columns: ['mistake', 'times'],
    rows: expect.arrayContaining([
      [expect.stringMatching(/^\d taken for \d$/), expect.any(Number)],
    ]),
  })
})
