// The walk through lines that were entered.
import { expect, test } from 'vitest'
import { addToHistory, walk } from './history.ts'

test('back to the oldest line, forth to what was being written; a line twice in a row is one', () => {
  for (const line of ['a', 'b', 'b', 'c']) addToHistory(line)
  const { back, forth } = walk('draft')
  expect([back(), back(), back(), back()]).toEqual(['c', 'b', 'a', 'a'])
  expect([forth(), forth(), forth(), forth()]).toEqual(['b', 'c', 'draft', 'draft'])
})
