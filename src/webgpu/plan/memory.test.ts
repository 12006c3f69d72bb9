// Layouts of memory: nothing overlaps that lives at the same time.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aligned, type Lifetime, layOut } from './memory.ts'

const lifetime: fc.Arbitrary<Lifetime> = fc
  .tuple(fc.nat(40), fc.nat(8), fc.integer({ min: 1, max: 5000 }))
  .map(([first, length, bytes]) => ({ first, last: first + length, bytes }))

test('values that live at the same time never overlap, and all lie within the whole', () => {
  fc.assert(
    fc.property(fc.array(lifetime, { maxLength: 40 }), (lifetimes) => {
      const { offsets, bytes } = layOut(lifetimes)
      lifetimes.forEach((a, i) => {
        expect(offsets[i]! % 256).toBe(0)
        expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes)
        lifetimes.slice(0, i).forEach((b, j) => {
          if (a.first > b.last || b.first > a.last) return
          const apart = offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!
          expect(apart).toBe(true)
        })
      })
    }),
  )
})

test('one after another they take the memory of the largest', () => {
  const chain = [300, 1000, 512, 7].map((bytes, i) => ({ bytes, first: 2 * i, last: 2 * i + 1 }))
  expect(layOut(chain).bytes).toBe(aligned(1000))
})
