// What corrected types change of a profile.
import { expect, test } from 'vitest'
import { bytesSource, inspectTable, tableFormSchema } from '#sdk'
import { typesToInspect, withTypes } from './with-types.ts'

test('a column that is no number any more has no faults, and the file is not read again', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i},${i}`)
  rows[3] = 'x,3'
  rows[4] = 'y,z'
  rows[5] = '5'
  const bytes = new TextEncoder().encode(`a,b\n${rows.join('\n')}\n`)
  const file = { name: 'a.csv', source: bytesSource(bytes) }
  const table = await inspectTable(file, tableFormSchema.parse({}))
  expect(table.faultyRows).toBe(3)
  expect(withTypes(table, {})).toBe(table)
  const ignored = withTypes(table, { a: 'ignore' })
  expect(ignored.columns.map(({ type }) => type)).toEqual(['ignore', 'number'])
  expect(ignored.faults.map(({ line, column }) => [line, column])).toEqual([
    [6, 'b'],
    [7, undefined],
  ])
  expect(ignored.faultyRows).toBe(2)
  expect(withTypes(table, { a: 'text', b: 'category' }).faultyRows).toBe(1)
  expect(typesToInspect({ a: 'ignore', b: 'date' })).toEqual({ b: 'date' })
})
