// The types that the editor gets: complete, and without what nobody completes.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { collectTypes } from './sdk-types.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = collectTypes(root)

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

/** Complaints of the compiler about `source`, by line, with the editor's files as its only libraries. */
function complaints(source: string): string[] {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, '.cache/sdk-types-'))
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    writeFileSync(join(folder, 'probe.ts'), source)
    const lib = ['es2023', 'esnext.disposable', 'esnext.decorators', 'webworker']
    const options = { target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib }
    const more = { types: [], strict: true, noEmit: true, skipLibCheck: true }
    const compilerOptions = { ...options, ...more, allowImportingTsExtensions: true }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['probe.ts'] }),
    )
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    return []
  } catch (thrown) {
    const { stdout } = thrown as { stdout: string }
    return [...stdout.matchAll(/probe\.ts\((\d+),\d+\): error (TS\d+)/gm)].map(
      ([, line, code]) => `${line} ${code}`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test(
  'types what a test of a workspace imports, and nothing of it as any',
  { timeout: 60_000 },
  () => {
    const source = `import { plugin } from 'plugboard'
import { createFakeClock, createTestBus, createTestEngine, expect, fn, test } from 'plugboard/testing'
class Mine extends plugin({ manifest: { name: 'mine', version: '1.0.0' } }) { add(a: number) { return a } }
test('types', async () => {
  const engine = await createTestEngine({ plugins: [Mine], clock: createFakeClock() })
  expect(engine.instance<Mine>('mine').add(1)).not.toBe(2)
  const states = engine.events.data('plugin.state').map(({ name, state }) => [name, state])
  const send = fn((text: string) => text.length)
  expect(send).toHaveBeenCalledWith(states)
  createTestBus().emit('a', { b: 1 })
  engine.nothing
  engine.events.data('plugin.nothing')
  expect(1).toBeNothing()
  send(1)
  engine.state('mine') === 'flying'
  createTestBus().nothing
  createFakeClock().advance('1')
})
`
    const wrong = ['11 TS2339', '12 TS2345', '13 TS2339', '14 TS2345', '15 TS2367', '16 TS2339']
    expect(complaints(source)).toEqual([...wrong, '17 TS2345'])
  },
)
