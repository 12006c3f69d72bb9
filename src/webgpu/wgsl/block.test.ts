// Where the parts of an index expression stand.
import { expect, test } from 'vitest'
import { Block } from './block.ts'
import { Index } from './index-math.ts'

test('what an inner loop does not change is computed outside of it', () => {
  const root = new Block()
  const row = Index.variable('row', 10, 0)
  root.loop(5, (outer, x) => {
    outer.loop(7, (inner, y) => {
      const place = row.times(35).plus(x.times(7)).plus(y)
      inner.add(`use(${inner.index(place)});`)
      inner.add(`use(${inner.index(place.plus(1))});`)
    })
  })
  expect(root.lines).toEqual([
    'let i0 = row * 35;',
    'for (var j0: i32 = 0; j0 < 5; j0 += 1) {',
    '  let i1 = i0 + j0 * 7;',
    '  for (var j1: i32 = 0; j1 < 7; j1 += 1) {',
    '    let i2 = i1 + j1;',
    '    use(i2);',
    '    use(i2 + 1);',
    '  }',
    '}',
  ])
})

test('division by a power of two is by bits', () => {
  const root = new Block()
  const i = Index.variable('i', 100, 0)
  expect([root.index(i.dividedBy(8)), root.index(i.modulo(8)), root.index(i.modulo(6))]).toEqual([
    'i0',
    'i1',
    'i2',
  ])
  expect(root.lines).toEqual(['let i0 = i >> 3u;', 'let i1 = i & 7;', 'let i2 = i % 6;'])
})
