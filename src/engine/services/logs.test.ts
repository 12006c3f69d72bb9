import { expect, test } from 'vitest'
import type { LogLevel } from '#sdk'
import { pluginFile, Workbench } from '../testing/workbench.ts'

/** Two plugins that write a line of each level when they are told to. */
const files = {
  'plugins/ears.ts': writer('ears'),
  'plugins/eyes.ts': writer('eyes'),
}

function writer(name: string): string {
  return pluginFile(
    { name },
    `made = 0
  write() {
    const plugin = this
    const fields = { get at() { plugin.made++; return 1 } }
    for (const level of ['debug', 'info', 'warn', 'error']) this.ctx.log[level](level + ' of ${name}', fields)
    return this.made
  }`,
  )
}

const USE = 'plugins: { use: { ears: {}, eyes: {} } }\n'

/** Levels of the lines that each of the two writes now. */
async function written(bench: Workbench): Promise<Record<string, LogLevel[]>> {
  const before = bench.records.length
  for (const name of ['ears', 'eyes']) await bench.engine.call(name, 'write')
  const lines = bench.records.slice(before).filter(({ type }) => type === 'log')
  const levelsOf = (name: string): LogLevel[] =>
    lines.flatMap(({ plugin, data }) =>
      plugin === name ? [(data as { level: LogLevel }).level] : [],
    )
  return { ears: levelsOf('ears'), eyes: levelsOf('eyes') }
}

test('[F12] lines have a level, the name of their plugin, and fields as data', async () => {
  const bench = new Workbench()
  const body = `start() {
    const log = this.ctx.log.child({ fold: 2, phase: 'fit', at: new Date(0) })
    log.info('rows read', { rows: [160, 40], phase: 'read' })
    log.child({ fold: 3 }).error('stopped', { error: new RangeError('too many') })
    this.ctx.log.debug('done')
  }`
  await bench.up({ 'plugins/teller.ts': pluginFile({ name: 'teller' }, body) })
  const lines = bench.records.filter(({ type }) => type === 'log')
  expect(lines.map(({ plugin }) => plugin)).toEqual(['teller', 'teller', 'teller'])
  const at = new Date(0).toString()
  const source = (line: number) => ({ file: 'plugins/teller.ts', line, column: expect.any(Number) })
  expect(bench.events('log')).toEqual([
    {
      level: 'info',
      message: 'rows read',
      fields: {
        fold: 2,
        phase: 'read',
        at: expect.stringContaining(at.slice(0, 10)),
        rows: [160, 40],
      },
      source: source(5),
    },
    {
      level: 'error',
      message: 'stopped',
      fields: expect.objectContaining({ fold: 3, phase: 'fit', error: 'RangeError: too many' }),
      source: source(6),
    },
    { level: 'debug', message: 'done', fields: undefined, source: source(7) },
  ])
})

test('[F12] the project file sets the least level, for all and for single plugins', async () => {
  const bench = new Workbench()
  const report = await bench.up(files, `${USE}logging: { level: warn, plugins: { ears: debug } }`)
  expect(report.problems).toEqual([])
  expect(await written(bench)).toEqual({
    ears: ['debug', 'info', 'warn', 'error'],
    eyes: ['warn', 'error'],
  })
})

test('[F12] nothing is made of the fields of a line that is dropped', async () => {
  const bench = new Workbench()
  await bench.up(files, `${USE}logging: { level: error }`)
  expect(await bench.engine.call('ears', 'write')).toBe(1)
})

test('[F12] an edit of the levels holds at once and reloads no plugin', async () => {
  const bench = new Workbench()
  await bench.up(files, USE)
  expect((await written(bench))['eyes']).toHaveLength(4)
  const before = bench.records.length
  await bench.open(files, `${USE}logging: { plugins: { eyes: error } }`)
  expect(bench.records.slice(before)).toEqual([])
  expect(await written(bench)).toEqual({
    ears: ['debug', 'info', 'warn', 'error'],
    eyes: ['error'],
  })
})

test('[F12] what a plugin finds about others goes by its level', async () => {
  const judge = `onConfigCheck() { return { severity: 'warning', message: 'odd' } }`
  const all = {
    'plugins/judge.ts': pluginFile({ name: 'judge' }, judge),
    'plugins/rows.ts': pluginFile(
      { name: 'rows', provides: ['dataset/rows', 'model/rows'] },
      `initialize() {
        this.ctx.provide('dataset', 'rows', () => ({ load: async () => ({}) }))
        this.ctx.provide('model', 'rows', () => ({ forward: () => ({}) }))
      }`,
    ),
  }
  const config =
    'plugins: { use: { judge: {}, rows: {} } }\nexperiment: { dataset: rows, model: rows }\n'
  const loud = new Workbench()
  await loud.up(all, config)
  expect(loud.events('log')).toMatchObject([
    { message: 'judge about dataset rows: odd' },
    { message: 'judge about model rows: odd' },
  ])
  const quiet = new Workbench()
  await quiet.up(all, `${config}logging: { plugins: { judge: error } }`)
  expect(quiet.events('log')).toEqual([])
})

test('[F12] a level or a plugin that is not known is a problem at its line', async () => {
  const bench = new Workbench()
  const { problems } = await bench.open(
    files,
    `${USE}logging:\n  level: loud\n  plugins:\n    eyes: off\n`,
  )
  expect(problems).toMatchObject([
    {
      message: expect.stringMatching(/`logging.level` is "loud".*"debug"/),
      source: { line: 3, column: 3 },
    },
    {
      message: expect.stringMatching(/`logging.plugins.eyes` is "off"/),
      source: { line: 5, column: 5 },
    },
  ])
  const unknown = await bench.open(files, `${USE}logging:\n  plugins:\n    eye: info\n`)
  expect(unknown.problems).toMatchObject([
    {
      code: 'plugin.unknown',
      message: 'logging.plugins names `eye`, but there is no such plugin',
      hint: 'did you mean `eyes`?',
      source: { line: 4, column: 5 },
    },
  ])
})

test('lines lead to where user code wrote them, through loggers with fields and files it imports', async () => {
  const bench = new Workbench()
  const own = pluginFile(
    { name: 'talker' },
    `start() {
    this.ctx.log.info('from here')
    this.ctx.log.child({ a: 1 }).warn('as a child')
    this.ctx.log.debug('kept back')
    say(this.ctx.log)
  }`,
  )
  const files = {
    'plugins/talker.ts': `import { say } from '../lib/say.ts'\n${own}`,
    'lib/say.ts': `import type { Logger } from 'plugboard'
export function say(log: Logger): void {
  log.info('from there')
}
`,
  }
  await bench.up(files, 'plugins: { use: { talker: {} } }\nlogging: { level: info }\n')
  expect(bench.events('log')).toMatchObject([
    { message: 'from here', source: { file: 'plugins/talker.ts', line: 5, column: 18 } },
    { message: 'as a child', source: { file: 'plugins/talker.ts', line: 6, column: 34 } },
    { message: 'from there', source: { file: 'lib/say.ts', line: 3, column: 7 } },
  ])
})

test('what user code writes to the console is a line of its plugin; what libraries write is none', async () => {
  const bench = new Workbench()
  const told = (...values: unknown[]): void => bench.engine.print('warn', values)
  Object.assign(globalThis, { told })
  const circle: { self?: unknown } = {}
  circle.self = circle
  Object.assign(globalThis, { odd: [circle, 1n, undefined, new Error('no'), new Float32Array(2)] })
  const body = `start() {
    globalThis.told('loss', 0.5, { rows: [1, 2] })
    globalThis.told(...globalThis.odd)
  }`
  await bench.up({ 'plugins/talker.ts': pluginFile({ name: 'talker' }, body) })
  told('nobody of the workspace')
  const lines = bench.records.filter(({ type }) => type === 'log')
  expect(lines).toMatchObject([
    {
      plugin: 'talker',
      data: {
        level: 'warn',
        message: 'loss 0.5 {"rows":[1,2]}',
        source: { file: 'plugins/talker.ts', line: 4 },
      },
    },
    {
      plugin: 'talker',
      data: { message: 'an object { self } a bigint undefined Error: no [0,0]' },
    },
  ])
})

test('of a flood of lines, the first have their place', async () => {
  const bench = new Workbench()
  const body = `start() {
    for (let i = 0; i < 500; i++) this.ctx.log.info('again')
  }`
  await bench.up({ 'plugins/flood.ts': pluginFile({ name: 'flood' }, body) })
  const lines = bench.events('log')
  expect(lines).toHaveLength(500)
  const placed = lines.filter(({ source }) => source?.line === 4).length
  expect(placed).toBeGreaterThanOrEqual(200)
  expect(lines[0]?.source).toBeDefined()
})
