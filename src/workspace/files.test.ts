// Limits of what a workspace holds, and what counts as text.
import { expect, test } from 'vitest'
import { contentOf, filesProblem, MAX_FILES, MAX_TEXT_LENGTH, MAX_TOTAL_BYTES } from './files.ts'

const named = (count: number): Map<string, string> =>
  new Map(Array.from({ length: count }, (_, i) => [`data/${i}.txt`, '']))

test('takes as many files as the limit says, and no more', () => {
  expect(filesProblem(named(MAX_FILES))).toBeUndefined()
  expect(filesProblem(named(MAX_FILES + 1))).toMatch(/at most 500 files/)
})

test('names the file that is too long', () => {
  const long = 'x'.repeat(MAX_TEXT_LENGTH + 1)
  expect(filesProblem(new Map([['a.txt', long]]))).toMatch(/a\.txt has 1000001 characters/)
})

test('names the file that goes beyond the sum', () => {
  const half = new Uint8Array(MAX_TOTAL_BYTES / 2 + 1)
  expect(filesProblem(new Map([['a', half]]))).toBeUndefined()
  expect(
    filesProblem(
      new Map([
        ['a', half],
        ['b', half],
      ]),
    ),
  ).toMatch(/32\.0 MiB; b goes beyond/)
})

test('refuses a path that breaks a rule', () => {
  expect(filesProblem(new Map([['../a', '']]))).toMatch(/must not contain/)
})

test('takes valid UTF-8 for text and everything else for bytes', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values)
  expect(contentOf(new TextEncoder().encode('\ufeffgrüße 😀\r\n'))).toBe('\ufeffgrüße 😀\r\n')
  expect(contentOf(bytes())).toBe('')
  expect(contentOf(bytes(0xff, 0x41))).toBeInstanceOf(Uint8Array)
  expect(contentOf(bytes(0x41, 0))).toBeInstanceOf(Uint8Array)
})
