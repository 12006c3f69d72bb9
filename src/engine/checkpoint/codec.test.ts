// Cloneable data through JSON and back.
import { expect, test } from 'vitest'
import { decode, encode } from './codec.ts'

/** Through the text that a file has. */
function through(value: unknown): unknown {
  const { nodes, tensors } = encode(structuredClone(value), 'the state')
  return decode({ nodes: JSON.parse(JSON.stringify(nodes)) as unknown[], tensors }, 'the state')
}

test.each([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['-0', -0],
  ['a text', 'text'],
  ['null', null],
  ['numbers', [1, 2.5, -3e-300]],
  ['numbers JSON has no word for', [1, Number.NaN, Infinity, -Infinity, -0, undefined]],
  ['a list of lists', [[], [1], ['a', ['b']]]],
  ['bigint', { a: 2n ** 80n }],
  ['a map with objects as keys', new Map<unknown, unknown>([[{ a: 1 }, new Set([1, 'b'])]])],
  ['a date', [new Date(1e12), new Date(Number.NaN)]],
  ['an undefined value', { a: undefined, b: { c: null } }],
  [
    'typed arrays',
    {
      f32: Float32Array.of(Number.NaN, 0.1),
      f64: Float64Array.of(0.1),
      i32: Int32Array.of(-7),
      i8: Int8Array.of(-7),
      u16: Uint16Array.of(65535),
      u8: Uint8Array.of(255),
      clamped: Uint8ClampedArray.of(300),
      big: BigInt64Array.of(-(2n ** 60n)),
      buffer: Uint8Array.of(1, 2).buffer,
      part: new Float32Array([1, 2, 3]).subarray(1),
    },
  ],
])('%s', (_, value) => expect(through(value)).toStrictEqual(value))

test('what is shared stays shared, also in a circle', () => {
  const shared = { list: [1] }
  const value: Record<string, unknown> = { a: shared, b: shared }
  value['self'] = value
  const read = through(value) as typeof value
  expect(read['a']).toBe(read['b'])
  expect(read['self']).toBe(read)
})

test('no key reaches the prototype', () => {
  const value = JSON.parse('{"__proto__": {"polluted": 1}}') as object
  const read = through(value) as object
  expect(Object.keys(read)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
})

test('what cannot be kept is named', () => {
  expect(() => encode({ a: [{ b: () => 1 }] }, 'the state of x')).toThrow(
    'the state of x cannot be kept: `a.0.b` is a function',
  )
  expect(() => encode({ e: /x/ }, 'it')).toThrow('`e` is a RegExp')
  let deep: unknown = 0
  for (let i = 0; i < 1000; i++) deep = { deep }
  expect(() => encode(deep, 'it')).toThrow('over 500 levels deep')
})

test.each([
  ['nothing', []],
  ['an index beyond the table', [['a', 7]]],
  ['an unknown constant', [['a', -99]]],
  ['an unknown kind', [['z', 1]]],
  ['a missing array', [['t', 'Float32Array', 'state/0']]],
  ['no index', [['a', 'x']]],
])('a record with %s is refused', (_, nodes) => {
  expect(() => decode({ nodes, tensors: new Map() }, 'x.safetensors')).toThrow(
    expect.objectContaining({ code: 'file.invalid' }),
  )
})
