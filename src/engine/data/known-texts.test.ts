// Which columns of text are chosen from, not typed.
import { expect, test } from 'vitest'
import type { Column } from '#sdk'
import { knownTexts } from './known-texts.ts'

const text = (...data: string[]): Column => ({ type: 'text', data })

test('those in which few texts come again, by names that say nothing else', () => {
  const known = knownTexts({
    length: 4,
    columns: {
      place: text('south', 'north', 'south', ''),
      side: text('b', 'a', 'b', 'a'),
      long: text('a'.repeat(1000), 'a', 'a', 'a'),
      n: { type: 'number', data: Float32Array.of(1, 1, 1, 1), shape: [], dtype: 'float32' },
      // As every object has.
      valueOf: text('1', '2', '3', '4'),
    },
  })
  expect([...known]).toEqual([['side', ['a', 'b']]])
  expect(known.get('valueOf')).toBeUndefined()
})
