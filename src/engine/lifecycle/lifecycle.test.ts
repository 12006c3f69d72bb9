// The lifecycle through the engine's public door: states, events, steps by hand, failures, clean-up.
import { expect, test } from 'vitest'
import { definePlugin, type EngineError, plugin, type PluginClass, z } from '#sdk'
import { pluginFile, Workbench } from '../testing/workbench.ts'

const use = (...names: string[]): string =>
  `plugins:\n  use:\n${names.map((name) => `    ${name}: {}\n`).join('')}`

/** A built-in that notes which of its methods were called. */
function recorder(name: string, log: string[], manifest: object = {}): PluginClass {
  const note = (what: string) => () => void log.push(`${name} ${what}`)
  return definePlugin({
    manifest: { name, version: '1.0.0', ...manifest },
    methods: {
      validate: note('validate'),
      initialize: note('initialize'),
      start: note('start'),
      stop: note('stop'),
      cleanup: note('cleanup'),
    },
  })
}

test('[K01] every transition is a state and an event; illegal ones throw, repeated ends do nothing', async () => {
  const log: string[] = []
  const bench = new Workbench({ plugins: [recorder('a', log)] })
  const { engine } = bench
  await bench.open({}, use('a'))
  expect((await bench.plugin('a')).state).toBe('discovered')
  expect(bench.events('plugin.discovered')[0]).toMatchObject({ manifest: { name: 'a' } })
  await expect(engine.transition('a', 'start')).rejects.toMatchObject({
    code: 'lifecycle.transition',
    message: 'a is discovered and cannot start: that is possible when it is initialized or stopped',
  })
  const seen: string[] = []
  for (const step of [
    'validate',
    'load',
    'initialize',
    'start',
    'stop',
    'start',
    'stop',
    'stop',
  ] as const) {
    await engine.transition('a', step)
    seen.push((await bench.plugin('a')).state)
  }
  expect(seen).toEqual([
    'validated',
    'loaded',
    'initialized',
    'running',
    'stopped',
    'running',
    'stopped',
    'stopped',
  ])
  await engine.transition('a', 'cleanup')
  await engine.transition('a', 'cleanup')
  expect((await bench.plugin('a')).state).toBe('cleaned')
  expect(bench.states('a')).toEqual([
    'validated',
    'loaded',
    'initialized',
    'running',
    'stopped',
    'running',
    'stopped',
    'cleaned',
  ])
  expect(bench.events('plugin.state').every(({ durationMs }) => durationMs! >= 0)).toBe(true)
  expect(log).toEqual([
    'a validate',
    'a initialize',
    'a start',
    'a stop',
    'a start',
    'a stop',
    'a cleanup',
  ])
  await expect(engine.transition('a', 'start')).rejects.toMatchObject({
    code: 'lifecycle.transition',
  })
  await expect(engine.transition('b', 'load')).rejects.toMatchObject({ code: 'plugin.unknown' })
  // After cleanup it can be had again, as a new instance.
  await engine.transition('a', 'validate')
  expect((await bench.plugin('a')).state).toBe('validated')
})

test('[K02] a manifest is there before any code runs', async () => {
  const bench = new Workbench()
  const manifest = {
    name: 'shown',
    description: 'What it does',
    author: 'A. Author',
    category: 'callback',
    tags: ['x'],
    requires: { tfjs: '>=4' },
    provides: ['cap'],
  }
  const { plugins } = await bench.open({
    'plugins/shown.ts': `globalThis.ran = true\n${pluginFile(manifest)}`,
  })
  expect(plugins[0]).toMatchObject({
    manifest,
    origin: 'workspace',
    file: 'plugins/shown.ts',
    state: 'discovered',
  })
  expect('ran' in globalThis).toBe(false)
})

test('[K09] config is parsed by its schema, with defaults, for the constructor and for `this.config`', async () => {
  const seen: unknown[] = []
  class Configured extends plugin({
    manifest: { name: 'configured', version: '1.0.0' },
    config: z.object({
      nested: z.object({ n: z.int().default(3) }).prefault({}),
      word: z.string(),
    }),
  }) {
    readonly early = this.config.word
    initialize() {
      seen.push(this.early, this.config)
    }
  }
  const bench = new Workbench({ plugins: [Configured] })
  await bench.up({}, 'plugins:\n  use:\n    configured:\n      config:\n        word: hello\n')
  expect(seen).toEqual(['hello', { nested: { n: 3 }, word: 'hello' }])
  expect((await bench.plugin('configured')).configSchema).toMatchObject({ required: ['word'] })
})

test('[A12] a plugin whose config does not fit is not loaded; all problems at their lines', async () => {
  const Strict = definePlugin({
    manifest: { name: 'strict', version: '1.0.0' },
    config: z.strictObject({ size: z.int().min(1), name: z.string() }),
    methods: {},
  })
  const bench = new Workbench({ plugins: [Strict] })
  const report = await bench.up(
    {},
    'plugins:\n  use:\n    strict:\n      config:\n        size: 0\n        colour: red\n',
  )
  expect(report.plugins[0]).toMatchObject({
    state: 'failed',
    cause: 'threw',
    error: { stage: 'load' },
  })
  expect(report.problems.map(({ source }) => source?.line)).toEqual(
    expect.arrayContaining([4, 5, 6]),
  )
})

test('a config that is no schema is refused', async () => {
  const bench = new Workbench()
  await bench.up({ 'plugins/odd.ts': pluginFile({ name: 'odd' }, '', 'config: { size: 1 }') })
  expect((await bench.plugin('odd')).error).toMatchObject({
    code: 'config.invalid',
    message: 'the config of plugin odd is no zod schema',
    source: { file: 'plugins/odd.ts' },
  })
})

test('[K10] the project says what comes up by itself, and how far', async () => {
  const log: string[] = []
  const files = {
    'plugins/one.ts': pluginFile({ name: 'one', category: 'model' }),
    'plugins/two.ts': pluginFile({ name: 'two', category: 'callback' }),
    'plugins/three.ts': pluginFile({
      name: 'three',
      category: 'callback',
      requires: { absent: '*' },
    }),
  }
  const states = async (config: string) => {
    const { plugins } = await new Workbench({ plugins: [recorder('builtin', log)] }).up(
      files,
      config,
    )
    return Object.fromEntries(plugins.map(({ manifest, state }) => [manifest.name, state]))
  }
  expect(await states('')).toEqual({
    one: 'running',
    two: 'running',
    three: 'failed',
    builtin: 'discovered',
  })
  expect(await states('plugins: { auto_start: false }')).toMatchObject({ one: 'initialized' })
  expect(await states('plugins: { auto_initialize: false }')).toMatchObject({ one: 'loaded' })
  expect(await states('plugins: { validate_on_load: false }')).toMatchObject({ three: 'running' })
  expect(await states('plugins: { categories: [model] }')).toMatchObject({
    one: 'running',
    two: 'discovered',
  })
  expect(await states('plugins: { use: { one: { enabled: false }, builtin: {} } }')).toMatchObject({
    one: 'discovered',
    builtin: 'running',
  })
})

test('[K12] validate(ctx) can refuse, after the dependencies are initialized', async () => {
  const log: string[] = []
  const Picky = definePlugin({
    manifest: { name: 'picky', version: '1.0.0', requires: { 'plugin:base': '*' } },
    methods: {
      validate() {
        log.push('picky validate')
        throw new Error('no such setting')
      },
      initialize: () => void log.push('picky initialize'),
    },
  })
  const bench = new Workbench({ plugins: [Picky, recorder('base', log)] })
  const { plugins } = await bench.up({}, use('picky'))
  expect(log).toEqual(['base validate', 'base initialize', 'picky validate', 'base start'])
  expect(plugins.find(({ manifest }) => manifest.name === 'picky')).toMatchObject({
    state: 'failed',
    cause: 'threw',
    error: { stage: 'validate', message: 'Error: no such setting' },
  })
})

test('[K12] a refused setting is told at its place in the project file', async () => {
  const bench = new Workbench()
  const method = `  validate() {
    throw new EngineError({ message: 'the second name is taken', setting: ['names', 1], hint: 'choose another' })
  }`
  const config = 'config: z.object({ names: z.array(z.string()) })'
  const text = pluginFile({ name: 'picky' }, method, config).replace(
    'import {',
    'import { EngineError,',
  )
  const { problems } = await bench.up(
    { 'plugins/picky.ts': text },
    'plugins:\n  use:\n    picky:\n      config:\n        names:\n          - one\n          - two\n',
  )
  expect(problems).toMatchObject([
    {
      code: 'plugin.threw',
      message: 'the second name is taken',
      hint: 'choose another',
      stage: 'validate',
      source: { file: 'plugboard.yaml', line: 7, column: 13 },
    },
  ])
})

test('[K13] an error names plugin, stage and source, and keeps cause and stack', async () => {
  const bench = new Workbench()
  const text = pluginFile(
    { name: 'thrower' },
    `  initialize() {\n    this.#deep()\n  }\n  #deep() {\n    throw new TypeError('broken', { cause: new RangeError('the root') })\n  }`,
  )
  await bench.open({ 'plugins/thrower.ts': text })
  await bench.engine.transition('thrower', 'validate')
  await bench.engine.transition('thrower', 'load')
  const error = await bench.engine.transition('thrower', 'initialize').then(
    () => undefined,
    (thrown: unknown) => thrown as EngineError,
  )
  const line = text.split('\n').findIndex((row) => row.includes('broken')) + 1
  expect(error).toMatchObject({
    code: 'plugin.threw',
    plugin: 'thrower',
    stage: 'initialize',
    message: 'TypeError: broken',
    source: { file: 'plugins/thrower.ts', line },
  })
  expect(error!.frames!.map((frame) => frame.line)).toEqual([line, line - 3])
  expect(error!.stack).toContain('broken')
  expect(error!.cause).toMatchObject({ message: 'RangeError: the root' })
  expect(bench.events('plugin.state').at(-1)).toMatchObject({
    state: 'failed',
    error: { source: { line }, cause: { message: 'RangeError: the root' } },
  })
  await expect(bench.engine.transition('thrower', 'initialize')).rejects.toMatchObject({
    code: 'lifecycle.transition',
  })
  await bench.engine.transition('thrower', 'cleanup')
  expect((await bench.plugin('thrower')).state).toBe('cleaned')
})

test('a method that takes too long times out, its signal aborts, and what comes late is refused', async () => {
  let late: unknown
  let signal: AbortSignal | undefined
  const Slow = definePlugin({
    manifest: { name: 'slow', version: '1.0.0' },
    methods: {
      async initialize(ctx) {
        signal = ctx.signal
        await new Promise<void>((resolve) => signal!.addEventListener('abort', () => resolve()))
        try {
          ctx.provide('schedule', 'late', () => ({ factor: () => 1 }))
        } catch (thrown) {
          late = thrown
        }
      },
    },
  })
  const bench = new Workbench({ plugins: [Slow] })
  await bench.up({}, 'plugins:\n  timeout_ms: 20\n  use: { slow: {} }\n')
  expect(await bench.plugin('slow')).toMatchObject({
    state: 'failed',
    cause: 'timeout',
    error: {
      code: 'plugin.timeout',
      stage: 'initialize',
      message: 'initialize of slow did not end within 20 ms',
    },
    contributions: [],
  })
  expect(signal!.aborted).toBe(true)
  await Promise.resolve()
  expect(late).toMatchObject({ code: 'lifecycle.transition', plugin: 'slow' })
})

test('transitions asked for at once happen one after the other', async () => {
  const log: string[] = []
  const bench = new Workbench({ plugins: [recorder('a', log)] })
  await bench.open({}, use('a'))
  const steps = ['validate', 'load', 'initialize', 'start', 'stop', 'cleanup'] as const
  await Promise.all(steps.map((step) => bench.engine.transition('a', step)))
  expect((await bench.plugin('a')).state).toBe('cleaned')
})

test('[A01] what was registered goes away by itself, last first, also after a failure', async () => {
  const log: string[] = []
  const make = (fails: boolean): PluginClass =>
    definePlugin({
      manifest: { name: 'owner', version: '1.0.0' },
      methods: {
        initialize(ctx) {
          ctx.own(() => void log.push('first'))
          ctx.provide('schedule', 'flat', () => ({ factor: () => 1 }))
          ctx.hook('onTrainBegin', () => {})
          ctx.own({ dispose: () => void log.push('second') })
          if (fails) throw new Error('half way')
        },
        cleanup: () => void log.push('cleanup'),
      },
    })
  const down = ['second', 'first', 'cleanup']
  const bench = new Workbench({ plugins: [make(false)] })
  await bench.up({}, use('owner'))
  expect((await bench.plugin('owner')).contributions).toHaveLength(1)
  for (const step of ['stop', 'cleanup'] as const) await bench.engine.transition('owner', step)
  expect(log).toEqual(down)
  expect(await bench.plugin('owner')).toMatchObject({ contributions: [], hooks: [] })

  const failing = new Workbench({ plugins: [make(true)] })
  await failing.up({}, use('owner'))
  expect(log).toEqual([...down, ...down])
  expect(await failing.plugin('owner')).toMatchObject({
    state: 'failed',
    contributions: [],
    hooks: [],
  })
})

test('a disposer that throws is told, and the others still run', async () => {
  const log: string[] = []
  const Owner = definePlugin({
    manifest: { name: 'owner', version: '1.0.0' },
    methods: {
      initialize(ctx) {
        ctx.own(() => void log.push('first'))
        ctx.own(() => {
          throw new Error('stuck')
        })
      },
    },
  })
  const bench = new Workbench({ plugins: [Owner] })
  await bench.up({}, use('owner'))
  await bench.engine.transition('owner', 'stop')
  await expect(bench.engine.transition('owner', 'cleanup')).rejects.toMatchObject({
    stage: 'cleanup',
    message: 'Error: stuck',
  })
  expect(log).toEqual(['first'])
})

test('[A02] load and unload at run time leave nothing behind', async () => {
  const bench = new Workbench()
  await bench.up({})
  const text = pluginFile(
    { name: 'guest' },
    `  initialize(ctx) {
    ctx.provide('schedule', 'guest', () => ({ factor: () => 1 }))
    ctx.provideService(defineService('guest.service'), 1)
    ctx.events.on('*', () => {})
    ctx.panel({ id: 'guest', title: 'Guest', type: 'text' })
  }
  onEpochEnd() {}`,
  )
  await bench.up({ 'plugins/guest.ts': text })
  expect(await bench.plugin('guest')).toMatchObject({
    state: 'running',
    services: ['guest.service'],
    contributions: [{ kind: 'schedule', name: 'guest' }],
  })
  expect((await bench.plugin('guest')).hooks.map(({ hook }) => hook)).toEqual([
    'onEpochEnd',
    'event *',
  ])
  const report = await bench.open({})
  expect(report.plugins).toEqual([])
  expect(bench.events('panel.removed')).toEqual([{ id: 'guest' }])
  expect(bench.events('plugin.removed')).toEqual([{ name: 'guest' }])
})

test('[K24] a plain object joins as a plugin', async () => {
  const bench = new Workbench()
  await bench.up({
    'plugins/plain.ts': `import { definePlugin } from 'plugboard'
export default [
  definePlugin({ manifest: { name: 'plain', version: '1.0.0' }, methods: { start(ctx) { ctx.log.info('started', { n: 1 }) } } }),
  definePlugin({ manifest: { name: 'second', version: '1.0.0' }, methods: {} }),
]`,
  })
  expect((await bench.plugin('plain')).state).toBe('running')
  expect((await bench.plugin('second')).state).toBe('running')
  expect(bench.events('log')).toMatchObject([
    { level: 'info', message: 'started', fields: { n: 1 } },
  ])
})

test('a folder gives the plugins that its index exports, in whatever files they are', async () => {
  const bench = new Workbench()
  const report = await bench.up({
    'plugins/pair/index.ts': `import One from './one.ts'\nimport { two } from './parts/two.ts'\nexport default [One, two]`,
    'plugins/pair/one.ts': pluginFile({ name: 'one' }),
    'plugins/pair/parts/two.ts': `import { definePlugin } from 'plugboard'\nexport const two = definePlugin({ manifest: { name: 'two', version: '1.0.0' }, methods: {} })`,
    'plugins/single/index.ts': `export { default } from './three.ts'`,
    'plugins/single/three.ts': pluginFile({ name: 'three' }),
  })
  expect(report.problems).toEqual([])
  expect(report.plugins.map(({ manifest, file, state }) => [manifest.name, file, state])).toEqual([
    ['one', 'plugins/pair/one.ts', 'running'],
    ['two', 'plugins/pair/parts/two.ts', 'running'],
    ['three', 'plugins/single/three.ts', 'running'],
  ])
})

test('[G09] engines live side by side', async () => {
  const log: string[] = []
  const shared = recorder('a', log)
  const [one, two] = [new Workbench({ plugins: [shared] }), new Workbench({ plugins: [shared] })]
  await one.up({}, use('a'))
  await two.open({}, use('a'))
  expect((await one.plugin('a')).state).toBe('running')
  expect((await two.plugin('a')).state).toBe('discovered')
  expect(two.records.every(({ type }) => type === 'plugin.discovered')).toBe(true)
})

test('the host is told whose code runs next: plugins of the workspace by name, built-ins by none', async () => {
  const bench = new Workbench({ plugins: [recorder('trusted', [])] })
  await bench.up(
    { 'plugins/guest.ts': pluginFile({ name: 'guest' }, '  initialize() {}') },
    use('trusted', 'guest'),
  )
  expect(new Set(bench.entered)).toEqual(
    new Set(['', 'guest · load', 'guest · validate', 'guest · initialize', 'guest · start']),
  )
})

test('plain JavaScript errors that nobody caught are led back to their plugin', async () => {
  const bench = new Workbench()
  const text = pluginFile(
    { name: 'loose' },
    `  start() {\n    globalThis.__thrown = new Error('later')\n  }`,
  )
  await bench.up({ 'plugins/loose.ts': text })
  bench.engine.reportUncaught(Reflect.get(globalThis, '__thrown'))
  expect(bench.events('error.uncaught')[0]!.error).toMatchObject({
    plugin: 'loose',
    message: 'Error: later',
    source: { file: 'plugins/loose.ts', line: 4 },
  })
})
