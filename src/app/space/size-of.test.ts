// Sizes of stored values: by their bytes, whatever they are nested in.
import { expect, test } from 'vitest'
import { storedSize } from './size-of.ts'

test('adds up what a record holds', () => {
  expect(storedSize(null)).toBe(1)
  expect(storedSize('four')).toBe(4)
  expect(storedSize(new Blob(['12345']))).toBe(5)
  expect(storedSize({ id: 'ab', values: new Float32Array(4), steps: [1, 2] })).toBe(
    2 + 2 + 6 + 16 + 5 + 16,
  )
  expect(storedSize(new Map())).toBe(0)
})
