// plugboard check and list: all that is wrong at once, each at its line; and what there is.
import { expect, test, vi } from 'vitest'
import { folderOf } from './folders.fixture.ts'
import { cli, CONFIG, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** What `check` says of the line workspace with these files changed. */
async function check(changes: Record<string, string>) {
  return cli(['check', await folderOf({ ...LINE, ...changes })])
}

test('a good workspace has no problems', async () => {
  expect(await check({})).toEqual({
    code: 0,
    out: 'No problems in 5 files; plugins of its own: 3.\n',
    err: '',
  })
})

test('syntax errors, with the lines around them', async () => {
  const { code, err } = await check({
    'plugins/a.ts': 'const a = 1\n\nconst b = = 2\n',
    'plugins/b.ts': 'export default {\n',
    'plugboard.yaml': `${CONFIG}  unknown: 1\n`,
  })
  expect(code).toBe(1)
  expect(err).toContain('plugins/a.ts:3:11: error: Expression expected.')
  expect(err).toContain('  3 | const b = = 2\n    |           ^\n')
  expect(err).toContain("plugins/b.ts:2:1: error: '}' expected.")
  expect(err).toMatch(/plugboard\.yaml:16:3: error: .*`plugins\.unknown`/)
})

test('--json writes every problem as a line, with the same code; so do run and test', async () => {
  const folder = await folderOf({
    ...LINE,
    'plugins/a.ts': 'const b = = 2\n',
    'plugboard.yaml': `${CONFIG}  unknown: 1\n`,
  })
  const problems = [
    { code: 'module.compile', message: 'Expression expected.', source: { file: 'plugins/a.ts' } },
    { code: 'config.invalid', source: { file: 'plugboard.yaml', line: 16, column: 3 } },
  ]
  for (const [command, expected] of [
    ['check', problems],
    ['run', problems],
    ['test', problems.slice(0, 1)],
  ] as const) {
    const { code, out, err } = await cli([command, folder, '--json'])
    expect([code, err]).toEqual([1, ''])
    const lines = out.trim().split('\n')
    const records = lines.map((line) => JSON.parse(line) as { type: string; data: unknown })
    const found = records.filter(({ type }) => type === 'problem').map(({ data }) => data)
    expect(found).toMatchObject(expected)
  }
  const missing = await cli(['check', '/nowhere', '--json'])
  expect(JSON.parse(missing.out)).toMatchObject({
    type: 'problem',
    data: { message: "There is no folder or zip '/nowhere'." },
  })
  expect(await cli(['check', await folderOf(LINE), '--json'])).toEqual({
    code: 0,
    out: '',
    err: '',
  })
})

test('imports of what is not there', async () => {
  const teller = LINE['plugins/teller.ts']!
  const { code, err } = await check({
    'plugins/teller.ts': `import { half } from './lib/shape.ts'\nimport './lib/none.ts'\n${teller}`,
  })
  expect(code).toBe(1)
  expect(err).toMatch(/plugins\/teller\.ts:2:\d+: error: .*none\.ts/)
})

test('names that a file does not export, and what throws when it is loaded', async () => {
  const teller = LINE['plugins/teller.ts']!
  const linked = await check({
    'plugins/teller.ts': `import { half } from './lib/shape.ts'\nconsole.log(half)\n${teller}`,
  })
  expect(linked.code).toBe(1)
  expect(linked.err).toMatch(/error: .*half/)
  const thrown = await check({ 'plugins/teller.ts': `${teller}\nnull!.x\n` })
  expect(thrown.code).toBe(1)
  expect(thrown.err).toMatch(/plugins\/teller\.ts:12:7: error: /)
})

test('settings of plugins and of components, all at once', async () => {
  const { code, err } = await check({
    'plugboard.yaml': CONFIG.replace('every: 5', 'evry: 5').replace(
      'batch_size: 16',
      'batch_size: 0',
    ),
  })
  expect(code).toBe(1)
  expect(err).toMatch(/plugboard\.yaml:9:5: error: .*batch_size` is 0/)
  const plugin = await check({ 'plugboard.yaml': CONFIG.replace('every: 5', 'evry: 5') })
  expect(plugin.code).toBe(1)
  expect(plugin.err).toMatch(/plugboard\.yaml:15:25: error: .*`evry` is not a known setting/)
  const component = await check({
    'plugboard.yaml': CONFIG.replace('learning_rate: 0.05', 'learning_rat: 0.05').replace(
      'mse',
      'none',
    ),
  })
  expect(component.code).toBe(1)
  expect(component.err).toMatch(/plugboard\.yaml:11:\d+: error: .*`learning_rat`/)
  expect(component.err).toMatch(/plugboard\.yaml:10:\d+: error: .*none/)
})

test('list shows states and contributions; with --all those of unused plugins', async () => {
  const folder = await folderOf(LINE)
  const used = await cli(['list', folder])
  expect(used).toMatchObject({ code: 0, err: '' })
  expect(used.out).toMatch(
    /^line_data 1\.0\.0 +dataset +running +plugins\/line-data\.ts +dataset\/line_data$/m,
  )
  expect(used.out).toMatch(/^sgd \S+ +optimizer +running +builtin +optimizer\/sgd$/m)
  expect(used.out).not.toContain('gpt')
  const all = await cli(['list', folder, '--all'])
  expect(all.out).toMatch(/^gpt \S+ +model +discovered +builtin +model\/gpt$/m)
  const { plugins } = JSON.parse((await cli(['list', folder, '--json'])).out) as {
    plugins: unknown[]
  }
  expect(plugins.length).toBeGreaterThan(20)
})

test('list tells what keeps a plugin from coming up, after the list', async () => {
  const folder = await folderOf({
    ...LINE,
    'plugboard.yaml': CONFIG.replace('every: 5', 'every: 0'),
  })
  const { code, out, err } = await cli(['list', folder])
  expect(code).toBe(1)
  expect(out).toMatch(/^teller 1\.0\.0 +callback +failed/m)
  expect(err).toMatch(/^plugboard\.yaml:15:25: error: .*every/)
})
