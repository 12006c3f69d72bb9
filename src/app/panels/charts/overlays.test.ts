// Labels of lines that lie close together stay readable.
import { expect, test } from 'vitest'
import { labelBaselines } from './overlays.ts'

test('labels stand above their lines, below at the top or under another label, never over one', () => {
  expect(labelBaselines([40, 90])).toEqual([36, 86])
  expect(labelBaselines([4])[0]).toBeGreaterThan(4)
  const [first, second, third] = labelBaselines([40, 48, 50])
  expect(first).toBeLessThan(40)
  expect(second).toBeGreaterThan(48)
  expect(third! - second!).toBeGreaterThanOrEqual(11)
})
