// Recent actions come first, each once; those that are gone are left out.
import { expect, test } from 'vitest'
import { recentFirst } from './recent.ts'

test('those chosen last come first, in their order', () => {
  const actions = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
  expect(recentFirst(actions, ['d', 'gone', 'b']).map(({ id }) => id)).toEqual(['d', 'b', 'a', 'c'])
})
