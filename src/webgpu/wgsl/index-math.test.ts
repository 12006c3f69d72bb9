// Index expressions against plain arithmetic, and the simplifications that chains of views rely on.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Atom, flatten, Index, reshaped, unflatten } from './index-math.ts'

const lengths = { x: 6, y: 4, z: 5 }
type Values = Record<keyof typeof lengths, number>
const names = ['x', 'y', 'z'] as const

function evaluate(index: Index, values: Values): number {
  const atom = (one: Atom): number => {
    if (one.kind === 'variable') return values[one.name as keyof Values]
    const of = evaluate(one.of, values)
    // As a shader divides.
    return one.kind === 'div' ? Math.trunc(of / one.by) : of % one.by
  }
  return index.terms.reduce((total, [one, factor]) => total + factor * atom(one), index.offset)
}

interface Expression {
  readonly index: Index
  readonly value: (values: Values) => number
}

const variable = fc.constantFrom(...names).map((name): Expression => ({
  index: Index.variable(name, lengths[name], 1),
  value: (values) => values[name],
}))
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const number = fc.integer({ min: -9, max: 9 })
  const divisor = fc.integer({ min: 1, max: 12 })
  return {
    expression: fc.oneof(
      { maxDepth: 5 },
      variable,
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]): Expression => ({
        index: a.index.plus(b.index),
        value: (values) => a.value(values) + b.value(values),
      })),
      fc.tuple(tie('expression'), number, number).map(([a, factor, offset]): Expression => ({
        index: a.index.times(factor).plus(offset),
        value: (values) => a.value(values) * factor + offset,
      })),
      fc.tuple(tie('expression'), divisor).map(([a, by]): Expression => ({
        index: a.index.dividedBy(by),
        value: (values) => Math.floor(a.value(values) / by),
      })),
      fc.tuple(tie('expression'), divisor).map(([a, by]): Expression => ({
        index: a.index.modulo(by),
        value: (values) => ((a.value(values) % by) + by) % by,
      })),
    ),
  }
})

test('expressions are what arithmetic says, and within their limits', () => {
  fc.assert(
    fc.property(
      expression,
      fc.record({ x: fc.nat(5), y: fc.nat(3), z: fc.nat(4) }),
      ({ index, value }, values) => {
        const wanted = value(values)
        expect(evaluate(index, values) + 0).toBe(wanted + 0)
        expect(index.min).toBeLessThanOrEqual(wanted)
        expect(index.max).toBeGreaterThanOrEqual(wanted)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a place taken apart in any shape and put together is itself', () => {
  const shapes = [[24, 5], [2, 3, 4, 5], [120], [4, 30], [1, 8, 15, 1]]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...shapes), { maxLength: 6 }), (chain) => {
      const place = Index.variable('i', 120, 1)
      let through = place
      for (const shape of chain) through = flatten(unflatten(through, shape), shape)
      expect(through.key).toBe(place.key)
    }),
  )
})

test('a reshape leaves the place as it is, and axes that stay as they are', () => {
  const shapes = [[24, 5], [2, 3, 4, 5], [120], [4, 30], [1, 8, 15, 1], [1, 24, 1, 5], [2, 12, 5]]
  const shape = fc.constantFrom(...shapes)
  fc.assert(
    fc.property(shape, shape, (from, to) => {
      const coordinates = from.map((length, axis) => Index.variable(`x${axis}`, length, axis))
      const place = flatten(reshaped(coordinates, from, to), to)
      expect(place.key).toBe(flatten(coordinates, from).key)
    }),
  )
  const [a, b] = [Index.variable('a', 128, 1), Index.variable('b', 64, 1)]
  expect(reshaped([a, b], [128, 64], [2, 64, 64])[2]).toBe(b)
})

const x = Index.variable('x', 16, 1)
const y = Index.variable('y', 4, 2)

test('reshapes between heads and rows become strides', () => {
  // [16, 4, 8] seen as [16, 32], transposed and seen as rows again.
  const z = Index.variable('z', 8, 3)
  const [row, column] = unflatten(flatten([x, y, z], [16, 4, 8]), [16, 32])
  expect(row!.key).toBe(x.key)
  expect(column!.key).toBe(y.times(8).plus(z).key)
  expect(x.times(4).plus(y).dividedBy(4).key).toBe(x.key)
  expect(x.times(4).plus(y).modulo(4).key).toBe(y.key)
  expect(x.times(8).plus(y).dividedBy(4).key).toBe(x.times(2).key)
})

test('divisions of divisions are one', () => {
  const i = Index.variable('i', 1000, 1)
  expect(i.dividedBy(5).dividedBy(4).key).toBe(i.dividedBy(20).key)
  expect(i.modulo(20).dividedBy(5).key).toBe(i.dividedBy(5).modulo(4).key)
  expect(i.modulo(20).modulo(5).key).toBe(i.modulo(5).key)
})
