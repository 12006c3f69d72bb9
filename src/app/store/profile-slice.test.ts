// The recording and the samples of a run, as the page keeps them.
import { expect, test } from 'vitest'
import type { EngineEvent } from '#protocol'
import {
  abandonHistory,
  type HistorySlice,
  MAX_TRANSITIONS,
  reduceHistory,
} from './history-slice.ts'
import { abandonProfile, initialProfile, MAX_SAMPLES, reduceProfile } from './profile-slice.ts'

const progress = (id: string, step: number): EngineEvent => ({
  seq: step,
  time: step,
  type: 'run.progress',
  data: { id, step, epoch: 1, stepsPerSecond: 10, examplesPerSecond: 20, tensors: 5, bytes: 40 },
})

const recording = (state: 'recording' | 'ended', done = 0): EngineEvent => ({
  seq: 1,
  time: 1,
  type: 'profile.state',
  data: { state, steps: 2, done, isExact: false },
})

test('samples of a long run are thinned out over all of it; another run begins anew', () => {
  let profile = initialProfile
  for (let step = 1; step <= 5 * MAX_SAMPLES; step++)
    profile = reduceProfile(profile, progress('a', step))
  const steps = profile.samples.map(({ step }) => step)
  expect(steps.length).toBeLessThanOrEqual(MAX_SAMPLES)
  expect(steps[0]).toBe(1)
  expect(steps.at(-1)).toBe(5 * MAX_SAMPLES)
  expect(reduceProfile(profile, progress('b', 7)).samples).toMatchObject([{ step: 7 }])
})

test('of each work the last is kept, steps first, until another run begins', () => {
  const compiled = (work: 'step' | 'validation', kernels: number): EngineEvent => ({
    seq: 1,
    time: 1,
    type: 'run.compiled',
    data: { id: 'a', work, pieces: [{ kernels }], reasons: [] },
  })
  const told = [compiled('validation', 1), compiled('step', 2), compiled('step', 3)]
  const profile = told.reduce(reduceProfile, initialProfile)
  expect(profile.compiled).toMatchObject([
    { work: 'step', pieces: [{ kernels: 3 }] },
    { work: 'validation', pieces: [{ kernels: 1 }] },
  ])
  const begun = { seq: 2, time: 2, type: 'run.begin', data: {} } as EngineEvent
  expect(reduceProfile(profile, begun).compiled).toEqual([])
})

test('a recording ends with its engine, and a new one takes the place of its steps', () => {
  const begun = reduceProfile(
    { ...initialProfile, steps: [{ step: 1 } as never] },
    recording('recording'),
  )
  expect(begun.steps).toEqual([])
  expect(abandonProfile(begun).recording).toMatchObject({ state: 'ended', done: 0 })
  const ended = reduceProfile(begun, recording('ended', 2))
  expect(abandonProfile(ended)).toBe(ended)
})

test('the history of each plugin is kept on its own, to its last transitions', () => {
  const reach = (name: string, state: 'running' | 'stopped', time: number): EngineEvent => ({
    seq: time,
    time,
    type: 'plugin.state',
    data: { name, state, durationMs: 2 },
  })
  let history: HistorySlice = reduceHistory({}, reach('__proto__', 'running', 0))
  for (let time = 1; time <= MAX_TRANSITIONS + 5; time++)
    history = reduceHistory(history, reach('a', time % 2 === 0 ? 'running' : 'stopped', time))
  expect(history['a']).toHaveLength(MAX_TRANSITIONS)
  expect(Object.keys(history)).toContain('__proto__')
  expect(abandonHistory(history, 999)['a']!.at(-1)).toMatchObject({ state: 'gone', time: 999 })
})
