// Zoom and pan stay within what there is.
import { expect, test } from 'vitest'
import { keyDeed, movedView } from './gestures.ts'

const full = { min: 0, max: 100, isLog: false }

test('zooms around a place, moves, and stops at the ends', () => {
  expect(movedView(full, full, { factor: 2 })).toEqual([25, 75])
  expect(movedView(full, full, { factor: 2, share: 0 })).toEqual([0, 50])
  const part = { min: 25, max: 75, isLog: false }
  expect(movedView(part, full, { shift: 0.2 })).toEqual([35, 85])
  expect(movedView(part, full, { shift: 9 })).toEqual([50, 100])
  expect(movedView(part, full, { factor: 0.5 })).toBeUndefined()
})

test('a log axis is moved by its decades', () => {
  const log = { min: 1, max: 10_000, isLog: true }
  const [from, to] = movedView(log, log, { factor: 2, share: 0 })!
  expect(from).toBeCloseTo(1, 9)
  expect(to).toBeCloseTo(100, 9)
})

test('there is an end to how close it goes', () => {
  const [from, to] = movedView(full, full, { factor: 1e12 })!
  expect(to - from).toBeCloseTo(0.001, 9)
})

test('keys', () => {
  expect(keyDeed('0', false)).toBe('reset')
  expect(keyDeed('ArrowLeft', false)).toEqual({ crosshair: -1 })
  expect(keyDeed('ArrowLeft', true)).toEqual({ move: { shift: -0.2 } })
  expect(keyDeed('x', false)).toBeUndefined()
})
