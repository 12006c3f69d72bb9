// The tour of experts learns and shows what its README says, shortened here: its first steps with experts.
import { beforeAll, expect, test } from 'vitest'
import { parseSetting, withSettings } from '#cli'
import type { EngineEvent } from '#protocol'
import {
  dataOf,
  expectNoTrouble,
  lastOf,
  readExample,
  runWorkspace,
  type WorkspaceFiles,
} from './run-workspace.ts'

const MINUTES = 60_000

let events: EngineEvent[]
beforeAll(async () => {
  const changed = [
    'experiment.training.max_steps=160',
    'schedules.plugins.moe.enable_at_epoch=2',
    'schedules.values.heat.from=1',
  ].map(parseSetting)
  const files = await withSettings(await readExample('tour-moe'), changed)
  events = await runWorkspace(files as WorkspaceFiles, 'wasm')
}, 5 * MINUTES)

const valuesOf = (metric: string, epoch: number): number[] =>
  dataOf(events, 'run.metrics')
    .flatMap(({ points }) => points)
    .filter((point) => point.epoch === epoch && metric in point.values)
    .map(({ values }) => values[metric]!)

test('[A24] learns on when the experts part, better than pairs of letters tell', () => {
  expectNoTrouble(events)
  const lines = dataOf(events, 'run.reference').map(({ label, value }) => [label, value])
  const { bigram } = Object.fromEntries(lines) as Record<string, number>
  expect(lastOf(events, 'val_loss')).toBeLessThan(bigram! - 0.05)
})

test('[A24] gives the experts even shares at first, then shares of their own, and keeps a balance', () => {
  const load = (epoch: number) => valuesOf('expert_load_0.layers.0.ffn', epoch)
  for (const share of load(1)) expect(share).toBeCloseTo(0.25, 5)
  expect(load(2).some((share) => Math.abs(share - 0.25) > 0.05)).toBe(true)
  expect(Math.max(...valuesOf('aux_loss', 1))).toBe(0)
  for (const value of valuesOf('aux_loss', 2)) expect(value).toBeGreaterThan(0.01)
  expect([valuesOf('heat', 1)[0], valuesOf('heat', 2)[0]]).toEqual([2, 0.5])
})

test('draws which expert reads which letter', () => {
  const maps = dataOf(events, 'panel.shown').filter(({ id }) => id === 'readers')
  expect(maps).toHaveLength(1)
  const { content } = maps[0]!
  if (!('matrices' in content)) throw new TypeError('the panel shows something else')
  const { matrices, caption } = content
  expect(caption).toBe('mean share of each expert, after epoch 2')
  const { rows, values } = matrices[0]!
  const shares = [...values].slice(rows.indexOf('a') * 4, rows.indexOf('a') * 4 + 4)
  expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1)
  expect(Math.max(...shares)).toBeGreaterThan(0.4)
})
