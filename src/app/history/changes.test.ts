// Files and lines that differ between two states.
import { expect, test } from 'vitest'
import { changedFiles, changedStateFiles, countLines } from './changes.ts'

const files = (contents: Record<string, string | Uint8Array<ArrayBuffer>>) =>
  new Map(Object.entries(contents))

test('added, changed and removed files, bytes by their values', () => {
  const before = files({ a: 'a', b: 'b', same: 'x', bytes: new Uint8Array([1, 2]) })
  const after = files({ a: 'aa', c: 'c', same: 'x', bytes: new Uint8Array([1, 2]) })
  expect(changedFiles(before, after)).toEqual([
    { path: 'a', kind: 'changed' },
    { path: 'b', kind: 'removed' },
    { path: 'c', kind: 'added' },
  ])
})

test('states are compared by their hashes', () => {
  const file = (path: string, hash: string) => ({ path, hash, size: 1 })
  expect(
    changedStateFiles([file('a', '1'), file('b', '2')], [file('a', '1'), file('b', '3')]),
  ).toEqual([{ path: 'b', kind: 'changed' }])
})

test('lines are counted as a reader of a diff counts them', () => {
  expect(countLines('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual({ added: 2, removed: 1 })
  expect(countLines(undefined, 'a\nb')).toEqual({ added: 2, removed: 0 })
  expect(countLines('a', new Uint8Array([1]))).toBeUndefined()
})

test('texts without a line in common are not counted for minutes', () => {
  const lines = (prefix: string) =>
    Array.from({ length: 20_000 }, (_, i) => `${prefix}${i}`).join('\n')
  expect(countLines(lines('a'), lines('b'))).toBeUndefined()
})
