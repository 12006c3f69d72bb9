// Features of rows in time.
import { type Column, numbersIn, type Table } from 'plugboard'
import { describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import dateParts from './date-parts.ts'
import windows from './windows.ts'

const numbers = (...values: number[]): Column => ({
  type: 'number',
  data: Float32Array.from(values),
  shape: [],
  dtype: 'float32',
})
const texts = (...data: string[]): Column => ({ type: 'text', data })

const extract = async (name: 'windows' | 'date_parts', config: unknown, table: Table) => {
  const feature =
    name === 'windows'
      ? (await initialize(windows)).create('feature', name, config, {})
      : (await initialize(dateParts)).create('feature', name, config, {})
  return await feature.extract(table)
}
const valuesOf = (table: Table, name: string) => [...numbersIn(table, name, 'test').data]

describe('windows', () => {
  const series = {
    length: 5,
    columns: {
      a: numbers(1, 2, 3, 4, 5),
      b: numbers(10, 20, 30, 40, 50),
      day: texts('1', '2', '3', '4', '5'),
    },
  }

  test('hold the rows before and the row itself, oldest first', async () => {
    const made = await extract('windows', { columns: ['a', 'b'], size: 3 }, series)
    expect(made.length).toBe(3)
    expect(numbersIn(made, 'window', 'test').shape).toEqual([3, 2])
    expect(valuesOf(made, 'window').slice(0, 6)).toEqual([1, 10, 2, 20, 3, 30])
    expect(valuesOf(made, 'window').slice(-2)).toEqual([5, 50])
    // Other columns are those of the last row of the window.
    expect(made.columns['day']).toEqual(texts('3', '4', '5'))
  })

  test('have what comes later as labels, never in the window itself', async () => {
    const config = { columns: ['a'], size: 2, target: 'b', ahead: 2 }
    const made = await extract('windows', config, series)
    expect(made.length).toBe(2)
    expect(valuesOf(made, 'window')).toEqual([1, 2, 2, 3])
    expect(valuesOf(made, 'labels')).toEqual([40, 50])
    expect(made.columns['day']).toEqual(texts('2', '3'))
  })

  test('longer than the series, and columns of text, are refused', async () => {
    await expect(extract('windows', { columns: ['a'], size: 6 }, series)).rejects.toThrow(
      'windows of 6 rows need more than the 5 rows there are',
    )
    await expect(extract('windows', { columns: ['day'] }, series)).rejects.toThrow(
      "windows reads the column of numbers 'day'; there are a (number), b (number), day (text)",
    )
  })
})

describe('date_parts', () => {
  test('are those of the calendar', async () => {
    const table = {
      length: 3,
      columns: { date: texts('2024-02-29', '2026-01-01T23:59', '1969-12-31 07:05') },
    }
    const parts = ['year', 'month', 'day', 'weekday', 'day_of_year', 'hour']
    const made = await extract('date_parts', { parts }, table)
    const rows = parts.map((part) => valuesOf(made, `date_${part}`))
    expect(rows).toEqual([
      [2024, 2026, 1969],
      [2, 1, 12],
      [29, 1, 31],
      // Thursday, Thursday, Wednesday.
      [3, 3, 2],
      [60, 1, 365],
      [0, 23, 7],
    ])
  })

  test('of days since 1970 are the same', async () => {
    const table = { length: 2, columns: { date: numbers(0, 19_782) } }
    const made = await extract('date_parts', {}, table)
    expect(valuesOf(made, 'date_year')).toEqual([1970, 2024])
    expect(valuesOf(made, 'date_month')).toEqual([1, 2])
    expect(valuesOf(made, 'date_day')).toEqual([1, 29])
  })

  test('go round: December lies next to January', async () => {
    const table = { length: 2, columns: { date: texts('2025-12-01', '2025-03-01') } }
    const made = await extract('date_parts', { parts: ['month', 'year'], cyclic: true }, table)
    expect(Object.keys(made.columns)).toEqual([
      'date',
      'date_month_sin',
      'date_month_cos',
      'date_year',
    ])
    const [sin, cos] = [valuesOf(made, 'date_month_sin'), valuesOf(made, 'date_month_cos')]
    expect(sin[0]).toBeCloseTo(0)
    expect(cos[0]).toBeCloseTo(1)
    expect(sin[1]).toBeCloseTo(1)
  })

  test.each(['2025-02-30', 'soon', ''])('%j is refused at its row', async (text) => {
    const table = { length: 2, columns: { date: texts('2025-01-01', text) } }
    await expect(extract('date_parts', {}, table)).rejects.toThrow(
      `date_parts finds no date in 'date', row 1 (the first is 0): '${text}'`,
    )
  })
})
