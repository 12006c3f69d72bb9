// Drawings are brought to the middle and to one size, wherever and however large they were drawn.
import { expect, test } from 'vitest'
import { fitOf, offCentre } from './drawing.ts'

test('the longer side of a drawing fills 20 of 28 pixels, in the middle', () => {
  const strokes = [
    [
      { x: 100, y: 10 },
      { x: 140, y: 110 },
    ],
  ]
  const { scale, line, x, y } = fitOf(strokes, 28, 28)
  expect(line).toBe(2)
  expect([10 * scale + y, 110 * scale + y].map((it) => it.toFixed(6))).toEqual([
    '5.000000',
    '23.000000',
  ])
  expect((120 * scale + x).toFixed(6)).toBe('14.000000')
  const dot = fitOf([[{ x: 50, y: 60 }]], 28, 28)
  expect([dot.scale, 50 + dot.x, 60 + dot.y]).toEqual([1, 14, 14])
})

test('the centre of mass tells how far a picture is off', () => {
  const ink = new Float32Array(16)
  ink[0] = ink[1] = 1
  expect(offCentre(ink, 4)).toEqual({ x: -1, y: -1.5 })
  expect(offCentre(new Float32Array(16), 4)).toEqual({ x: 0, y: 0 })
})
