// The types that the editor gets: complete, and without what nobody completes.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { collectTypes } from './sdk-types.ts'

const files = collectTypes(fileURLToPath(new URL('../..', import.meta.url)))

test('holds the sdk, tfjs with chained operators, and zod', () => {
  expect([...files.keys()]).toEqual(
    expect.arrayContaining([
      'node_modules/plugboard/index.ts',
      'node_modules/@tensorflow/tfjs/index.ts',
      'node_modules/@tensorflow/tfjs-core/dist/ops/mat_mul.d.ts',
      'node_modules/@tensorflow/tfjs-core/dist/public/chained_ops/add.d.ts',
      'node_modules/zod/v4/classic/schemas.d.ts',
    ]),
  )
  expect(files.get('node_modules/plugboard/plugin.ts')).toContain('Base class of a plugin')
})

test('leaves out tests and messages in other languages', () => {
  const unwanted = [...files.keys()].filter((path) => /[._]test\.|locales\/[a-z]{2}\./.test(path))
  expect(unwanted).toEqual([])
})

test('stays within what the editor can load at once', () => {
  const characters = [...files.values()].reduce((sum, text) => sum + text.length, 0)
  expect(characters).toBeLessThan(1_500_000)
  expect(characters).toBeGreaterThan(100_000)
})
