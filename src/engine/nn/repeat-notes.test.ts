// What is told of steps whose code runs: each reason once, with the number of steps that had it.
import { expect, test } from 'vitest'
import { RepeatNotes, type RunReason } from './repeat-notes.ts'

const location = { file: 'plugins/mine.ts', line: 7, column: 3 }
const does = (message: string): RunReason => ({ kind: 'does', message, location })

function countsAfter(...steps: readonly (readonly RunReason[])[]): [string, number][] {
  const notes = new RepeatNotes()
  for (const reasons of steps) notes.ran(reasons)
  const told = notes.told()
  expect(told).toMatchObject({ steps: steps.length, repeated: 0 })
  return told.reasons.map(({ message, steps: count }) => [message, count])
}

test('a reason that a step has several times counts once', () => {
  const keeps = does('the step keeps a tensor [2]')
  expect(countsAfter([keeps, keeps], [keeps, keeps, keeps])).toEqual([[keeps.message, 2]])
})

test('values make no other reason: the last ones are told', () => {
  const changed = (n: number): RunReason => ({
    kind: 'changed',
    message: `plugins/mine.ts.cache.${n} was ${n}, and is ${n + 1}`,
  })
  const parts = (rows: number): RunReason => ({
    kind: 'parts',
    message: `the step is not one program: Add takes [${rows}, 4], and took [${rows - 1}, 4] before`,
    location,
  })
  expect(countsAfter([changed(1), parts(1)], [changed(2), parts(2)])).toEqual([
    [changed(2).message, 2],
    [parts(2).message, 2],
  ])
})

test('what other code did at the same line is another reason', () => {
  const [keeps, makes] = [does('the step keeps a tensor []'), does('the step makes a variable')]
  expect(countsAfter([keeps], [keeps], [makes])).toEqual([
    [keeps.message, 2],
    [makes.message, 1],
  ])
})
