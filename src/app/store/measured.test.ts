// What is kept of measurements, whatever storage does.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepMeasured, measuredBefore } from './measured.ts'

let stored: string | null
let isClosed: boolean

beforeEach(() => {
  stored = null
  isClosed = false
  const open = (): void => {
    if (isClosed) throw new DOMException('closed', 'SecurityError')
  }
  vi.stubGlobal('localStorage', {
    getItem: () => (open(), stored),
    setItem: (_: string, text: string) => (open(), (stored = text)),
  })
})
afterEach(() => vi.unstubAllGlobals())

const of = (adapter: string, products = 'tiles') => ({ adapter, products })

test('the latest of each adapter is kept, the last one first', () => {
  expect(measuredBefore()).toEqual([])
  for (const measured of [of('a'), of('b'), of('a', 'blocks')]) keepMeasured({ measured })
  expect(measuredBefore()).toEqual([of('a', 'blocks'), of('b')])
  keepMeasured({})
  expect(measuredBefore()).toHaveLength(2)
})

test('so many adapters that change all the time push out old ones', () => {
  for (let i = 0; i < 20; i++) keepMeasured({ measured: of(`driver ${i}`) })
  expect(measuredBefore().map(({ adapter }) => adapter)).toEqual(
    Array.from({ length: 8 }, (_, i) => `driver ${19 - i}`),
  )
})

test.each(['{', '{}', '[1]', '[{"adapter":"a"}]'])(
  'what is broken (%s) is as nothing, and written anew',
  (text) => {
    stored = text
    expect(measuredBefore()).toEqual([])
    keepMeasured({ measured: of('a') })
    expect(measuredBefore()).toEqual([of('a')])
  },
)

test('closed storage keeps nothing and breaks nothing', () => {
  isClosed = true
  keepMeasured({ measured: of('a') })
  expect(measuredBefore()).toEqual([])
})
