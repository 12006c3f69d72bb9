import { describe, expect, test } from 'vitest'
import { createRandom } from './index.ts'

describe('random streams', () => {
  test('the same seed gives the same numbers, another one others', () => {
    const draw = (seed: number) => [...createRandom(seed).uniforms(8)]
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  test('a fork depends on its key only and does not advance its parent', () => {
    const parent = createRandom(1)
    const before = parent.fork('a').next()
    parent.next()
    expect(parent.fork('a').next()).toBe(before)
    expect(parent.fork('b').next()).not.toBe(before)
    const untouched = createRandom(1)
    const forked = createRandom(1)
    forked.fork('x')
    expect(forked.next()).toBe(untouched.next())
  })

  test('uniform and normal numbers have the right moments', () => {
    const random = createRandom(3)
    const moments = (values: Float32Array) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      return [mean, values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length] as const
    }
    const [uniformMean, uniformVariance] = moments(random.uniforms(100_000))
    expect(uniformMean).toBeCloseTo(0.5, 2)
    expect(uniformVariance).toBeCloseTo(1 / 12, 2)
    const [normalMean, normalVariance] = moments(random.normals(100_000, 2))
    expect(Math.abs(normalMean)).toBeLessThan(0.03)
    expect(normalVariance / 4).toBeCloseTo(1, 1)
  })

  test('neighbouring seeds and keys are uncorrelated', () => {
    const n = 20_000
    const a = createRandom(10).fork(1).uniforms(n)
    const b = createRandom(10).fork(2).uniforms(n)
    const c = createRandom(11).fork(1).uniforms(n)
    const correlation = (x: Float32Array, y: Float32Array) =>
      (x.reduce((sum, v, i) => sum + (v - 0.5) * (y[i]! - 0.5), 0) / n) * 12
    expect(Math.abs(correlation(a, b))).toBeLessThan(0.03)
    expect(Math.abs(correlation(a, c))).toBeLessThan(0.03)
  })

  test('a permutation holds each index once; pick follows the weights', () => {
    const random = createRandom(5)
    expect([...random.permutation(50)].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    )
    const counts = [0, 0, 0]
    for (let i = 0; i < 10_000; i++) counts[random.pick([1, 0, 3])]!++
    expect(counts[1]).toBe(0)
    expect(counts[2]! / counts[0]!).toBeCloseTo(3, 0)
  })

  test('what cannot be drawn is refused, not made up', () => {
    const random = createRandom(5)
    for (const limit of [0, -1, 1.5, Number.NaN]) expect(() => random.int(limit)).toThrow('int(')
    for (const weights of [[], [0, 0], [1, -1], [1, Number.NaN], [1, Infinity]])
      expect(() => random.pick(weights)).toThrow('pick()')
    expect(random.int(1)).toBe(0)
    expect(random.pick([0, 2, 0])).toBe(1)
  })
})
