// Zoom and pan stay within what there is.
import { expect, test } from 'vitest'
import { keyDeed, movedView, touchMove } from './gestures.ts'

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

test('two fingers keep between them what was there, one finger moves the view', () => {
  const pinch = touchMove({ from: 80, to: 60 }, { from: 120, to: 140 }, 200)
  expect(pinch).toEqual({ factor: 2, share: 0.5, shift: 0 })
  expect(movedView(full, full, pinch)).toEqual([25, 75])
  const moved = touchMove({ from: 20, to: 10 }, { from: 60, to: 50 }, 100)
  expect(movedView({ ...full, min: 25, max: 75 }, full, moved)).toEqual([30, 80])
  expect(touchMove({ from: 50, to: 75 }, undefined, 100)).toEqual({ shift: -0.25 })
  // Fingers on one place neither divide by nothing nor leap.
  expect(touchMove({ from: 50, to: 50 }, { from: 50, to: 50 }, 100).factor).toBe(1)
})

test('keys', () => {
  expect(keyDeed('0', false)).toBe('reset')
  expect(keyDeed('ArrowLeft', false)).toEqual({ crosshair: -1 })
  expect(keyDeed('ArrowLeft', true)).toEqual({ move: { shift: -0.2 } })
  expect(keyDeed('x', false)).toBeUndefined()
})
