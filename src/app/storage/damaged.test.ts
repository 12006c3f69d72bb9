// Damaged records as text: whatever they hold.
import { expect, test } from 'vitest'
import { damagedText } from './damaged.ts'

test('shows what is stored, also what JSON has no word for', () => {
  const record = {
    id: 'a',
    n: 2n,
    steps: new Float64Array([1, NaN]),
    file: new Blob(['abc']),
    at: new Date(0),
  }
  expect(JSON.parse(damagedText([record, 'text', null]))).toEqual([
    { id: 'a', n: '2', steps: ['1', 'NaN'], file: '(3 bytes)', at: '1970-01-01T00:00:00.000Z' },
    'text',
    null,
  ])
})
