// What is made of a file is made again when its text changes, and only then.
import { expect, test } from 'vitest'
import { LastKnown } from './last-known.ts'

test('makes a result again for another text only', () => {
  const known = new LastKnown<object>()
  const first = known.get('a.ts', 'one', () => ({}))
  const ofOther = known.get('b.ts', 'one', () => ({}))
  expect(ofOther).not.toBe(first)
  expect(known.get('a.ts', 'one', () => ({}))).toBe(first)
  const second = known.get('a.ts', 'two', () => ({}))
  expect(second).not.toBe(first)
  expect(known.get('a.ts', 'two', () => ({}))).toBe(second)
})

test('keeps nothing of what threw, and the results of the last thousand files', () => {
  const known = new LastKnown<number>()
  const fail = (): number => {
    throw new Error('cannot be read')
  }
  expect(() => known.get('a.ts', 'one', fail)).toThrow('cannot be read')
  expect(known.get('a.ts', 'one', () => 1)).toBe(1)
  for (let i = 0; i < 999; i++) known.get(`${i}.ts`, '', () => i)
  expect(known.get('a.ts', 'one', fail)).toBe(1)
  for (let i = 999; i < 1999; i++) known.get(`${i}.ts`, '', () => i)
  expect(known.get('a.ts', 'one', () => 2)).toBe(2)
})
