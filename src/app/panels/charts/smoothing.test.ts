// Smoothing is right from the first point, and reduction keeps peaks.
import { describe, expect, test } from 'vitest'
import { appendPoint, emptySeries, type Series } from '../../store/series.ts'
import { reduce, smooth } from './smoothing.ts'

const seriesOf = (values: number[]): Series =>
  values.reduce(
    (series, value, i) => appendPoint(series, { step: i + 1, epoch: 1, time: i }, value),
    emptySeries,
  )

describe('smooth', () => {
  test('without smoothing, values are as they came', () => {
    expect([...smooth(seriesOf([3, 1, 2]), 0).values]).toEqual([3, 1, 2])
  })

  test('a constant stays what it is, also at the start', () => {
    for (const value of smooth(seriesOf([5, 5, 5, 5]), 0.9).values) expect(value).toBeCloseTo(5, 12)
  })

  test('weights fall off by the factor', () => {
    // (0.5 · 4 + 0.25 · 2) / (1 - 0.25): the newer value weighs twice the older one.
    expect(smooth(seriesOf([2, 4]), 0.5).values[1]).toBeCloseTo(2.5 / 0.75, 12)
  })

  test('a NaN is a gap and does not swallow what follows', () => {
    const { values } = smooth(seriesOf([1, NaN, 1]), 0.5)
    expect(values[1]).toBeNaN()
    expect(values[2]).toBeCloseTo(1, 12)
  })
})

describe('reduce', () => {
  const length = 10_000
  const values = Array.from({ length }, (_, i) => Math.sin(i / 300))
  values[4_321] = 50
  values[7_777] = -50
  const reduced = reduce(smooth(seriesOf(values), 0), 500)

  test('stays within the limit and keeps first and last point', () => {
    expect(reduced.values.length).toBeLessThanOrEqual(500)
    expect(reduced.steps[0]).toBe(1)
    expect(reduced.steps.at(-1)).toBe(length)
  })

  test('keeps single peaks', () => {
    expect(Math.max(...reduced.values)).toBe(50)
    expect(Math.min(...reduced.values)).toBe(-50)
  })

  test('steps stay in order', () => {
    expect([...reduced.steps]).toEqual([...reduced.steps].toSorted((a, b) => a - b))
  })

  test('short curves are left alone', () => {
    expect([...reduce(smooth(seriesOf([1, 2]), 0), 500).values]).toEqual([1, 2])
  })
})
