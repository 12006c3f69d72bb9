// How results of tests become what the page shows of them.
import { expect, test } from 'vitest'
import type { EventData } from '#protocol'
import type { EventRecord } from '#sdk'
import { createEngineStore } from './store.ts'
import { isStale, isTesting, MAX_OUTCOMES, testErrors, testKey } from './tests-slice.ts'

const FILE = 'tests/a.test.ts'
const report = { passed: 0, failed: 0, skipped: 0, durationMs: 1, isStopped: false }

const record = (type: string, data: unknown): EventRecord => ({ seq: 0, time: 0, type, data })
const begin = (...names: string[]) => record('test.begin', { file: FILE, names })
const result = (state: 'passed' | 'failed', names: string[], file = FILE): EventRecord => {
  const error = {
    code: 'test.failed' as const,
    message: 'no',
    source: { file, line: 2, column: 1 },
  }
  const data: EventData<'test.result'> = { file, names, state, durationMs: 1 }
  return record('test.result', state === 'failed' ? { ...data, error } : data)
}

function setup() {
  const store = createEngineStore()
  const tests = () => store.getState().tests
  const states = () => [...tests().outcomes.values()].map(({ names, state }) => [names[0], state])
  return { store, tests, states }
}

test('results arrive one by one, with what runs meanwhile', () => {
  const { store, tests, states } = setup()
  store.beginTests({})
  store.receive([begin(), begin('one')])
  expect(tests().turn).toMatchObject({ state: 'running', current: { names: ['one'] } })
  store.receive([result('passed', ['one']), begin('two'), result('failed', ['two'])])
  expect(states()).toEqual([
    ['one', 'passed'],
    ['two', 'failed'],
  ])
  store.receive([record('tests.end', report)])
  expect(tests().turn).toMatchObject({ state: 'ended', current: undefined, report })
  expect(isTesting(tests())).toBe(false)
  expect(store.getState().timeline.total).toBe(3)
})

test('an edit makes results stale, those of code before it as well, and takes their errors back', () => {
  const { store, tests } = setup()
  store.beginTests({})
  store.receive([result('failed', ['one'])])
  expect(testErrors(tests()).map(({ source }) => source?.line)).toEqual([2])
  expect(testErrors(tests())).toBe(testErrors(tests()))
  store.markEdited()
  store.receive([result('failed', ['two'])])
  store.endTests(report)
  expect([...tests().outcomes.values()].map((outcome) => isStale(tests(), outcome))).toEqual([
    true,
    true,
  ])
  expect(testErrors(tests())).toEqual([])
  store.beginTests({})
  store.receive([result('passed', ['one'])])
  expect(isStale(tests(), tests().outcomes.get(testKey({ file: FILE, names: ['one'] }))!)).toBe(
    false,
  )
})

test('of tests of one name the one that failed is shown', () => {
  const { store, states } = setup()
  store.beginTests({})
  store.receive([result('failed', ['same']), result('passed', ['same'])])
  expect(states()).toEqual([['same', 'failed']])
  store.endTests(report)
  store.beginTests({})
  store.receive([result('passed', ['same'])])
  expect(states()).toEqual([['same', 'passed']])
})

test('results of tests that are no more leave with the next whole run of their file', () => {
  const { store, states } = setup()
  const run = (selection: Parameters<typeof store.beginTests>[0], isStopped: boolean) => {
    store.beginTests(selection)
    store.receive([result('passed', ['new'])])
    store.endTests({ ...report, isStopped })
  }
  store.beginTests({})
  store.receive([result('passed', ['old']), result('passed', ['other'], 'tests/b.test.ts')])
  store.endTests(report)
  run({ only: [{ file: FILE, names: ['new'] }] }, false)
  run({ filter: 'new' }, false)
  run({}, true)
  expect(states().map(([name]) => name)).toEqual(['old', 'other', 'new'])
  run({ only: [{ file: FILE, names: [] }] }, false)
  expect(states().map(([name]) => name)).toEqual(['other', 'new'])
  store.setTestFiles([{ file: FILE, tests: [] }])
  expect(states().map(([name]) => name)).toEqual(['new'])
})

test('an engine that is lost ends the tests: the one under way failed, at its line', () => {
  const { store, tests } = setup()
  const source = { file: FILE, line: 7, column: 1 }
  store.setTestFiles([{ file: FILE, tests: [{ names: ['loops'], source }] }])
  store.beginTests({})
  store.receive([begin()])
  // That it begins was not told: a loop lets no event out.
  store.lose({
    kind: 'hang',
    message: 'gave no sign of life',
    culprit: 'tests/a.test.ts · loops › beforeEach',
  })
  expect(tests().turn).toMatchObject({
    state: 'ended',
    problem: { message: 'gave no sign of life' },
  })
  expect(testErrors(tests())).toMatchObject([{ message: 'gave no sign of life', source }])
  // The call to the lost engine rejects later: what is known stays.
  store.refuseTests({ code: 'engine.internal', message: 'closed' })
  expect(tests().turn?.problem?.message).toBe('gave no sign of life')
})

test('nobody is to blame for a restart or a device that is gone', () => {
  const { store, tests } = setup()
  store.beginTests({})
  store.receive([begin('innocent')])
  store.lose({ kind: 'device', message: 'unplugged', culprit: 'tests/a.test.ts · innocent' })
  expect(tests().outcomes.size).toBe(0)
  store.beginTests({})
  store.receive([begin('innocent')])
  store.boot()
  expect(tests().outcomes.size).toBe(0)
  expect(tests().turn).toMatchObject({
    state: 'ended',
    problem: { message: expect.stringMatching(/restarted/) },
  })
})

test('results without end, and results that nobody asked for, cost nothing', () => {
  const { store, tests } = setup()
  store.receive([result('passed', ['forged'])])
  expect(tests().outcomes.size).toBe(0)
  store.beginTests({})
  store.receive(Array.from({ length: MAX_OUTCOMES + 5 }, (_, i) => result('passed', [`t${i}`])))
  expect(tests().outcomes.size).toBe(MAX_OUTCOMES)
})
