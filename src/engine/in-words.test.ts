// Values in words, as messages have them.
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import { expect, test } from 'vitest'
import { inWords } from './in-words.ts'

test.each<[unknown, string]>([
  [[], 'an empty array'],
  [[7], 'an array of 1 number'],
  [['a', 'b'], 'an array of 2 texts'],
  [[1, null, undefined], 'an array of 3 numbers and null and undefined'],
  // oxlint-disable-next-line unicorn/no-new-array -- Gaps are what it is about.
  [new Array(2), 'an array of 2 undefined'],
  [Float32Array.of(1), 'Float32Array of 1 number'],
  [new Int32Array(2), 'Int32Array of 2 numbers'],
  [{ a: 1, b: 2 }, 'an object { a, b }'],
  [Object.fromEntries('abcdef'.split('').map((key) => [key, 1])), 'an object { a, b, c, d, e, … }'],
  [Object.create(null), 'an empty object'],
  [new Map([[1, 2]]), 'a Map'],
  [new Promise(() => undefined), 'a promise'],
  [() => 1, 'a function'],
  ['x'.repeat(200), `the text "${'x'.repeat(100)}"`],
  [Number.NaN, 'the number NaN'],
  [true, 'a boolean'],
  [null, 'null'],
])('%s', (value, words) => {
  expect(inWords(value)).toBe(words)
})

test('a tensor', async () => {
  await tf.setBackend('cpu')
  const tensor = tf.zeros([2, 3])
  expect(inWords(tensor)).toBe('a tensor of shape [2, 3]')
  tensor.dispose()
})
