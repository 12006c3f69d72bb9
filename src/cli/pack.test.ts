// A plugin as an npm package, and back: npm takes it, and another workspace trains with it.
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { loadPackages } from '#workspace'
import { folderOf, freshPath } from './folders.fixture.ts'
import { cli, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine, npm as well.
vi.setConfig({ testTimeout: 120_000 })
const run = promisify(execFile)

const BOUND = `import { type HookArgs, plugin, z } from 'plugboard'
import type { Limits } from '../lib/limits.ts'
import { clamp } from '../lib/limits.ts'

export default class Bound extends plugin({
  manifest: {
    name: 'bound', version: '1.2.0', category: 'callback', author: 'Ada', license: 'MIT',
    description: 'Says the loss within bounds', tags: ['loss'],
  },
  config: z.object({ most: z.number().min(0).default(9).describe('upper bound | of the loss') }),
}) {
  #limits: Limits = { least: 0, most: this.config.most }
  async initialize() {
    this.ctx.log.info(new TextDecoder().decode(await this.ctx.asset('data/greeting.txt')))
  }
  onMetrics({ metrics }: HookArgs<'onMetrics'>) {
    this.ctx.log.info(\`bounded \${clamp(metrics['loss'] ?? 0, this.#limits)}\`)
  }
}
`
const WORKSPACE = {
  ...LINE,
  'plugins/bound.ts': BOUND,
  'lib/limits.ts': `import type { Bounds } from './types.ts'
export type Limits = Bounds
export const clamp = (x: number, { least, most }: Limits) => Math.min(most, Math.max(least, x))
`,
  'lib/types.ts': 'export interface Bounds { least: number; most: number }\n',
  'lib/unused.ts': 'export const unused = 1\n',
  'data/greeting.txt': 'hello from the package',
  LICENSE: 'Use it as you like.\n',
  'tests/bound.test.ts': `import { expect, test } from 'plugboard/testing'
import { clamp } from '../lib/limits.ts'
import Bound from '../plugins/bound.ts'
test('clamps', () => { expect([clamp(5, { least: 0, most: 2 }), typeof Bound]).toEqual([2, 'function']) })
`,
  'tests/both.test.ts': `import { test } from 'plugboard/testing'
import '../plugins/bound.ts'
import '../plugins/teller.ts'
test('both', () => {})
`,
}

async function packed(): Promise<string> {
  const out = freshPath('out')
  await mkdir(out)
  const made = await cli(['pack', 'bound', await folderOf(WORKSPACE), '--out', out])
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(made.out).toContain('Left out tests/both.test.ts: it needs plugins/teller.ts as well.')
  expect(made.out).toMatch(/plugboard-bound 1\.2\.0: .*plugboard-bound-1\.2\.0\.tgz, \d+ bytes\n$/)
  return join(out, 'plugboard-bound-1.2.0.tgz')
}

test('[K21] a plugin becomes a package with entry point, types, README and tests, which npm takes', async () => {
  const archive = await packed()
  const project = await folderOf({ 'package.json': '{ "name": "host", "version": "1.0.0" }' })
  const args = ['--offline', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund']
  await run('npm', ['install', archive, ...args], { cwd: project })
  const inside = join(project, 'node_modules/plugboard-bound')
  const read = (path: string) => readFile(join(inside, path), 'utf8')

  expect(JSON.parse(await read('package.json'))).toMatchObject({
    name: 'plugboard-bound',
    version: '1.2.0',
    description: 'Says the loss within bounds',
    keywords: ['plugboard-plugin', 'loss'],
    license: 'MIT',
    author: 'Ada',
    type: 'module',
    exports: {
      '.': {
        types: './dist/plugins/bound.d.ts',
        plugboard: './plugins/bound.ts',
        default: './dist/plugins/bound.js',
      },
    },
    peerDependencies: { plugboard: '*' },
    plugboard: {
      entries: ['./plugins/bound.ts'],
      plugins: [{ name: 'bound', category: 'callback' }],
    },
  })
  expect(await read('plugins/bound.ts')).toBe(BOUND)
  expect(await read('dist/plugins/bound.js')).toContain("from '../lib/limits.js'")
  expect(await read('dist/plugins/bound.d.ts')).toMatch(/export default class Bound extends/)
  expect(await read('dist/lib/limits.d.ts')).toContain("from './types.js'")
  expect(await read('README.md')).toContain(
    '| `most` | number ≥ 0 | `9` | upper bound \\| of the loss |',
  )
  expect(await read('tests/bound.test.ts')).toBe(WORKSPACE['tests/bound.test.ts'])
  expect(await read('LICENSE')).toBe('Use it as you like.\n')
  await expect(read('lib/unused.ts')).rejects.toThrow('ENOENT')

  // What npm itself would pack of it is what is in it.
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: inside })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  const { readPackage, unpackArchive, withoutTop } = await loadPackages()
  const bytes = new Uint8Array(await readFile(archive))
  expect(files.map(({ path }) => path).sort()).toEqual(
    [...withoutTop(await unpackArchive(bytes)).keys()].sort(),
  )
  expect((await readPackage(bytes, 'it')).entries).toEqual(['plugins/bound.ts'])
})

test('[K21] another workspace takes the package, trains with it and runs its tests', async () => {
  const archive = await packed()
  const folder = await folderOf(LINE)
  await writeFile(join(folder, 'bound.tgz'), await readFile(archive))
  const added = await cli(['add', './bound.tgz', '--to', folder])
  expect(added).toMatchObject({ code: 0, err: '' })
  expect(added.out).toBe(
    `plugboard-bound 1.2.0 in packages/plugboard-bound, from ./bound.tgz
  bound 1.2.0 · callback · Says the loss within bounds
`,
  )
  const trained = await cli(['run', folder, '--set', 'experiment.training.max_steps=2'])
  expect(trained).toMatchObject({ code: 0 })
  expect(trained.out).toContain('hello from the package')
  expect(trained.out).toMatch(/bound.*bounded \d/)
  const tested = await cli(['test', folder])
  expect(tested.out).toContain('✓ packages/plugboard-bound/tests/bound.test.ts › clamps')
  expect(tested.code).toBe(0)
  expect(await cli(['check', folder])).toMatchObject({ code: 0 })
})

test('a package whose plugin needs what is not there says so', async () => {
  const needy = BOUND.replace("tags: ['loss'],", "requires: { 'plugin:teller': '^2' },")
  const folder = await folderOf({ ...WORKSPACE, 'plugins/bound.ts': needy })
  const refused = await cli(['pack', 'bound', folder])
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.err).toContain('bound requires plugin:teller ^2, but there is teller 1.0.0')
  expect(await cli(['pack', 'bond', folder])).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no plugin bond') as string,
  })
})
