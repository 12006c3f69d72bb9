// The registry and the engine's calls, as those who manage plugins use them.
import { expect, expectTypeOf, test } from 'vitest'
import {
  type Context,
  definePlugin,
  type EnvOf,
  type InstanceOf,
  type LifecycleMethods,
  type PluginClass,
  type Items,
  type Splits,
  type Table,
  type Tokenizer,
  z,
} from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

const make = (name: string, methods: LifecycleMethods, manifest: object = {}): PluginClass =>
  definePlugin({ manifest: { name, version: '1.0.0', ...manifest }, methods })

const flat = () => ({ factor: () => 1 })

async function up(...plugins: PluginClass[]) {
  const bench = new Workbench({ plugins })
  const names = plugins.map((_, i) => `p${i}: {}`)
  await bench.up({}, `plugins: { use: { ${names.join(', ')} } }`)
  return bench
}

test('[K17] plugins are registered once, found by name and category, the same one each time', async () => {
  const bench = await up(
    make('p0', {}, { category: 'callback' }),
    make('p1', {}, { category: 'model' }),
    make('p1', { initialize: (ctx) => ctx.log.info('the second of a name') }),
  )
  const { plugins, problems } = await bench.engine.report()
  expect(plugins.map(({ manifest }) => manifest.name)).toEqual(['p0', 'p1'])
  const models = plugins.filter(({ manifest }) => manifest.category === 'model')
  expect(models.map(({ manifest }) => manifest.name)).toEqual(['p1'])
  expect(problems[0]).toMatchObject({ code: 'plugin.duplicate', plugin: 'p1' })
  expect(bench.events('log')).toEqual([])
  const { instance } = bench.engine.plugins.unit('p0')
  expect(bench.engine.plugins.unit('p0').instance).toBe(instance)
  expect(() => bench.engine.plugins.unit('p9')).toThrow(/no plugin `p9`/)
})

test('[A07] every contribution is listed by kind, with its owner', async () => {
  let listed: unknown
  const bench = await up(
    make('p0', { initialize: (ctx) => void ctx.provide('schedule', 'one', flat) }),
    make('p1', {
      initialize(ctx) {
        ctx.provide('schedule', 'two', flat)
        ctx.provide('command', 'go', () => ({ title: 'Go', run: () => 1 }))
        listed = ctx.list().map(({ kind, name, plugin }) => `${kind}/${name} of ${plugin}`)
      },
    }),
  )
  expect(listed).toEqual(['schedule/one of p0', 'schedule/two of p1', 'command/go of p1'])
  const [, p1] = (await bench.engine.report()).plugins
  expect(p1!.contributions.map(({ kind }) => kind)).toEqual(['schedule', 'command'])
})

test('[G01] kinds: those built in, and those that plugins define', async () => {
  const names: string[] = []
  const own = 'planner' as 'schedule'
  await up(
    make('p0', {
      initialize(ctx) {
        const builtin = ['layer', 'preprocessor', 'optimizer', 'loss', 'validator', 'dataset']
        for (const kind of builtin) names.push(`${kind} ${ctx.list(kind as 'layer').length}`)
        expect(() => ctx.list(own)).toThrow(/no kind `planner`/)
        ctx.defineKind(own, { description: 'plans', methods: ['plan'] })
        ctx.provide(own, 'best', () => ({ plan: () => 'go' }) as never)
        names.push(...ctx.list(own).map(({ name }) => name))
      },
    }),
  )
  expect(names).toEqual([
    'layer 0',
    'preprocessor 0',
    'optimizer 0',
    'loss 0',
    'validator 0',
    'dataset 0',
    'best',
  ])
})

test('[G03] what a plugin registers while it runs is there at once, and goes when it stops', async () => {
  let late: Context | undefined
  const bench = await up(make('p0', { start: (ctx) => void (late = ctx) }), make('p1', {}))
  const names = async () =>
    (await bench.engine.report()).plugins.flatMap(({ contributions }) =>
      contributions.map(({ name }) => name),
    )
  expect(await names()).toEqual([])
  late!.provide('schedule', 'late', flat)
  expect(await names()).toEqual(['late'])
  await bench.engine.transition('p0', 'stop')
  expect(await names()).toEqual([])
})

test('[G04] names may be namespaced and have aliases; each stands for the same contribution', async () => {
  const seen: unknown[] = []
  await up(
    make('p0', {
      initialize(ctx) {
        const aliases = ['warm', 'acme.old.warmup']
        ctx.provide('schedule', 'acme.warmup', () => ({ factor: () => 7 }), { aliases })
        for (const name of ['acme.warmup', ...aliases]) {
          const schedule = ctx.create('schedule', name, {})
          seen.push(schedule.factor({ step: 1, epoch: 1, totalSteps: 1 }))
        }
        expect(() => ctx.provide('schedule', 'warm', flat)).toThrow(/p0 provides already/)
      },
    }),
  )
  expect(seen).toEqual([7, 7, 7])
})

test('[G05] metadata by the name of the plugin', async () => {
  const manifest = { description: 'Says little', author: 'Ada', tags: ['quiet'], license: 'MIT' }
  const bench = await up(make('p0', {}, manifest))
  expect((await bench.plugin('p0')).manifest).toMatchObject({ name: 'p0', ...manifest })
  expect(bench.engine.plugins.unit('p0').definition.manifest).toMatchObject(manifest)
})

test('[G07] a config is judged by its schema and by any plugin', async () => {
  const bench = new Workbench({
    plugins: [
      linePlugin,
      definePlugin({
        manifest: { name: 'judge', version: '1.0.0' },
        methods: {
          onConfigCheck({ kind, name, config }) {
            const { dropout = 0 } = config as { dropout?: number }
            if (kind !== 'model' || dropout < 0.5) return undefined
            const severity = dropout > 0.8 ? 'error' : 'warning'
            return { severity, message: `dropout of ${name} is ${dropout}`, hint: 'take less' }
          },
        },
      }),
    ],
  })
  const model = (dropout: number) => `{ name: line, config: { dropout: ${dropout} } }`
  const project = (dropout: number) =>
    lineProject('{ use: { line: {}, judge: {} } }').replace(
      'model: line',
      `model: ${model(dropout)}`,
    )
  const report = await bench.up({}, project(0.9))
  expect(report.problems).toMatchObject([
    {
      code: 'contribution.config',
      plugin: 'judge',
      message: 'judge about model line: dropout of line is 0.9',
      hint: 'take less',
      source: { file: 'plugboard.yaml', line: 4 },
    },
  ])
  const { engine } = bench
  expect(await engine.validateConfig('model', 'line', { dropout: 0.1 })).toEqual([])
  expect(await engine.validateConfig('model', 'line', { dropout: 0.6 })).toEqual([])
  expect(await engine.validateConfig('model', 'line', { dropout: 0.9 })).toMatchObject([
    { message: 'judge about model line: dropout of line is 0.9' },
  ])
  const wrong = await engine.validateConfig('model', 'line', { dropout: 2, depth: 1 })
  expect(wrong.map(({ message }) => message)).toEqual([
    expect.stringContaining('`dropout` is 2'),
    expect.stringContaining('`depth` is not a known setting'),
  ])
  await expect(engine.validateConfig('model', 'lime', {})).rejects.toMatchObject({
    code: 'contribution.missing',
  })
  await bench.up({}, project(0.6))
  expect(bench.records.findLast(({ type }) => type === 'log')).toMatchObject({
    plugin: 'judge',
    data: { level: 'warn', message: 'judge about model line: dropout of line is 0.6' },
  })
})

test('[A03] register, load with config, set up all, trigger an event, load from config', async () => {
  const heard: unknown[] = []
  const Echo = definePlugin({
    manifest: { name: 'echo', version: '1.0.0' },
    config: z.object({ prefix: z.string() }),
    methods: {
      initialize(ctx) {
        ctx.events.on(
          'page.*',
          ({ data }) => void heard.push(`${this.config.prefix} ${String(data)}`),
        )
      },
    },
  })
  const bench = new Workbench({ plugins: [Echo] })
  await bench.open({}, 'plugins: { use: { echo: { config: { prefix: a } } } }')
  for (const step of ['validate', 'load', 'initialize', 'start'] as const)
    await bench.engine.transition('echo', step)
  bench.engine.events.publish('page.click', 1)
  await bench.open({}, 'plugins: { use: { echo: { config: { prefix: b } } } }')
  bench.engine.events.publish('page.click', 2)
  await bench.open({}, 'plugins: { use: { echo: { enabled: false } } }')
  await bench.engine.activate()
  bench.engine.events.publish('page.click', 3)
  expect(heard).toEqual(['a 1', 'b 2'])
})

test('[P10] initialization: validated, loaded, its dependencies there, initialized, each an event', async () => {
  const bench = await up(
    make('p0', { initialize: (ctx) => ctx.log.info('p0') }, { requires: { 'plugin:p1': '*' } }),
    make('p1', { initialize: (ctx) => ctx.log.info('p1') }),
  )
  expect(bench.events('log').map(({ message }) => message)).toEqual(['p1', 'p0'])
  expect(bench.states('p0')).toEqual(['validated', 'loaded', 'initialized', 'running'])
  for (const { name, durationMs } of bench.events('plugin.state'))
    expect([name, durationMs]).toEqual([name, expect.any(Number)])
})

test('[P01] ports are typed contracts; methods may be asynchronous where they wait for the world', () => {
  expectTypeOf<InstanceOf<'dataset'>['load']>().returns.toEqualTypeOf<
    Promise<Splits | Table | Items>
  >()
  expectTypeOf<EnvOf<'preprocessor'>>().toEqualTypeOf<{ tokenizer: Tokenizer | undefined }>()
  expectTypeOf<Context['call']>().returns.toEqualTypeOf<Promise<unknown>>()
  type Head = InstanceOf<'head'>
  expectTypeOf<Head>().toHaveProperty('forward')
  expectTypeOf<InstanceOf<'augmenter'>>().toHaveProperty('augment')
  expectTypeOf<InstanceOf<'feature'>>().toHaveProperty('extract')
})
