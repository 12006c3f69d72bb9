// plugboard check and list: all that is wrong at once, each at its line; and what there is.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { folderOf } from './folders.fixture.ts'
import { cli, CONFIG, LINE } from './line.fixture.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** What `check` says of the line workspace with these files changed. Looking at types takes seconds. */
async function check(changes: Record<string, string>, ...options: string[]) {
  return cli(['check', await folderOf({ ...LINE, ...changes }), ...options])
}
const checkUntyped = (changes: Record<string, string>) => check(changes, '--no-types')

test('a good workspace has no problems', async () => {
  expect(await check({})).toEqual({
    code: 0,
    out: 'No problems in 5 files; plugins of its own: 3.\n',
    err: '',
  })
})

test('syntax errors, with the lines around them', async () => {
  const { code, err } = await checkUntyped({
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
  expect(await cli(['check', await folderOf(LINE), '--json', '--no-types'])).toEqual({
    code: 0,
    out: '',
    err: '',
  })
})

test('imports of what is not there', async () => {
  const teller = LINE['plugins/teller.ts']!
  const { code, err } = await checkUntyped({
    'plugins/teller.ts': `import { half } from './lib/shape.ts'\nimport './lib/none.ts'\n${teller}`,
  })
  expect(code).toBe(1)
  expect(err).toMatch(/plugins\/teller\.ts:2:\d+: error: .*none\.ts/)
})

test('names that a file does not export, and what throws when it is loaded', async () => {
  const teller = LINE['plugins/teller.ts']!
  const linked = await checkUntyped({
    'plugins/teller.ts': `import { half } from './lib/shape.ts'\nconsole.log(half)\n${teller}`,
  })
  expect(linked.code).toBe(1)
  expect(linked.err).toMatch(/error: .*half/)
  const thrown = await checkUntyped({ 'plugins/teller.ts': `${teller}\nnull!.x\n` })
  expect(thrown.code).toBe(1)
  expect(thrown.err).toMatch(/plugins\/teller\.ts:12:7: error: /)
})

test('settings of plugins and of components, all at once', async () => {
  const { code, err } = await checkUntyped({
    'plugboard.yaml': CONFIG.replace('every: 5', 'evry: 5').replace(
      'batch_size: 16',
      'batch_size: 0',
    ),
  })
  expect(code).toBe(1)
  expect(err).toMatch(/plugboard\.yaml:9:5: error: .*batch_size` is 0/)
  const plugin = await checkUntyped({ 'plugboard.yaml': CONFIG.replace('every: 5', 'evry: 5') })
  expect(plugin.code).toBe(1)
  expect(plugin.err).toMatch(/plugboard\.yaml:15:25: error: .*`evry` is not a known setting/)
  const component = await checkUntyped({
    'plugboard.yaml': CONFIG.replace('learning_rate: 0.05', 'learning_rat: 0.05').replace(
      'mse',
      'none',
    ),
  })
  expect(component.code).toBe(1)
  expect(component.err).toMatch(/plugboard\.yaml:11:\d+: error: .*`learning_rat`/)
  expect(component.err).toMatch(/plugboard\.yaml:10:\d+: error: .*none/)
})

/** Declares an event and tells it. */
const COUNTER = `import { type HookArgs, plugin } from 'plugboard'

declare module 'plugboard' {
  interface Events {
    'counter.full': { steps: number }
  }
}

export default class Counter extends plugin({
  manifest: { name: 'counter', version: '1.0.0', category: 'callback' },
}) {
  steps = 0
  onStepEnd({ step }: HookArgs<'onStepEnd'>) {
    this.steps = step
    this.ctx.events.emit('counter.full', { steps: step })
  }
}
`
const COUNTER_TEST = `import { createTestEngine, expect, test } from 'plugboard/testing'
import Counter from '../plugins/counter.ts'

test('counts', async () => {
  const engine = await createTestEngine({ plugins: [Counter] })
  expect(engine.instance<Counter>('counter').steps).toBe(0)
})
`

test('types of what a workspace declares, and of what its tests import', async () => {
  const good = { 'plugins/counter.ts': COUNTER, 'tests/counter.test.ts': COUNTER_TEST }
  expect(await check(good)).toMatchObject({ code: 0, err: '' })
})

test('errors of type, each at its line; they keep nothing from running', async () => {
  const folder = await folderOf({
    ...LINE,
    'plugins/counter.ts': COUNTER.replace('{ steps: step }', "{ steps: 'all' }"),
    'plugins/lib/shape.ts': `${LINE['plugins/lib/shape.ts']}export const depth: string = width\n`,
    'tests/counter.test.ts': COUNTER_TEST.replace('.steps)', '.stairs)'),
  })
  const { code, err } = await cli(['check', folder])
  expect(code).toBe(1)
  expect(err.match(/^\S+: error: .*/gm)).toEqual([
    "plugins/counter.ts:15:44: error: TS2322: Type 'string' is not assignable to type 'number'.",
    "plugins/lib/shape.ts:3:14: error: TS2322: Type 'number' is not assignable to type 'string'.",
    "tests/counter.test.ts:6:46: error: TS2339: Property 'stairs' does not exist on type 'Counter'.",
  ])
  const lines = (await cli(['check', folder, '--json'])).out.trim().split('\n')
  expect(lines).toHaveLength(3)
  expect(JSON.parse(lines[1]!)).toEqual({
    type: 'problem',
    data: {
      code: 'module.types',
      message: "TS2322: Type 'number' is not assignable to type 'string'.",
      source: { file: 'plugins/lib/shape.ts', line: 3, column: 14 },
    },
  })
  expect(await cli(['check', folder, '--no-types'])).toMatchObject({ code: 0, err: '' })
})

test('errors of type come after what stops a run, and not on the same line again', async () => {
  const { code, err } = await check({
    'plugins/lib/shape.ts': `${LINE['plugins/lib/shape.ts']}export const depth: string = width\n`,
    'plugins/teller.ts': `import './lib/none.ts'\n${LINE['plugins/teller.ts']}`,
  })
  expect(code).toBe(1)
  expect(err.match(/^\S+: error: /gm)).toEqual([
    expect.stringMatching(/^plugins\/teller\.ts:1:/),
    'plugins/lib/shape.ts:3:14: error: ',
  ])
})

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const names = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

test.each(names)('the example %s has no problems, nor errors of type', async (name) => {
  expect(await cli(['check', examples + name])).toMatchObject({ code: 0, err: '' })
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
