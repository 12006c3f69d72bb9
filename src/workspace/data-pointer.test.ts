// Notes that stand for large data files.
import { expect, test } from 'vitest'
import { missingData, pointerOf, pointerText } from './data-pointer.ts'

const pointer = { size: 12_582_912, sha256: 'ab'.repeat(32) }

test('a note is read as it was written, also with the line ends of Windows', () => {
  expect(pointerOf(pointerText(pointer))).toEqual(pointer)
  expect(pointerOf(pointerText(pointer).replaceAll('\n', '\r\n'))).toEqual(pointer)
})

test.each([
  undefined,
  '',
  'a,b\n1,2\n',
  new Uint8Array(),
  pointerText({ ...pointer, sha256: 'xyz' }),
  `${pointerText(pointer)}more\n`,
])('anything else is the file itself: %j', (content) => {
  expect(pointerOf(content)).toBeUndefined()
})

test('who lacks the file is told which one', () => {
  expect(missingData('data/sales.csv', pointer)).toContain(
    'needs data/sales.csv (12.0 MiB, SHA-256 abababababab…)',
  )
})
