// Nothing that an event may hold breaks a line of JSON.
import { expect, test } from 'vitest'
import { jsonLine } from './json-lines.ts'

test('an event is one line, whatever plain data it holds', () => {
  const data = {
    text: 'two\nlines',
    numbers: [NaN, -Infinity, 0.5],
    bytes: Uint8Array.of(1, 255),
    buffer: Uint8Array.of(2).buffer,
    wide: BigInt64Array.of(-1n),
    none: undefined,
  }
  const line = jsonLine({ seq: 1, time: 2, type: 'acme.data', data })
  expect(line.indexOf('\n')).toBe(line.length - 1)
  expect(JSON.parse(line)).toEqual({
    seq: 1,
    time: 2,
    type: 'acme.data',
    data: {
      text: 'two\nlines',
      numbers: ['NaN', '-Infinity', 0.5],
      bytes: [1, 255],
      buffer: [2],
      wide: ['-1'],
    },
  })
})
