// Which files of a workspace the engine may read.
import { expect, test } from 'vitest'
import { projectOf, readFile, textProblem } from './project.ts'

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

test('a file that should be text and is none is named', () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, 0x61, 0])
  for (const path of [
    'plugboard.yaml',
    'plugins/a.ts',
    'plugins/a/plugin.yaml',
    'packages/a/package.json',
  ])
    expect(textProblem(new Map([[path, utf16]]))).toMatch(`${path} is no text in UTF-8`)
  expect(textProblem(new Map([['lib/a.ts', new Uint8Array(1_000_001)]]))).toMatch(/1000001 bytes/)
  for (const path of ['data/a.ts', 'data/a.bin', 'logo.png'])
    expect(textProblem(new Map([[path, utf16]]))).toBeUndefined()
})
