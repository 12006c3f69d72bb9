// Lines of events, the filter, and lanes.
import { describe, expect, test } from 'vitest'
import type { EventRecord } from '#sdk'
import type { HistorySlice, Transition } from '../../store/history-slice.ts'
import { lanesOf } from './lanes.ts'
import { ALL, filterEvents, lineOf, type TimelineFilter } from './timeline-filter.ts'

let seq = 0
const record = (type: string, data: unknown, plugin?: string): EventRecord => ({
  seq: ++seq,
  time: seq,
  type,
  data,
  ...(plugin !== undefined && { plugin }),
})

const running = record('plugin.state', { name: 'watch', state: 'running', durationMs: 2 })
const slow = record('hook.slow', { plugin: 'watch', hook: 'onStepEnd', durationMs: 200 })
const failed = record('hook.failed', {
  plugin: 'clip',
  hook: 'onStepEnd',
  failures: 1,
  isQuarantined: false,
  error: {
    code: 'hook.threw',
    message: 'no',
    source: { file: 'plugins/clip.ts', line: 3, column: 1 },
  },
})
const own = record('watch.told', { mood: 'good', tries: 3, deep: { a: [1, 2] } }, 'watch')
const records = [running, slow, failed, own]

const shown = (filter: Partial<TimelineFilter>) =>
  filterEvents(records, { query: '', group: 'all', level: 'quiet', plugin: ALL, ...filter })

test('the filter takes plugin, type, level and text, fields of own events included', () => {
  expect(shown({})).toEqual(records)
  expect(shown({ plugin: 'watch' })).toEqual([running, slow, own])
  expect(shown({ group: 'hook', level: 'danger' })).toEqual([failed])
  expect(shown({ level: 'warning' })).toEqual([slow, failed])
  expect(shown({ group: 'own' })).toEqual([own])
  expect(shown({ query: 'TRIES' })).toEqual([own])
})

test('an event leads to its line, or to the part of the plugin it comes from', () => {
  expect(lineOf(failed).from).toEqual({ file: 'plugins/clip.ts', line: 3, column: 1 })
  expect(lineOf(slow).from).toEqual({ plugin: 'watch', subject: 'hook', name: 'onStepEnd' })
  expect(lineOf(own).from).toEqual({ plugin: 'watch', subject: 'event', name: 'watch.told' })
  expect(lineOf(running).from).toMatchObject({ plugin: 'watch', subject: 'plugin' })
  expect(lineOf(record('run.state', { state: 'running' })).from).toBeUndefined()
})

test('own events are told by names and values', () => {
  expect(lineOf(own).fields).toEqual([
    ['mood', 'good'],
    ['tries', '3'],
    ['deep', '{"a":[1,2]}'],
  ])
  expect(lineOf(record('watch.bare', 7, 'watch')).fields).toEqual([['value', '7']])
  expect(lineOf(record('watch.none', undefined, 'watch')).fields).toEqual([])
})

describe('[W04] lanes', () => {
  const reach = (state: Transition['state'], time: number, durationMs?: number): Transition => ({
    state,
    time,
    durationMs,
    stage: undefined,
    message: undefined,
  })
  const history: HistorySlice = {
    idle: [reach('discovered', 0)],
    watch: [
      reach('discovered', 0),
      reach('loaded', 1000, 5),
      reach('running', 1010, 2),
      reach('failed', 61_000),
    ],
    first: [reach('loaded', 900, 1), reach('gone', 62_000)],
  }
  const lanes = lanesOf(history, 70_000, (ms) => `${ms} ms`)

  test('have those plugins that were loaded, in the order they were', () => {
    expect(lanes.map(({ plugin }) => plugin)).toEqual(['first', 'watch'])
  })

  test('have steps and what lasts in order, within the width, short steps to be seen', () => {
    const { bars, words } = lanes[1]!
    expect(bars.map(({ kind }) => kind)).toEqual(['step', 'loaded', 'step', 'running', 'failed'])
    for (const [index, { from, to }] of bars.entries()) {
      expect(to).toBeGreaterThanOrEqual(from)
      expect(from).toBeGreaterThanOrEqual(bars[index - 1]?.to ?? 0)
    }
    expect(bars.at(-1)!.to).toBe(1)
    expect(bars[0]!.to - bars[0]!.from).toBeGreaterThan(0.02)
    expect(bars[3]!.title).toBe('running for 59990 ms')
    expect(words).toBe('discovered, loaded after 5 ms, running after 2 ms, failed')
  })

  test('end where the engine did', () => {
    expect(lanes[0]!.bars.at(-1)).toMatchObject({ kind: 'loaded', title: 'loaded for 61100 ms' })
  })
})
