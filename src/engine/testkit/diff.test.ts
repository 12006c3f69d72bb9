// How values that differ are told: as lines, whatever the values are.
import { expect, test } from 'vitest'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { differenceOf } from './diff.ts'
import { readable } from './readable.ts'

/** What a failed assertion of the test kit says. */
function difference(assertion: () => void): string | undefined {
  try {
    assertion()
  } catch (thrown) {
    return differenceOf(thrown)
  }
  throw new Error('the assertion held')
}

test('lines that differ are marked, few around them are kept', () => {
  const numbers = Array.from({ length: 12 }, (_, i) => ({ [`key${i}`]: 'x'.repeat(10) }))
  const received = numbers.with(6, { key6: 'y' })
  expect(difference(() => expect({ list: received, b: 1 }).toEqual({ b: 1, list: numbers }))).toBe(
    `  …
        key5: "xxxxxxxxxx",
      },
      {
-       key6: "xxxxxxxxxx",
+       key6: "y",
      },
      {
        key7: "xxxxxxxxxx",
  …`,
  )
})

test('lines that came and went', () => {
  const [a, b] = ['one\n', 'two\n']
  expect(difference(() => expect([a, 'x'.repeat(90)]).toEqual([a, b, 'x'.repeat(90)]))).toBe(
    `  [
    "one\\n",
-   "two\\n",
    "${'x'.repeat(90)}",
  ]`,
  )
  expect(difference(() => expect(2).toBe(3))).toBe('- 3\n+ 2')
})

test('no difference for what compares no two values, or none that can be seen', () => {
  expect(differenceOf(new Error('thrown'))).toBeUndefined()
  expect(differenceOf('thrown')).toBeUndefined()
  expect(difference(() => expect(1).toBeGreaterThan(2))).toBeUndefined()
  expect(difference(() => expect({}).toBe({}))).toBeUndefined()
})

test('every value has a text', () => {
  const circle: Record<string, unknown> = { name: 'circle' }
  circle['self'] = circle
  class Point {
    x = 1
    get bad(): number {
      throw new Error('never read')
    }
  }
  const hostile = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => ['a'] })
  expect(
    readable({
      circle,
      hostile,
      point: new Point(),
      map: new Map([['k', -0]]),
      set: new Set([1n]),
      floats: Float32Array.of(0.5, 2),
      tensor: tf.zeros([2, 3]),
      error: new RangeError('no'),
      any: expect.any(Number),
      none: [undefined, null, Symbol('s')],
      fn: readable,
      'two words': new Date(Number.NaN),
      empty: {},
    }),
  ).toBe(`{
  any: Any<Number>,
  circle: {
    name: "circle",
    self: [circular],
  },
  empty: {},
  error: [RangeError: no],
  floats: Float32Array [0.5, 2],
  fn: [function readable],
  hostile: [unreadable],
  map: Map {
    "k" => -0,
  },
  none: [undefined, null, Symbol(s)],
  point: Point {
    x: 1,
  },
  set: Set {
    1n,
  },
  tensor: Tensor(float32 [2, 3]),
  "two words": Invalid Date,
}`)
})

test('values without end are cut', () => {
  const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => ({ inner }), 0)
  const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key${i}`, 'long text']))
  expect(readable(deep).length).toBeLessThan(500)
  expect(readable(wide).split('\n')).toHaveLength(203)
  const long = Array.from({ length: 1e6 }, (_, i) => i)
  const text = difference(() => expect([long, 1]).toEqual([long.slice(1), 2]))!
  expect(text.length).toBeLessThan(10_010)
})
