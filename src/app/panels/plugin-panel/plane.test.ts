// Ticks of a plane: round, inside, no more than asked for.
import { expect, test } from 'vitest'
import { extentOf, planeOf, ticksIn } from './plane.ts'

test('ticks are round values inside the extent', () => {
  expect(ticksIn([-0.05, 1.05], 6)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(ticksIn([0, 1000], 4)).toEqual([0, 500, 1000])
  expect(ticksIn([3.2, 3.3], 3)).toEqual([3.2, 3.25, 3.3])
  expect(ticksIn([-7e-6, 7e-6], 3)).toEqual([-5e-6, 0, 5e-6])
  expect(ticksIn([0, 1], 0)).toEqual([0, 1])
})

test('an extent has room around its values, and is one where there are none', () => {
  expect(extentOf(Float32Array.of(0, 10))).toEqual([-0.5, 10.5])
  expect(extentOf(Float32Array.of(2))).toEqual([1, 3])
  expect(extentOf(new Float32Array())).toEqual([0, 1])
  expect(extentOf(Float32Array.of(5), [0, 1])).toEqual([0, 1])
})

test('values go from left to right and from bottom to top, with room for names', () => {
  const plain = planeOf(200, 100, [0, 1], [0, 1], {})
  expect([plain.x(0), plain.x(1)]).toEqual([44, 190])
  expect([plain.y(0), plain.y(1)]).toEqual([80, 10])
  const named = planeOf(200, 100, [0, 1], [0, 1], { xLabel: 'a', yLabel: 'b' })
  expect([named.y(0), named.y(1)]).toEqual([64, 26])
})
