// Hot reload as a transaction: with nobody running, in a live run, and rolled back at every stage.
import { afterEach, describe, expect, test } from 'vitest'
import type { Variable } from '@tensorflow/tfjs'
import { before, definePlugin, every, type Table } from '#sdk'
import { lineRows } from '../testing/fake-run.ts'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

afterEach(() => {
  trace.splice(0)
})

/** What plugins of these tests did, in order. */
const trace: string[] = []
Object.assign(globalThis, { __trace: trace })

const counter = (version: string, body = '', rest = ''): string =>
  pluginFile(
    { name: 'counter', version, ...(rest ? { requires: { [rest]: '*' } } : {}) },
    `  count = 0
  onStepEnd() { this.count++ }
  start() { globalThis.__trace.push('${version} start ' + this.count) }
  stop() { globalThis.__trace.push('${version} stop') }
  cleanup() { globalThis.__trace.push('${version} cleanup') }
  capture() { return { count: this.count, typed: new Float32Array([1, Infinity]) } }
  restore(state) { this.count = state.count; globalThis.__trace.push('${version} restore ' + [...state.typed]) }
${body}`,
  )

test('before anything is up, opening only discovers', async () => {
  const bench = new Workbench()
  await bench.open({ 'plugins/counter.ts': counter('1.0.0') })
  await bench.open({ 'plugins/counter.ts': counter('2.0.0') })
  expect(trace).toEqual([])
  expect((await bench.plugin('counter')).manifest.version).toBe('2.0.0')
  expect(bench.events('plugin.reloaded')).toEqual([])
})

test('changed code is replaced, its state carried over; what is not touched stays', async () => {
  const bench = new Workbench()
  const other = pluginFile(
    { name: 'other' },
    `  start() { globalThis.__trace.push('other start') }`,
  )
  const files = (version: string, value: number) => ({
    'plugins/counter.ts': `import { value } from '../lib/value.ts'\nvoid value\n${counter(version)}`,
    'plugins/other.ts': other,
    'lib/value.ts': `export const value = ${value}`,
  })
  await bench.up(files('1.0.0', 1))
  await bench.open(files('1.0.0', 1))
  expect(bench.events('plugin.reloaded')).toEqual([])
  await bench.open(files('2.0.0', 1))
  // Editing a shared file reloads what imports it.
  await bench.open(files('2.0.0', 2))
  expect(trace).toEqual([
    '1.0.0 start 0',
    'other start',
    '1.0.0 stop',
    '2.0.0 restore 1,Infinity',
    '2.0.0 start 0',
    '1.0.0 cleanup',
    '2.0.0 stop',
    '2.0.0 restore 1,Infinity',
    '2.0.0 start 0',
    '2.0.0 cleanup',
  ])
  expect(bench.events('plugin.reloaded')).toMatchObject([
    { names: ['counter'], rebuiltModel: false },
    { names: ['counter'], rebuiltModel: false },
  ])
  expect(bench.events('plugin.reloaded').every(({ durationMs }) => durationMs > 0)).toBe(true)
})

test('state may be promised, as what has to be read from the device; a promise that fails is told', async () => {
  const keeper = (version: string, capture: string) =>
    pluginFile(
      { name: 'keeper', version },
      `  value = '${version}'
  start() { globalThis.__trace.push(this.value) }
  async capture() { ${capture} }
  async restore(state) { await Promise.resolve(); this.value = state }`,
    )
  const bench = new Workbench()
  await bench.up({ 'plugins/keeper.ts': keeper('1.0.0', 'return this.value') })
  await bench.open({ 'plugins/keeper.ts': keeper('2.0.0', `throw new Error('no')`) })
  expect(bench.events('error.uncaught')).toEqual([])
  await bench.open({ 'plugins/keeper.ts': keeper('3.0.0', 'return this.value') })
  expect(trace).toEqual(['1.0.0', '1.0.0', '3.0.0'])
  expect(bench.events('error.uncaught')).toMatchObject([
    { error: { plugin: 'keeper', stage: 'capture', source: { file: 'plugins/keeper.ts' } } },
  ])
})

test('editing the project file reloads what it configures, brings up and takes down', async () => {
  const bench = new Workbench()
  const files = {
    'plugins/a.ts': pluginFile(
      { name: 'a' },
      `  start() { globalThis.__trace.push('a ' + this.config.n) }`,
      'config: z.object({ n: z.number().default(1) })',
    ),
    'plugins/b.ts': pluginFile(
      { name: 'b' },
      `  start() { globalThis.__trace.push('b') }\n  cleanup() { globalThis.__trace.push('b cleanup') }`,
    ),
  }
  await bench.up(files)
  await bench.open(files, 'plugins: { use: { a: { config: { n: 2 } }, b: { enabled: false } } }')
  await bench.open(files, 'plugins: { use: { a: { config: { n: 2 } }, b: { enabled: true } } }')
  expect(trace).toEqual(['a 1', 'b', 'a 2', 'b cleanup', 'b'])
  expect(bench.events('plugin.reloaded').map(({ names }) => names)).toEqual([['b', 'a'], ['b']])
})

test('hooks and kinds of a plugin outlive its reload', async () => {
  const asker = (version: string) =>
    pluginFile(
      { name: 'asker', version },
      `  initialize(ctx) {
    this.ask = ctx.defineHook('onAsk', { mode: 'collect' })
    ctx.defineKind('answer', { methods: [] })
  }
  report() { return [...this.ask({}), ...this.ctx.list('answer').map(({ name }) => name)] }`,
    )
  const answerer = pluginFile(
    { name: 'answerer', requires: { 'plugin:asker': '*' } },
    `  initialize(ctx) { ctx.provide('answer', 'yes', () => ({})) }
  onAsk() { return 'heard' }`,
  )
  const bench = new Workbench()
  for (const version of ['1.0.0', '2.0.0', '3.0.0']) {
    await bench.open({ 'plugins/asker.ts': asker(version), 'plugins/answerer.ts': answerer })
    if (version === '1.0.0') await bench.engine.activate()
    expect(await bench.engine.call('asker', 'report')).toEqual(['heard', 'yes'])
  }
  await bench.open({})
  await expect(bench.up({ 'plugins/answerer.ts': answerer })).resolves.toMatchObject({
    problems: [{ code: 'plugin.requirement' }],
  })
  await bench.up({ 'plugins/asker.ts': asker('4.0.0') })
  expect((await bench.plugin('asker')).state).toBe('running')
})

test('a reloaded plugin keeps its place among the hooks, also when the reload fails', async () => {
  const make = (name: string, version: string, body = '') =>
    pluginFile(
      { name, version },
      `  initialize() { ${body} }\n  onTrainBegin() { globalThis.__trace.push('${name} ${version}') }`,
    )
  const files = { 'plugins/a.ts': make('a', '1.0.0'), 'plugins/b.ts': make('b', '1.0.0') }
  const bench = new Workbench({ plugins: [linePlugin] })
  await bench.open(files, lineProject('{}', { epochs: 1 }))
  await bench.engine.boot({ device: 'cpu' })
  await bench.engine.activate()
  const broken = make('a', '3.0.0', `throw new Error('no')`)
  for (const text of [make('a', '2.0.0'), broken, make('a', '4.0.0')])
    await bench.open({ ...files, 'plugins/a.ts': text }, lineProject('{}', { epochs: 1 }))
  await bench.engine.startRun()
  await bench.ended()
  expect(trace).toEqual(['a 4.0.0', 'b 1.0.0'])
})

test('what stands on a reloaded plugin is started anew with fresh services', async () => {
  const base = (n: number) =>
    pluginFile(
      { name: 'base' },
      `  initialize(ctx) { ctx.provideService(defineService('n'), ${n}) }`,
    )
  const above = pluginFile(
    { name: 'above', requires: { 'plugin:base': '*' } },
    `  start() { globalThis.__trace.push('above ' + this.services.n) }`,
    `inject: { n: defineService('n') }`,
  )
  const bench = new Workbench()
  await bench.up({ 'plugins/above.ts': above, 'plugins/base.ts': base(1) })
  await bench.open({ 'plugins/above.ts': above, 'plugins/base.ts': base(2) })
  expect(trace).toEqual(['above 1', 'above 2'])
  expect(bench.events('plugin.reloaded')[0]!.names.toSorted()).toEqual(['above', 'base'])
  // Without the base it stands on, the change is refused whole.
  const report = await bench.open({ 'plugins/above.ts': above })
  expect(report.problems).toMatchObject([{ code: 'plugin.requirement' }])
  expect((await bench.plugin('base')).state).toBe('running')
})

test('a plugin that was stopped by hand stays stopped', async () => {
  const bench = new Workbench()
  await bench.up({ 'plugins/counter.ts': counter('1.0.0') })
  await bench.engine.transition('counter', 'stop')
  await bench.open({ 'plugins/counter.ts': counter('2.0.0') })
  expect(await bench.plugin('counter')).toMatchObject({
    state: 'initialized',
    manifest: { version: '2.0.0' },
  })
})

test('a failed plugin comes up when it is mended; its dependents with it', async () => {
  const bench = new Workbench()
  const above = pluginFile({ name: 'above', requires: { 'plugin:counter': '*' } })
  await bench.up({
    'plugins/counter.ts': counter('1.0.0', `  initialize() { throw new Error('not yet') }`),
    'plugins/above.ts': above,
  })
  expect((await bench.plugin('above')).cause).toBe('dependency')
  await bench.up({
    'plugins/other.ts': pluginFile({ name: 'other' }),
    'plugins/counter.ts': counter('1.1.0'),
    'plugins/above.ts': above,
  })
  expect((await bench.plugin('counter')).state).toBe('running')
  expect((await bench.plugin('above')).state).toBe('running')
})

describe('[P18] any failure puts the old version back', () => {
  const broken: [string, Record<string, string>, string, object][] = [
    [
      'syntax',
      {
        'plugins/counter.ts': `${counter('2.0.0')}\nimport { nothing } from './nowhere.ts'\nvoid nothing`,
      },
      '',
      { code: 'module.missing' },
    ],
    ['manifest', { 'plugins/counter.ts': counter('two') }, '', { code: 'manifest.invalid' }],
    [
      'project file',
      { 'plugins/counter.ts': counter('2.0.0') },
      'plugins: 3',
      { code: 'config.invalid' },
    ],
    [
      'requirements',
      { 'plugins/counter.ts': counter('2.0.0', '', 'plugin:absent') },
      '',
      { code: 'plugin.requirement' },
    ],
    [
      'load',
      { 'plugins/counter.ts': `throw new Error('in the module')\n${counter('2.0.0')}` },
      '',
      { message: 'Error: in the module', source: { line: 1 } },
    ],
    [
      'config',
      { 'plugins/counter.ts': counter('2.0.0') },
      'plugins: { use: { counter: { config: { x: 1 } } } }',
      { code: 'config.invalid' },
    ],
    ...['validate', 'initialize', 'restore', 'start'].map(
      (stage): [string, Record<string, string>, string, object] => [
        stage,
        {
          'plugins/counter.ts': counter(
            '2.0.0',
            `  ${stage}() { this.ctx.provide('schedule', 'new', () => ({ factor: () => 1 })); throw new Error('in ${stage}') }`,
          ),
        },
        '',
        { message: `Error: in ${stage}`, stage, plugin: 'counter' },
      ],
    ),
  ]

  test.each(broken)('%s', async (_, files, config, error) => {
    const bench = new Workbench()
    await bench.up({
      'plugins/counter.ts': counter(
        '1.0.0',
        `  initialize(ctx) { ctx.provide('schedule', 'old', () => ({ factor: () => 1 })) }`,
      ),
    })
    const report = await bench.open(files, config)
    expect(bench.events('plugin.reload_failed')).toMatchObject([{ error }])
    expect(report.problems.length).toBeGreaterThan(0)
    expect(await bench.plugin('counter')).toMatchObject({
      state: 'running',
      manifest: { version: '1.0.0' },
      contributions: [{ name: 'old' }],
      hooks: [{ hook: 'onStepEnd' }],
    })
    expect(bench.states('counter').at(-1)).toBe('running')
    expect(trace.filter((entry) => entry.startsWith('1.0.0 start'))).toHaveLength(
      trace.includes('1.0.0 stop') ? 2 : 1,
    )
    expect(trace).not.toContain('1.0.0 cleanup')
    // Mended, it goes through.
    await bench.open({ 'plugins/counter.ts': counter('3.0.0') })
    expect(await bench.plugin('counter')).toMatchObject({
      state: 'running',
      manifest: { version: '3.0.0' },
    })
    expect((await bench.engine.report()).problems).toEqual([])
  })

  test('in a live run: state goes over between two steps, the run goes on', async () => {
    const pauses = definePlugin({
      manifest: { name: 'pauses', version: '1.0.0' },
      hooks: { onStepEnd: { when: every.steps(3).and(before.step(7)), priority: -1 } },
      methods: { onStepEnd: () => void bench.engine.control('pause') },
    })
    const project = lineProject('{ use: { pauses: {} } }', { epochs: 1000 })
    const bench = new Workbench({ plugins: [linePlugin, pauses] })
    const open = (text: string) => bench.open({ 'plugins/counter.ts': text }, project)
    const pausedAt = (step: number) =>
      bench.once('run.state', (run) => run.state === 'paused' && run.step === step)

    await bench.start({ 'plugins/counter.ts': counter('1.0.0') }, project)
    await pausedAt(3)
    await open(counter('2.0.0'))
    expect(trace.slice(-2)).toEqual(['2.0.0 start 3', '1.0.0 cleanup'])
    await bench.engine.control('resume')
    await pausedAt(6)
    await open(counter('3.0.0', `  initialize() { throw new Error('no') }`))
    expect(trace.at(-1)).toBe('2.0.0 start 6')
    await bench.engine.control('resume')
    // Once more while it trains.
    await open(counter('4.0.0'))
    await bench.engine.control('stop')
    expect(await bench.ended()).toMatchObject({ reason: 'stopped' })
    const swaps = bench.records.filter(({ type }) => type.startsWith('plugin.reload'))
    expect(swaps).toMatchObject([{ step: 3 }, { step: 6 }, { step: expect.any(Number) }])
    const types = bench.records
      .map(({ type, data }) => `${type} ${(data as { state?: string }).state ?? ''}`.trim())
      .filter((type) => /^(plugin.reload|run.state ended)/.test(type))
    expect(types).toEqual([
      'plugin.reloaded',
      'plugin.reload_failed',
      'plugin.reloaded',
      'run.state ended',
    ])
    const steps = bench
      .events('run.metrics')
      .flatMap(({ points }) => points.map(({ step }) => step))
    const { step: last } = await bench.ended()
    expect([...new Set(steps)]).toEqual(Array.from({ length: last }, (_, i) => i + 1))
  })

  const model = (
    factor: number,
    extra = '',
  ) => `import { plugin, Module, parameter, init } from 'plugboard'
class Mine extends Module {
  weight = parameter([2, 1], init.linear(2))
  ${extra}
  forward({ x }) { return { prediction: x.matMul(this.weight).mul(${factor}) } }
}
export default class extends plugin({ manifest: { name: 'mine', version: '1.0.0', provides: ['model/mine'] } }) {
  initialize(ctx) { ctx.provide('model', 'mine', () => new Mine()) }
  onStepEnd({ run }) { globalThis.__run = run }
}`

  test("a live model from edited code is rebuilt with its weights; one that lost a parameter's shape is not", async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const project = lineProject('{}', { epochs: 1000 }).replace('model: line', 'model: mine')
    await bench.start({ 'plugins/mine.ts': model(1) }, project)
    await bench.once('run.metrics')
    await bench.engine.control('pause')
    await bench.once('run.state', ({ state }) => state === 'paused')
    const live = () => (Reflect.get(globalThis, '__run') as { model: { weight: Variable } }).model
    const [first, weights] = [live(), [...live().weight.dataSync()]]
    const report = await bench.open({ 'plugins/mine.ts': model(2) }, project)
    expect(report.problems).toEqual([])
    expect(bench.events('plugin.reloaded')).toMatchObject([{ names: ['mine'], rebuiltModel: true }])
    const after = live()
    expect(after).not.toBe(first)
    expect([...after.weight.dataSync()]).toEqual(weights)

    await bench.open({ 'plugins/mine.ts': model(2).replace('[2, 1]', '[2, 3]') }, project)
    expect(bench.events('plugin.reload_failed')).toMatchObject([
      { names: ['mine'], error: { message: expect.stringContaining('weight') } },
    ])
    expect(live()).toBe(after)
    expect([...after.weight.dataSync()]).toEqual(weights)
    const { length } = bench.events('run.metrics')
    await bench.engine.control('resume')
    await bench.once('run.metrics', () => bench.events('run.metrics').length > length + 1)
    expect([...after.weight.dataSync()]).not.toEqual(weights)
    await bench.engine.control('stop')
    expect(await bench.ended()).toMatchObject({ reason: 'stopped' })
  })
})

test('an edit of the experiment says that it waits for the next run', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  await bench.start({}, lineProject('{}', { epochs: 1000 }))
  await bench.once('run.metrics')
  const told = () => bench.events('log').filter(({ message }) => message.includes('the next one'))
  await bench.open({}, lineProject('{ timeout_ms: 4000 }', { epochs: 1000 }))
  expect(told()).toEqual([])
  await bench.open({}, lineProject('{ timeout_ms: 4000 }', { epochs: 999 }))
  expect(told()).toHaveLength(1)
  await bench.engine.control('stop')
  await bench.ended()
  await bench.open({}, lineProject('{ timeout_ms: 4000 }', { epochs: 2 }))
  expect(told()).toHaveLength(1)
})

test('a model that a reload rebuilds is judged anew: an error keeps the new version from taking over', async () => {
  const judge = pluginFile(
    { name: 'judge' },
    `onGraphCheck({ parameters }) {
      const [value] = parameters.get('scale')?.shape ?? []
      if (value > 2) return { severity: 'error', message: 'scale has ' + value + ' values' }
      return value === undefined ? undefined : { severity: 'warning', message: 'has a scale' }
    }`,
  )
  const model = (extra = '') => `import { plugin, Module, parameter, init } from 'plugboard'
class Mine extends Module {
  weight = parameter([2, 1], init.linear(2))
  ${extra}
  forward({ x }) { return { prediction: x.matMul(this.weight).mul((this.scale ?? this.weight).mean()) } }
}
export default class extends plugin({ manifest: { name: 'mine', version: '1.0.0', provides: ['model/mine'] } }) {
  initialize(ctx) { ctx.provide('model', 'mine', () => new Mine()) }
}`
  const bench = new Workbench({ plugins: [linePlugin] })
  const project = lineProject('{ use: { judge: {} } }', { epochs: 100_000 }).replace(
    'model: line',
    'model: mine',
  )
  const open = (extra?: string) =>
    bench.open({ 'plugins/judge.ts': judge, 'plugins/mine.ts': model(extra) }, project)
  await bench.start({ 'plugins/judge.ts': judge, 'plugins/mine.ts': model() }, project)
  await bench.once('run.metrics')
  await open('scale = parameter([3], init.ones())')
  const [failed] = bench.events('plugin.reload_failed')
  expect(failed).toMatchObject({
    names: ['mine'],
    error: {
      code: 'model.invalid',
      plugin: 'judge',
      message: expect.stringMatching(/judge about .*scale has 3 values/),
    },
  })
  await open('scale = parameter([2], init.ones())')
  expect(bench.events('plugin.reloaded')).toMatchObject([{ rebuiltModel: true }])
  expect(bench.events('log')).toMatchObject([{ message: 'judge about model mine: has a scale' }])
  await bench.engine.control('stop')
  expect(await bench.ended()).toMatchObject({ reason: 'stopped' })
})

test('while its data is prepared, a run keeps every plugin that it may come to need', async () => {
  let finishLoading: (() => void) | undefined
  const load = () =>
    new Promise<Table>((resolve) => {
      finishLoading = () => resolve(lineRows(40))
    })
  const slow = definePlugin({
    manifest: { name: 'slow', version: '1.0.0', provides: ['dataset/slow'] },
    methods: { initialize: (ctx) => void ctx.provide('dataset', 'slow', () => ({ load })) },
  })
  const bench = new Workbench({ plugins: [linePlugin, slow] })
  const project = lineProject().replace('dataset: line', 'dataset: slow')
  await bench.start({}, project)
  while (!finishLoading) await new Promise((resolve) => setTimeout(resolve, 1))
  await bench.engine.transition('slow', 'stop')
  await expect(bench.engine.transition('slow', 'cleanup')).rejects.toMatchObject({
    message: 'slow cannot be cleaned up: the active run needs what it contributed',
  })
  const opened = bench.engine.open({
    config: lineProject(),
    modules: [],
    manifests: [],
    assets: [],
  })
  await new Promise((resolve) => setTimeout(resolve, 1))
  finishLoading()
  await opened
  expect(await bench.plugin('slow')).toMatchObject({
    state: 'stopped',
    contributions: [{ name: 'slow' }],
  })
  expect(await bench.ended()).toMatchObject({ reason: 'finished' })
  await bench.engine.activate()
  expect(await bench.plugin('slow')).toMatchObject({ state: 'cleaned', contributions: [] })
})

test('a plugin that is disabled in mid-run is stopped at once, but kept for the run; enabled again, it goes on', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  const [on, off] = [true, false].map((enabled) =>
    lineProject(`{ use: { line: { enabled: ${enabled} } } }`, { epochs: 1000 }),
  ) as [string, string]
  const stateAfter = async (project: string) => {
    expect((await bench.open({}, project)).problems).toEqual([])
    return await bench.plugin('line')
  }
  await bench.start({}, on)
  await bench.once('run.begin')
  expect(await stateAfter(off)).toMatchObject({ state: 'stopped', isEnabled: false })
  expect(await stateAfter(on)).toMatchObject({ state: 'running', isEnabled: true })
  expect(await stateAfter(off)).toMatchObject({ state: 'stopped' })
  const { length } = bench.events('run.metrics')
  await bench.once('run.metrics', () => bench.events('run.metrics').length > length + 1)
  await bench.engine.control('stop')
  expect(await bench.ended()).toMatchObject({ reason: 'stopped' })
  await bench.engine.activate()
  expect(await bench.plugin('line')).toMatchObject({ state: 'cleaned', contributions: [] })
})

test('a plugin that the active run uses cannot be cleaned up, but stopped; it goes when the run has ended', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  await bench.start({}, lineProject('{}', { epochs: 1000 }))
  await bench.once('run.begin')
  await bench.engine.transition('line', 'stop')
  await expect(bench.engine.transition('line', 'cleanup')).rejects.toMatchObject({
    message: 'line cannot be cleaned up: the active run needs what it contributed',
  })
  await bench.engine.control('stop')
  await bench.ended()
  await bench.engine.transition('line', 'cleanup')
  expect((await bench.plugin('line')).contributions).toEqual([])
})
