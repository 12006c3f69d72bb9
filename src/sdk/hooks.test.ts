import { describe, expect, test } from 'vitest'
import { after, before, condition, every } from './index.ts'

const epochs = (when: ReturnType<typeof every.epochs>) =>
  [1, 2, 3, 4, 5, 6].filter((epoch) => when.holds({ epoch }))

describe('[A11] conditions', () => {
  test('every, after and before count from 1', () => {
    expect(epochs(every.epochs(2))).toEqual([2, 4, 6])
    expect(epochs(after.epoch(4))).toEqual([5, 6])
    expect(epochs(before.epoch(3))).toEqual([1, 2])
    expect(every.steps(100).holds({ step: 200 })).toBe(true)
    expect(every.steps(100).holds({ epoch: 100 })).toBe(false)
  })

  test('and, or and not combine, with the counters of both', () => {
    expect(epochs(every.epochs(2).and(after.epoch(2)))).toEqual([4, 6])
    expect(epochs(before.epoch(2).or(after.epoch(5)))).toEqual([1, 6])
    expect(epochs(every.epochs(2).not)).toEqual([1, 3, 5])
    expect(every.epochs(2).and(every.steps(3)).counters).toEqual(['epoch', 'step'])
    expect(every.epochs(2).and(after.epoch(2)).not.label).toBe(
      'not (every 2 epochs and after epoch 2)',
    )
  })

  test('a count that says nothing is refused', () => {
    for (const n of [0, -1, 2.5, Number.NaN]) expect(() => every.steps(n)).toThrow('every ')
    expect(() => every.epochs(0)).toThrow('counts to 0, which is no whole number from 1 on')
    expect(() => after.step(-1)).toThrow('from 0 on')
    expect(() => before.epoch(0)).toThrow('from 1 on')
    expect(epochs(after.epoch(0))).toHaveLength(6)
  })

  test('any predicate is a condition', () => {
    expect(
      epochs(condition('prime', ['epoch'], ({ epoch = 0 }) => [2, 3, 5].includes(epoch))),
    ).toEqual([2, 3, 5])
  })
})
