// The page's view: order kept, nothing lost, everything bounded.
import { describe, expect, test } from 'vitest'
import type { EventRecord, Manifest } from '#sdk'
import { MAX_LOGS, MAX_TIMELINE } from './feed-slices.ts'
import {
  applyEvents,
  bootEngine,
  createEngineStore,
  type EngineView,
  initialView,
  loseEngine,
} from './store.ts'

let seq = 0
const record = (type: string, data: unknown, plugin?: string): EventRecord => ({
  seq: seq++,
  time: 1_000 + seq,
  type,
  plugin,
  data,
})

const runState = (id: string, state: string, more: object = {}) =>
  record('run.state', { id, state, step: 0, epoch: 0, totalSteps: 10, ...more })

const metrics = (id: string, step: number, values: Record<string, number>) =>
  record('run.metrics', { id, points: [{ step, epoch: 1, time: 0, values }] })

const manifest = (name: string): Manifest => ({
  name,
  version: '1.0.0',
  description: '',
  category: 'other',
  tags: [],
  priority: 0,
  requires: {},
  optional: {},
  conflicts: [],
  provides: [],
})

const columns = (view: EngineView, metric: string) => {
  const series = view.run.current!.series[metric]!
  return [...series.values.subarray(0, series.length)]
}

describe('runs', () => {
  test('points keep their order over many batches, and none is lost', () => {
    let view = applyEvents(initialView, [runState('a', 'running')])
    const expected: number[] = []
    for (let batch = 0; batch < 40; batch++) {
      const records = Array.from({ length: 50 }, (_, i) => {
        expected.push(batch * 50 + i)
        return metrics('a', batch * 50 + i, { loss: batch * 50 + i })
      })
      view = applyEvents(view, records)
    }
    expect(columns(view, 'loss')).toEqual(expected)
  })

  test('points know their epoch and the time since the run began, over a part that came before it', () => {
    const begin = (id: string, more: object = {}) =>
      record('run.begin', { id, totalSteps: 9, ...more })
    const point = (id: string, step: number, time: number) =>
      record('run.metrics', { id, points: [{ step, epoch: step, time, values: { loss: 1 } }] })
    const first = begin('a')
    const early = applyEvents(initialView, [
      first,
      point('a', 1, first.time + 40),
      point('a', 2, first.time + 90),
      runState('a', 'ended', { reason: 'stopped' }),
    ])
    const second = begin('b', { resumed: { id: 'a', step: 1 } })
    const view = applyEvents(early, [second, point('b', 2, second.time + 7)])
    const { length, epochs, times } = view.run.current!.series['loss']!
    expect([...epochs.subarray(0, length)]).toEqual([1, 2])
    expect([...times.subarray(0, length)]).toEqual([40, 47])
  })

  test('an older snapshot of a series keeps its points', () => {
    const early = applyEvents(initialView, [runState('a', 'running'), metrics('a', 1, { loss: 5 })])
    applyEvents(early, [metrics('a', 2, { loss: 4 })])
    expect(columns(early, 'loss')).toEqual([5])
  })

  test('late points of a past run reach that run', () => {
    const view = applyEvents(initialView, [
      runState('a', 'running'),
      runState('a', 'ended', { reason: 'stopped' }),
      runState('b', 'preparing'),
      metrics('a', 9, { loss: 1 }),
    ])
    expect(view.run.current?.id).toBe('b')
    expect(view.run.previous?.series['loss']?.length).toBe(1)
  })

  test('runs of the page come after earlier ones, which are known late', () => {
    const store = createEngineStore()
    store.receive([runState('a', 'ended', { reason: 'finished' }), runState('b', 'preparing')])
    store.countEarlier(5)
    store.countAdded(2)
    store.receive([runState('c', 'preparing')])
    const { current, previous } = store.getState().run
    expect([previous?.number, current?.number]).toEqual([7, 10])
  })

  test('a swap and a quarantine are marked at their steps, a mere failure is not', () => {
    const error = { code: 'hook.threw', message: 'boom' }
    const view = applyEvents(initialView, [
      runState('a', 'running', { step: 7 }),
      {
        ...record('plugin.reloaded', { names: ['x'], durationMs: 1, rebuiltModel: false }),
        step: 5,
      },
      record('hook.failed', {
        plugin: 'y',
        hook: 'onStepEnd',
        failures: 1,
        error,
        isQuarantined: false,
      }),
      {
        ...record('hook.failed', {
          plugin: 'y',
          hook: 'onStepEnd',
          failures: 3,
          error,
          isQuarantined: true,
        }),
        step: 6,
      },
    ])
    expect(view.run.current?.marks.map(({ kind, step }) => [kind, step])).toEqual([
      ['swap', 5],
      ['failure', 6],
    ])
  })

  test('an end that the device made is marked, and where the run went on by itself', () => {
    const ended = (id: string, code: string) =>
      runState(id, 'ended', { step: 7, reason: 'failed', error: { code, message: 'gone' } })
    const begin = (id: string, cause?: string) =>
      record('run.begin', { id, totalSteps: 10, resumed: { id: 'a', step: 5, cause } })
    const marksAfter = (...events: EventRecord[]) =>
      applyEvents(initialView, [runState('a', 'running'), ...events]).run.current!.marks.map(
        ({ kind, label, step }) => `${kind} ${label} ${step}`,
      )
    expect(marksAfter(ended('a', 'device.lost'))).toEqual(['failure device lost 7'])
    expect(marksAfter(ended('a', 'device.memory'))).toEqual(['failure out of memory 7'])
    expect(marksAfter(ended('a', 'hook.threw'))).toEqual([])
    expect(marksAfter(runState('b', 'preparing'), begin('b', 'driver reset'))).toEqual([
      'failure went on by itself 5',
    ])
    expect(marksAfter(runState('b', 'preparing'), begin('b'))).toEqual([])
  })

  test('plugins that are started and stopped during a run are marked; a swap is one mark', () => {
    const state = (name: string, to: string) => record('plugin.state', { name, state: to })
    const view = applyEvents(initialView, [
      state('x', 'running'),
      record('run.begin', { id: 'a', totalSteps: 10 }),
      runState('a', 'running', { step: 3 }),
      state('x', 'stopped'),
      state('x', 'running'),
      state('y', 'stopped'),
      state('y', 'cleaned'),
      state('y', 'running'),
      record('plugin.reloaded', { names: ['y'], durationMs: 4, rebuiltModel: false }),
      runState('a', 'ended', { reason: 'finished', step: 9 }),
      state('x', 'stopped'),
    ])
    const marks = view.run.current!.marks
    expect(marks.map(({ label, step }) => `${label} ${step}`)).toEqual([
      'x stopped 3',
      'x enabled 3',
      'y swapped 3',
    ])
    expect(marks.map(({ time }) => time)).toEqual([2, 3, 7])
  })

  test('an edit that is not taken over is marked by what was refused', () => {
    const source = { file: 'plugboard.yaml', line: 5, column: 15 }
    const failed = (names: string[], error: object) =>
      record('plugin.reload_failed', { names, durationMs: 1, error })
    const view = applyEvents(initialView, [
      runState('a', 'running', { step: 7 }),
      failed(['x', 'y'], { code: 'config.invalid', message: 'no such setting', source }),
      failed(['x'], { code: 'plugin.threw', message: 'boom' }),
    ])
    expect(view.run.current?.marks.map(({ label }) => label)).toEqual([
      'plugboard.yaml refused',
      'x not swapped',
    ])
  })

  test('a lost engine ends the run and keeps its metrics and panels', () => {
    const before = applyEvents(initialView, [
      runState('a', 'running'),
      metrics('a', 1, { loss: 2 }),
      record('panel.defined', { id: 'p', title: 'P', type: 'text' }),
      record('panel.shown', { id: 'p', content: { text: ['anna'] } }),
    ])
    const view = loseEngine(before, { kind: 'hang', culprit: 'looper', message: 'stopped' }, 5)
    expect(view.engine.status).toBe('lost')
    expect(view.run.current).toMatchObject({ state: 'ended', reason: 'failed' })
    expect(columns(view, 'loss')).toEqual([2])
    expect(view.timeline.items.at(-1)).toMatchObject({ type: 'engine.lost', time: 5 })
    expect(view.panels['p']).toMatchObject({ isGone: true, content: { text: ['anna'] } })
  })
})

test('a restart of the engine stops the run and keeps its metrics', () => {
  const before = applyEvents(initialView, [runState('a', 'running'), metrics('a', 1, { loss: 2 })])
  const view = bootEngine(before, 5)
  expect(view.engine.status).toBe('booting')
  expect(view.run.current).toMatchObject({ state: 'ended', reason: 'stopped', endedAt: 5 })
  expect(columns(view, 'loss')).toEqual([2])
})

describe('plugins', () => {
  test('states move with the events, and a failure keeps its cause and error', () => {
    const error = { code: 'plugin.threw', message: 'no', plugin: 'a' }
    const view = applyEvents(initialView, [
      record('plugin.discovered', { manifest: manifest('a'), origin: 'workspace', file: 'p/a.ts' }),
      record('plugin.state', { name: 'a', state: 'validated' }),
      record('plugin.state', { name: 'a', state: 'failed', cause: 'threw', error }),
    ])
    expect(view.engine.plugins[0]).toMatchObject({ state: 'failed', cause: 'threw', error })
    expect(view.engine.runtimeProblems).toEqual([error])
  })

  test('a repeated failure is one problem, and a reload settles it', () => {
    const failure = record('hook.failed', {
      plugin: 'a',
      hook: 'onStepEnd',
      failures: 1,
      isQuarantined: false,
      error: { code: 'hook.threw', message: 'boom', plugin: 'a' },
    })
    const failed = applyEvents(initialView, [failure, failure, failure])
    expect(failed.engine.runtimeProblems).toHaveLength(1)
    const reloaded = record('plugin.reloaded', { names: ['a'], durationMs: 1, rebuiltModel: false })
    expect(applyEvents(failed, [reloaded]).engine.runtimeProblems).toEqual([])
  })
})

describe('feeds', () => {
  test('the timeline keeps the newest in order and counts all', () => {
    const records = Array.from({ length: MAX_TIMELINE + 700 }, (_, i) => record('my.event', i))
    let view = initialView
    for (let i = 0; i < records.length; i += 1_000) {
      view = applyEvents(view, records.slice(i, i + 1_000))
    }
    expect(view.timeline.total).toBe(records.length)
    expect(view.timeline.items.map(({ data }) => data)).toEqual(
      records.slice(-MAX_TIMELINE).map(({ data }) => data),
    )
  })

  test('one batch larger than the bound keeps its end', () => {
    const view = applyEvents(
      initialView,
      Array.from({ length: MAX_LOGS + 3 }, (_, i) =>
        record('log', { level: 'info', message: String(i) }, 'p'),
      ),
    )
    expect(view.logs.items).toHaveLength(MAX_LOGS)
    expect(view.logs.items.at(-1)).toMatchObject({ message: String(MAX_LOGS + 2), plugin: 'p' })
    expect(view.logs.total).toBe(MAX_LOGS + 3)
    expect(view.timeline.items).toEqual([])
  })

  test('streams of numbers stay out of the timeline', () => {
    const view = applyEvents(initialView, [runState('a', 'running'), metrics('a', 1, { loss: 1 })])
    expect(view.timeline.items.map(({ type }) => type)).toEqual(['run.state'])
  })
})

test('panels: content needs a definition, a leftover goes when the next run begins', () => {
  const begin = record('run.begin', { id: 'a', totalSteps: 1 })
  const view = applyEvents(initialView, [
    record('panel.shown', { id: 'ghost', content: { text: [] } }),
    record('panel.defined', { id: 'p', title: 'P', type: 'text' }, 'sampler'),
    record('panel.removed', { id: 'p' }),
  ])
  expect(Object.keys(view.panels)).toEqual(['p'])
  expect(view.panels['p']).toMatchObject({ plugin: 'sampler', isGone: true })
  expect(applyEvents(view, [begin]).panels).toEqual({})
})
