// The list of tests: what files describe, joined with what ran.
import { expect, test } from 'vitest'
import type { EventData } from '#protocol'
import { createEngineStore } from '../../store/store.ts'
import { failedPlaces } from '../../store/tests-slice.ts'
import { countsOf, testTree } from './test-tree.ts'

const FILE = 'tests/a.test.ts'
const at = (line: number) => ({ file: FILE, line, column: 1 })

function setup() {
  const store = createEngineStore()
  store.setTestFiles([
    {
      file: FILE,
      tests: [
        { names: ['first'], source: at(3) },
        { names: ['g', 'last'], source: at(9) },
      ],
    },
    { file: 'tests/b.test.ts', tests: [] },
  ])
  const tell = (data: Partial<EventData<'test.result'>>) =>
    store.receive([
      {
        seq: 0,
        time: 0,
        type: 'test.result',
        data: { file: FILE, names: [], state: 'passed', durationMs: 1, ...data },
      },
    ])
  const tests = () => store.getState().tests
  const rows = (filter = '') =>
    testTree(tests(), filter).map(({ file, rows: of }) => [
      file,
      ...of.map(
        ({ place, state, isStale }) => `${place.names.join(' › ')}:${state}${isStale ? '?' : ''}`,
      ),
    ])
  return { store, tests, tell, rows }
}

test('tests that were never run are listed, those known by running come at their line', () => {
  const { store, tell, rows } = setup()
  expect(rows()).toEqual([[FILE, 'first:idle', 'g › last:idle'], ['tests/b.test.ts']])
  store.beginTests({})
  store.receive([{ seq: 0, time: 0, type: 'test.begin', data: { file: FILE, names: ['first'] } }])
  expect(rows()[0]).toEqual([FILE, 'first:running', 'g › last:idle'])
  expect(testTree(store.getState().tests, '').map(({ isRunning }) => isRunning)).toEqual([
    true,
    false,
  ])
  tell({ names: ['first'] })
  tell({ names: ['case 1'], source: at(5), state: 'failed' })
  store.endTests({ passed: 1, failed: 1, skipped: 0, durationMs: 2, isStopped: false })
  expect(rows()[0]).toEqual([FILE, 'first:passed', 'case 1:failed', 'g › last:idle'])
  store.markEdited()
  expect(rows()[0]).toEqual([FILE, 'first:passed?', 'case 1:failed?', 'g › last:idle'])
})

test('the filter takes part of the full name, in either case', () => {
  const { rows } = setup()
  expect(rows(' G › L ')).toEqual([[FILE, 'g › last:idle']])
  expect(rows('nothing')).toEqual([])
})

test('counts are of the run that is on, failures of all that ran last', () => {
  const { store, tests, tell } = setup()
  store.beginTests({})
  tell({ names: ['first'], state: 'failed' })
  store.endTests({ passed: 0, failed: 1, skipped: 0, durationMs: 1, isStopped: false })
  store.beginTests({ only: [{ file: FILE, names: ['g'] }] })
  expect(countsOf(tests())).toEqual({ passed: 0, failed: 0, skipped: 0 })
  tell({ names: ['g', 'last'] })
  expect(countsOf(tests())).toEqual({ passed: 1, failed: 0, skipped: 0 })
  expect(failedPlaces(tests())).toEqual([{ file: FILE, names: ['first'] }])
})
