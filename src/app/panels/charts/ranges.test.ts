// What axes span.
import { expect, test } from 'vitest'
import { appendPoint, emptySeries } from '../../store/series.ts'
import { CurveCache } from './curve.ts'
import { xRange, yRange } from './ranges.ts'

const curveOf = (values: number[], firstStep = 1) => {
  const series = values.reduce(
    (made, value, i) => appendPoint(made, { step: firstStep + i, epoch: 1, time: i }, value),
    emptySeries,
  )
  const settings = { axis: 'step', stepsPerEpoch: undefined, smoothing: 0 } as const
  return new CurveCache().curve('a', series, settings)
}
const drawn = (values: number[]) => {
  const curve = curveOf(values)
  return { curve, values: curve.raw }
}
const options = { isLog: false, isRobust: false, extra: [] }
const all = { min: 1, max: 1e6, isLog: false }

test('across: from the first point of all to the last; a log axis begins above 0', () => {
  expect(xRange([curveOf([1, 1, 1]), curveOf([1, 1], 7)], false)).toMatchObject({ min: 1, max: 8 })
  expect(xRange([curveOf([1, 1, 1], 0)], true)).toMatchObject({ min: 1, max: 2 })
  expect(xRange([], false)).toMatchObject({ min: 0, max: 1 })
  expect(xRange([curveOf([5])], false)).toMatchObject({ min: 1, max: 2 })
})

test('up: values in view with some air, with the values to compare with, never below 0 for nothing', () => {
  const lines = [drawn([1, 100, 3, 4])]
  const { min, max } = yRange(lines, { min: 2.5, max: 4, isLog: false }, options)
  expect(min).toBeGreaterThan(2.9)
  expect(max).toBeLessThan(4.1)
  const compared = yRange(lines, all, { ...options, extra: [200] })
  expect(compared.max).toBeGreaterThan(200)
  expect(compared.min).toBe(0)
  expect(yRange([drawn([7])], all, options)).toMatchObject({ min: 6.3, max: 7.7 })
})

test('values that differ by rounding alone are flat: an axis of 1e-16 has no room for ticks', () => {
  const { min, max } = yRange([drawn([1, 1 - 1e-16, 1 + 4e-16])], all, options)
  expect(min).toBeCloseTo(0.9)
  expect(max).toBeCloseTo(1.1)
  const negative = yRange([drawn([-3, -3 - 1e-15])], all, options)
  expect(negative.max - negative.min).toBeCloseTo(0.6)
})

test('between two points the nearer ones count; what is not finite never does', () => {
  const { min, max } = yRange([drawn([1, 2])], { min: 1.4, max: 1.6, isLog: false }, options)
  expect(min).toBeLessThan(1)
  expect(max).toBeGreaterThan(2)
  const odd = yRange([drawn([NaN, 2, Infinity, 4])], all, options)
  expect(odd.max).toBeLessThan(5)
})

test('a few outliers stay outside when they are to be ignored', () => {
  const values = Array.from({ length: 1000 }, (_, i) => 1 + (i % 10) / 10)
  values[500] = 1e6
  const lines = [drawn(values)]
  expect(yRange(lines, all, options).max).toBeGreaterThan(1e6)
  expect(yRange(lines, all, { ...options, isRobust: true }).max).toBeLessThan(3)
})

test('a log axis spans what is above 0', () => {
  const { min, max } = yRange([drawn([0, -5, 0.01, 100])], all, { ...options, isLog: true })
  expect(min).toBeLessThan(0.01)
  expect(min).toBeGreaterThan(0.001)
  expect(max).toBeGreaterThan(100)
})
