// The fences between zones hold: what a zone must not name or import is an error of the compiler or the linter.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'

// Each test starts a checker of its own, seconds each on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const root = fileURLToPath(new URL('..', import.meta.url))
mkdirSync(join(root, '.cache'), { recursive: true })
// Inside the package, so that '#engine' and the packages resolve as they do under src.
const folder = mkdtempSync(join(root, '.cache', 'zones-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What the command prints; a non-zero exit is expected of checkers that find something. */
function output(program: string, args: string[], cwd = root): string {
  try {
    return execFileSync(join(root, 'node_modules/.bin', program), args, {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return stdout + stderr
  }
}

/** The compiler's complaints about `lines` as a file of `zone`, by line: its code, or undefined where it has none. */
function compile(zone: string, lines: string[]): (string | undefined)[] {
  const config = {
    extends: relative(folder, join(root, `src/${zone}/tsconfig.json`)),
    compilerOptions: { incremental: false, tsBuildInfoFile: null },
    files: ['probe.ts', relative(folder, join(root, 'src/sdk/globals.d.ts'))],
    include: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'probe.ts'), lines.join('\n'))
  const found = output('tsc', ['-p', folder, '--pretty', 'false'])
  return lines.map(
    (_, i) => new RegExp(`probe\\.ts\\(${i + 1},\\d+\\): error (TS\\d+)`).exec(found)?.[1],
  )
}

test.each(['sdk', 'protocol', 'workspace', 'engine', 'plugins'])(
  '%s knows no DOM, worker, GPU or Node name, not even through the types of tfjs',
  (zone) => {
    expect(
      compile(zone, [
        `import * as tf from '@tensorflow/tfjs'`,
        `export const product: tf.Tensor = tf.tensor2d([[1]]).matMul([[1]])`,
        `export const later = setTimeout(() => structuredClone(performance.now()), 1)`,
        `document`,
        `self`,
        `navigator`,
        `fetch`,
        `console`,
        `process`,
        `export type A = HTMLCanvasElement`,
        `export type B = GPUBuffer`,
      ]),
    ).toEqual([
      undefined,
      undefined,
      undefined,
      'TS2584',
      'TS2304',
      'TS2304',
      'TS2304',
      'TS2584',
      'TS2591',
      'TS2304',
      'TS2304',
    ])
  },
)

test('a zone is imported by its name only: a path behind it does not resolve', () => {
  expect(
    compile('engine', [`import '#sdk'`, `import '#sdk/run'`, `import type {} from '#engine/x'`]),
  ).toEqual([undefined, 'TS2882', 'TS2307'])
})

test.each([
  { zone: 'sdk', statement: `import '#protocol'`, says: 'The sdk imports no other zone' },
  { zone: 'protocol', statement: `import '#engine'`, says: 'The protocol imports only #sdk' },
  { zone: 'engine', statement: `import '#plugins'`, says: 'The engine imports only' },
  { zone: 'workspace', statement: `import '#cli'`, says: 'The workspace imports only' },
  { zone: 'plugins', statement: `import '#sdk'`, says: `Built-in plugins import only 'plugboard'` },
  { zone: 'app', statement: `import '#engine'`, says: 'The app reaches the engine through' },
  { zone: 'engine', statement: `import '../sdk/run.ts'`, says: 'Import another zone by its name' },
  { zone: 'workers', statement: `import '../../engine/x.ts'`, says: 'Import another zone' },
])('the linter refuses $statement in $zone', ({ zone, statement, says }) => {
  // Outside the repository, where .cache is ignored; the patterns of a configuration count from its folder.
  const copy = mkdtempSync(join(tmpdir(), 'zones-'))
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(copy, '.oxlintrc.json'))
    mkdirSync(join(copy, 'src', zone), { recursive: true })
    writeFileSync(join(copy, 'src', zone, 'probe.ts'), statement)
    expect(output('oxlint', [], copy)).toContain(says)
  } finally {
    rmSync(copy, { recursive: true })
  }
})
