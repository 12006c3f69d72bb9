// Smoothing is right from the first point, new points cost only themselves, and axes are what they say.
import { describe, expect, test } from 'vitest'
import { appendPoint, emptySeries, type Series } from '../../store/series.ts'
import { CurveCache, type CurveSettings, nearest } from './curve.ts'

const seriesOf = (values: number[], from = emptySeries): Series =>
  values.reduce((series, value) => {
    const step = series.length + 1
    return appendPoint(series, { step, epoch: Math.ceil(step / 4), time: step * 500 }, value)
  }, from)

const settings = (over: Partial<CurveSettings> = {}): CurveSettings => ({
  axis: 'step',
  stepsPerEpoch: undefined,
  smoothing: 0,
  ...over,
})

const columns = (series: Series, over: Partial<CurveSettings> = {}) => {
  const curve = new CurveCache().curve('a', series, settings(over))
  const cut = (column: Float64Array) => [...column.subarray(0, curve.length)]
  return { curve, x: cut(curve.x), raw: cut(curve.raw), smooth: cut(curve.smooth) }
}

describe('the average', () => {
  test('without smoothing, values are as they came', () => {
    expect(columns(seriesOf([3, 1, 2])).smooth).toEqual([3, 1, 2])
  })

  test('a constant stays what it is, also at the start', () => {
    for (const value of columns(seriesOf([5, 5, 5, 5]), { smoothing: 0.9 }).smooth)
      expect(value).toBeCloseTo(5, 12)
  })

  test('weights fall off by the factor', () => {
    // (0.5 · 4 + 0.25 · 2) / (1 - 0.25): the newer value weighs twice the older one.
    expect(columns(seriesOf([2, 4]), { smoothing: 0.5 }).smooth[1]).toBeCloseTo(2.5 / 0.75, 12)
  })

  test('what is not finite is a gap, is counted, and does not swallow what follows', () => {
    const { smooth, curve } = columns(seriesOf([1, NaN, 1, -1]), { smoothing: 0.5 })
    expect(smooth[1]).toBeNaN()
    expect(smooth[2]).toBeCloseTo(1, 12)
    expect(curve).toMatchObject({ notFinite: 1, notPositive: 1 })
  })

  test('is the same when points come one by one as when they come together', () => {
    const cache = new CurveCache()
    const random = Array.from({ length: 700 }, (_, i) => Math.sin(i * 7.3) + i / 100)
    let series = emptySeries
    let curve = cache.curve('a', series, settings({ smoothing: 0.8 }))
    for (const value of random) {
      series = seriesOf([value], series)
      const next = cache.curve('a', series, settings({ smoothing: 0.8 }))
      expect(next).toBe(curve)
      curve = next
    }
    expect([...curve.smooth.subarray(0, 700)]).toEqual(columns(series, { smoothing: 0.8 }).smooth)
  })
})

test('another series under the same key, or another setting, begins anew', () => {
  const cache = new CurveCache()
  cache.curve('a', seriesOf([1, 2, 3]), settings())
  expect(cache.curve('a', seriesOf([7, 8]), settings()).raw.subarray(0, 2)).toEqual(
    Float64Array.of(7, 8),
  )
  const longer = cache.curve('a', seriesOf([7, 9, 1]), settings())
  expect([...longer.raw.subarray(0, 3)]).toEqual([7, 9, 1])
  expect(cache.curve('a', seriesOf([7, 9, 1]), settings({ axis: 'time' })).x[0]).toBe(0.5)
})

describe('axes', () => {
  test('steps, parts of epochs, whole epochs where their length is not known, seconds', () => {
    const series = seriesOf([1, 1, 1, 1, 1, 1])
    expect(columns(series).x).toEqual([1, 2, 3, 4, 5, 6])
    expect(columns(series, { axis: 'epoch', stepsPerEpoch: 4 }).x.slice(0, 3)).toEqual([
      0.25, 0.5, 0.75,
    ])
    expect(columns(series, { axis: 'epoch' }).x).toEqual([1, 1, 1, 1, 2, 2])
    expect(columns(series, { axis: 'time' }).x).toEqual([0.5, 1, 1.5, 2, 2.5, 3])
  })

  test('points without a time are counted and left out; a clock set back does not turn the axis', () => {
    const series = seriesOf([1, 2, 3, 4])
    series.times.set([NaN, 4000, 3000, 5000])
    const { x, raw, curve } = columns(series, { axis: 'time' })
    expect([x, raw, curve.unplaced]).toEqual([[4, 4, 5], [2, 3, 4], 1])
  })
})

test('the nearest point', () => {
  const curve = { x: Float64Array.of(1, 4, 5, 0), length: 3 }
  expect([-9, 1, 2, 3, 4.6, 99].map((x) => nearest(curve, x))).toEqual([0, 0, 0, 1, 2, 2])
  expect(nearest({ x: curve.x, length: 0 }, 1)).toBe(-1)
})
