// Which files of a workspace the engine may read.
import { expect, test } from 'vitest'
import { projectOf, readFile } from './project.ts'

const files = new Map<string, string | Uint8Array<ArrayBuffer>>([
  ['data/a.csv', 'a'],
  ['plugins/known-days/days.csv', 'b'],
  ['packages/sentiment/models/weights.bin', Uint8Array.of(1, 2)],
  ['wasm/tfjs-backend-wasm-simd.wasm', Uint8Array.of(3)],
])

test('[P22] files that ship with a plugin are read where they lie, as a copy', () => {
  const bytes = (path: string) => [...new Uint8Array(readFile(files, path) ?? [])]
  expect(bytes('data/a.csv')).toEqual([97])
  expect(bytes('plugins/known-days/days.csv')).toEqual([98])
  expect(bytes('packages/sentiment/models/weights.bin')).toEqual([1, 2])
  expect(readFile(files, 'packages/sentiment/models/weights.bin')).not.toBe(
    files.get('packages/sentiment/models/weights.bin'),
  )
  expect(readFile(files, 'data/b.csv')).toBeUndefined()
  expect(projectOf(files, []).assets).toHaveLength(3)
})

test('no file of a workspace stands in for the binary of the device', () => {
  expect(readFile(files, 'wasm/tfjs-backend-wasm-simd.wasm')).toBeUndefined()
})
