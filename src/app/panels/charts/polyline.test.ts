// Reduction hides no peak, keeps order and gaps, and places values as the scales say.
import { describe, expect, test } from 'vitest'
import { polyline, type View, xPixel, yPixel } from './polyline.ts'

const view = (over: Partial<View> = {}): View => ({
  x: { min: 0, max: 10_000, isLog: false },
  y: { min: -100, max: 100, isLog: false },
  left: 50,
  top: 10,
  width: 400,
  height: 200,
  ...over,
})

const pairs = (points: Float64Array): [number, number][] =>
  Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!])

const length = 10_000
const x = Float64Array.from({ length }, (_, i) => i + 1)

describe('many points', () => {
  const values = Float64Array.from({ length }, (_, i) => Math.sin(i / 3) + (i % 7))
  values[4_321] = 90
  values[7_777] = -90
  const line = pairs(polyline(x, values, length, view()))

  test('become a few for each column, with first and last, in order', () => {
    expect(line.length).toBeLessThanOrEqual(2 * 402)
    expect(Math.abs(line[0]![0] - xPixel(view(), 1))).toBeLessThan(1)
    expect(Math.abs(line.at(-1)![0] - 450)).toBeLessThan(1)
    const across = line.map(([px]) => px)
    expect(across).toEqual(across.toSorted((a, b) => a - b))
  })

  test('keep single peaks', () => {
    const heights = line.map(([, py]) => py)
    expect(Math.min(...heights)).toBeCloseTo(yPixel(view(), 90), 6)
    expect(Math.max(...heights)).toBeCloseTo(yPixel(view(), -90), 6)
  })
})

test('a straight line is its two ends, a bend stays', () => {
  const values = Float64Array.from({ length }, (_, i) => Math.abs(i - 5_000) / 100)
  const line = pairs(polyline(x, values, length, view()))
  expect(line.length).toBeLessThan(8)
  const lowest = Math.max(...line.map(([, py]) => py))
  expect(lowest).toBeCloseTo(yPixel(view(), 0), 0)
})

test('no point left out lies farther than a quarter of a pixel from the line', () => {
  const values = Float64Array.from({ length: 300 }, (_, i) => 80 * Math.sin(i / 40))
  const few = view({ x: { min: 1, max: 300, isLog: false }, width: 600 })
  const line = pairs(polyline(x, values, 300, few))
  expect(line.length).toBeLessThan(150)
  for (let i = 0; i < 300; i++) {
    const [px, py] = [xPixel(few, i + 1), yPixel(few, values[i]!)]
    const at = Math.max(
      1,
      line.findIndex(([right]) => right >= px - 1e-9),
    )
    const [[x0, y0], [x1, y1]] = [line[at - 1]!, line[at]!]
    expect(Math.abs(y0 + ((px - x0) / (x1 - x0)) * (y1 - y0) - py)).toBeLessThan(0.26)
  }
})

test('what a log scale has no place for is a gap, not a line to the bottom', () => {
  const values = Float64Array.of(1, 10, 0, -3, 100, 1000)
  const log = view({
    x: { min: 1, max: 6, isLog: false },
    y: { min: 1, max: 1000, isLog: true },
  })
  const line = pairs(polyline(x, values, 6, log))
  expect(line.map(([, py]) => Math.round(py))).toEqual([210, 143, NaN, 77, 10])
})

test('a zoomed view has a point beyond each end, and no more', () => {
  const values = Float64Array.from({ length }, (_, i) => (i % 2) * 50)
  const zoomed = view({ x: { min: 100.5, max: 103.5, isLog: false } })
  const line = pairs(polyline(x, values, length, zoomed))
  expect(line.map(([px]) => px < 50 || px > 450)).toEqual([true, false, false, false, true])
})
