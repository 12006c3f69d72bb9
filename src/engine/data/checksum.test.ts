// The checksum of rows sees every value, its place and its column, and nothing else.
import { expect, test } from 'vitest'
import type { NumberColumn, Table } from '#sdk'
import { checksum } from './checksum.ts'

const column = (data: NumberColumn['data']): NumberColumn => ({
  type: 'number',
  data,
  shape: [],
  dtype: data instanceof Float32Array ? 'float32' : 'int32',
})
const table = (columns: Record<string, NumberColumn['data']>): Table => ({
  length: 3,
  columns: Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, column(data)])),
})

test('equal rows have equal sums, wherever they lie in memory', () => {
  const values = Float32Array.of(9, 1, 2, 3)
  const x = values.subarray(1)
  const bytes = Uint8Array.of(0, 7, 8, 9).subarray(1)
  expect(checksum([table({ x, bytes })])).toBe(
    checksum([table({ x: Float32Array.of(1, 2, 3), bytes: Uint8Array.of(7, 8, 9) })]),
  )
})

test('another value, order, name, side or sign of zero gives another sum', () => {
  const of = (...values: number[]) => table({ x: Float32Array.from(values) })
  const sums = [
    checksum([of(1, 2, 3), of(4, 5, 6)]),
    checksum([of(1, 2, 3), of(4, 5, 7)]),
    checksum([of(1, 3, 2), of(4, 5, 6)]),
    checksum([of(4, 5, 6), of(1, 2, 3)]),
    checksum([of(0, 2, 3), of(4, 5, 6)]),
    checksum([of(-0, 2, 3), of(4, 5, 6)]),
    checksum([of(-1, -2, 3), of(4, 5, 6)]),
    checksum([of(-1, 2, -3), of(4, 5, 6)]),
    checksum([table({ y: Float32Array.of(1, 2, 3) }), of(4, 5, 6)]),
    checksum([table({ x: Int32Array.of(1, 2, 3) }), of(4, 5, 6)]),
    checksum([]),
  ]
  expect(new Set(sums).size).toBe(sums.length)
})
