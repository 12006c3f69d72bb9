// Which plugins come up, in which order, and how what is missing is explained.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { definePlugin, type ManifestInput, type PluginClass } from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'
import { ENGINE_VERSION } from '../version.ts'

const builtin = (name: string, rest: Partial<ManifestInput> = {}): PluginClass =>
  definePlugin({ manifest: { name, version: '1.2.0', ...rest }, methods: {} })

const useAll = (...names: string[]): string =>
  `plugins: { use: { ${names.map((name) => `${name}: {}`).join(', ')} } }`

async function up(plugins: PluginClass[], config: string, files: Record<string, string> = {}) {
  const bench = new Workbench({ plugins })
  const report = await bench.up(files, config)
  const running = bench
    .events('plugin.state')
    .flatMap(({ name, state }) => (state === 'running' ? [name] : []))
  return { bench, report, running, messages: report.problems.map(({ message }) => message) }
}

test('the engine version is the package version', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(ENGINE_VERSION).toBe(version)
})

describe('[A20] dependencies', () => {
  test('come up first, depth-first, ties in project-file order; by plugin, capability, kind and host library', async () => {
    const { running, messages } = await up(
      [
        builtin('leaf', { provides: ['attention/full'] }),
        builtin('unused'),
        builtin('middle', { provides: ['translation'], requires: { 'plugin:leaf': '^1.0' } }),
        builtin('top', {
          requires: {
            translation: '>=1',
            'kind:attention': '*',
            tfjs: '>=4.20',
            engine: `^${ENGINE_VERSION}`,
          },
          optional: { 'plugin:b': '*', 'plugin:absent': '*' },
        }),
        builtin('a'),
        builtin('b'),
      ],
      useAll('b', 'top', 'a'),
    )
    expect(messages).toEqual([])
    expect(running).toEqual(['b', 'leaf', 'middle', 'top', 'a'])
  })

  test('optional ones order what is there, and do not bring it up', async () => {
    const { running } = await up(
      [
        builtin('first', { optional: { 'plugin:other': '*', 'plugin:idle': '*' } }),
        builtin('other'),
        builtin('idle'),
      ],
      useAll('first', 'other'),
    )
    expect(running).toEqual(['other', 'first'])
  })

  test('optional ones that fail, stop or go take nothing down with them', async () => {
    const failing = definePlugin({
      manifest: { name: 'failing', version: '1.2.0' },
      methods: {
        initialize() {
          throw new Error('no')
        },
      },
    })
    const optional = { 'plugin:other': '*', 'plugin:failing': '*' }
    const { bench, running } = await up(
      [builtin('first', { optional }), builtin('other'), failing],
      useAll('first', 'other', 'failing'),
    )
    expect(running).toEqual(['other', 'first'])
    await bench.engine.transition('other', 'stop')
    await bench.engine.transition('other', 'cleanup')
    expect(await bench.plugin('first')).toMatchObject({ state: 'running', dependencies: [] })
  })

  test('missing ones are explained, all at once, and take down only what stands on them', async () => {
    const { running, report, messages } = await up(
      [
        builtin('broken', {
          requires: {
            'plugin:lef': '*',
            'plugin:leaf': '^2',
            tfjs: '>=99',
            'kind:router': '*',
            'plugin:off': '*',
            x: 'nonsense',
          },
        }),
        builtin('above', { requires: { 'plugin:broken': '*' } }),
        builtin('leaf'),
        builtin('off'),
      ],
      'plugins: { use: { above: {}, leaf: {}, off: { enabled: false } } }',
    )
    expect(running).toEqual(['leaf'])
    expect(messages).toEqual([
      'broken requires plugin:lef *, which is not there',
      'broken requires plugin:leaf ^2, but there is leaf 1.2.0',
      expect.stringMatching(/^broken requires tfjs >=99, but it is version 4\./),
      'broken requires kind:router *, which is not there',
      'broken requires plugin:off *, but off is disabled',
      'broken requires x nonsense, which is no version range',
    ])
    expect(report.problems[0]!.hint).toBe('did you mean `plugin:leaf`?')
    const states = Object.fromEntries(
      report.plugins.map(({ manifest, state, cause, error }) => [
        manifest.name,
        [state, cause, error?.code],
      ]),
    )
    expect(states['broken']).toEqual(['failed', 'dependency', 'plugin.requirement'])
    expect(states['above']).toEqual(['failed', 'dependency', 'plugin.requirement'])
  })

  test('a circle is named by its path, at the manifest', async () => {
    const files = {
      'plugins/a.ts': pluginFile({ name: 'a', requires: { 'plugin:b': '*' } }),
      'plugins/b.ts': pluginFile({ name: 'b', requires: { 'plugin:c': '*' } }),
      'plugins/c.ts': pluginFile({ name: 'c', requires: { 'plugin:a': '*' } }),
      'plugins/d.ts': pluginFile({ name: 'd' }),
    }
    const { running, report } = await up([], '', files)
    expect(running).toEqual(['d'])
    expect(report.problems).toMatchObject([
      {
        code: 'plugin.cycle',
        message: 'plugins require each other in a circle: a → b → c → a',
        source: { line: 2 },
      },
    ])
    expect(report.plugins.filter(({ state }) => state === 'failed')).toHaveLength(3)
  })

  test('what is only optional closes no circle', async () => {
    const { running, report } = await up([], '', {
      'plugins/a.ts': pluginFile({ name: 'a', requires: { 'plugin:b': '*' } }),
      'plugins/b.ts': pluginFile({ name: 'b', optional: { 'plugin:a': '*' } }),
      'plugins/c.ts': pluginFile({ name: 'c', optional: { 'plugin:d': '*' } }),
      'plugins/d.ts': pluginFile({ name: 'd', optional: { 'plugin:c': '*' } }),
    })
    expect(report.problems).toEqual([])
    expect(running).toEqual(['b', 'a', 'd', 'c'])
  })

  test('plugins go down in reverse, dependents first; a dependency must be up before', async () => {
    const { bench } = await up(
      [builtin('base'), builtin('above', { requires: { 'plugin:base': '*' } })],
      useAll('above'),
    )
    await bench.engine.transition('base', 'stop')
    await bench.engine.transition('base', 'cleanup')
    const seen = bench.events('plugin.state').map(({ name, state }) => `${name} ${state}`)
    expect(seen.slice(-4)).toEqual([
      'above stopped',
      'base stopped',
      'above cleaned',
      'base cleaned',
    ])
    for (const step of ['validate', 'load'] as const) await bench.engine.transition('above', step)
    await expect(bench.engine.transition('above', 'initialize')).rejects.toMatchObject({
      code: 'lifecycle.transition',
      message: 'above cannot initialize while base, which it requires, is cleaned',
    })
  })
})

test('[A21] conflicts are refused with both names', async () => {
  const { running, report } = await up(
    [builtin('one', { conflicts: ['two'] }), builtin('two'), builtin('three')],
    useAll('one', 'two', 'three'),
  )
  expect(running).toEqual(['three'])
  expect(report.problems).toMatchObject([
    { code: 'plugin.conflict', message: 'one and two cannot run side by side' },
  ])
  expect(
    report.plugins.filter(({ cause }) => cause === 'conflict').map(({ manifest }) => manifest.name),
  ).toEqual(['one', 'two'])
  const { messages } = await up(
    [builtin('one', { conflicts: ['two'] }), builtin('two')],
    useAll('one'),
  )
  expect(messages).toEqual([])
})

test('an experiment brings up what provides its components, nested ones and default ones', async () => {
  const plugins = [
    linePlugin,
    builtin('full', { provides: ['attention/full'] }),
    builtin('linear', { provides: ['attention/linear'] }),
    builtin('default_loss', { provides: ['loss/other', 'loss'] }),
    builtin('step', { provides: ['schedule/step'] }),
    builtin('accuracy', { provides: ['metric/accuracy'] }),
  ]
  const config = `experiment:
  dataset: line
  model: { name: line, config: { blocks: [{ attention: { name: linear } }] } }
  training: { optimizer: momentum, metrics: [accuracy] }
`
  expect((await up(plugins, config)).running).toEqual([
    'line',
    'linear',
    'default_loss',
    'accuracy',
  ])
  const named = config
    .replace('optimizer:', 'schedule: step, loss: squared_error, optimizer:')
    .replace('linear', 'full')
  expect((await up(plugins, named)).running).toEqual(['line', 'full', 'step', 'accuracy'])
})

test('what a workspace plugin promises by name, no built-in comes up for', async () => {
  const rows = definePlugin({
    manifest: { name: 'shipped_rows', version: '1.0.0', provides: ['dataset/spirals'] },
    methods: {
      initialize(ctx) {
        ctx.provide('dataset', 'spirals', () => ({
          load: () => Promise.reject(new Error('shipped')),
        }))
      },
    },
  })
  const own = pluginFile(
    { name: 'own_rows', provides: ['dataset/spirals'] },
    `initialize() { this.ctx.provide('dataset', 'spirals', () => ({ load: () => Promise.reject(new Error('own')) })) }`,
  )
  const bench = new Workbench({ plugins: [linePlugin, rows] })
  const config = lineProject().replace('dataset: line', 'dataset: spirals')
  const ended = await bench.train({ 'plugins/own.ts': own }, config)
  expect(ended.error?.message).toContain('own')
  const { plugins } = await bench.engine.report()
  const shipped = plugins.find(({ manifest }) => manifest.name === 'shipped_rows')
  expect(shipped?.state).toBe('discovered')
})

test("a workspace plugin of a built-in's name replaces it", async () => {
  const { report, running } = await up([builtin('line')], useAll('line'), {
    'plugins/mine.ts': pluginFile({ name: 'line', version: '2.0.0' }),
  })
  expect(report.plugins).toMatchObject([
    { origin: 'workspace', replacesBuiltin: true, manifest: { version: '2.0.0' } },
  ])
  expect(report.problems).toEqual([])
  expect(running).toEqual(['line'])
})

describe('problems of a project, each at its place', () => {
  test('while the project file cannot be read, nothing comes up', async () => {
    const bench = new Workbench()
    const report = await bench.up({ 'plugins/a.ts': pluginFile({ name: 'a' }) }, 'plugins: [')
    expect(report.plugins).toMatchObject([{ state: 'discovered' }])
    expect(report.problems).toMatchObject([{ code: 'config.syntax' }])
  })

  test('two plugins of one name, a file without a plugin, an unknown plugin', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const report = await bench.open(
      {
        'plugins/a.ts': pluginFile({ name: 'same' }),
        'plugins/b.ts': pluginFile({ name: 'same' }),
        'plugins/c.ts': 'export default 3',
        'plugins/d.ts': 'export const x = 1',
      },
      'plugins:\n  use:\n    lime: {}\n',
    )
    expect(report.problems).toMatchObject([
      { code: 'plugin.export', source: { file: 'plugins/d.ts' } },
      {
        code: 'plugin.duplicate',
        message: 'two plugins are named `same`: one in plugins/a.ts, one in plugins/b.ts',
        source: { file: 'plugins/b.ts', line: 2 },
      },
      { code: 'plugin.export', source: { file: 'plugins/c.ts' } },
      {
        code: 'plugin.unknown',
        source: { file: 'plugboard.yaml', line: 3 },
        hint: 'did you mean `line`?',
      },
    ])
  })

  test('a project with problems does not run, and says why; mended, it runs', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const start = (config: string) => bench.open({}, config).then(() => bench.engine.startRun())
    await bench.engine.boot({ device: 'cpu' })
    await expect(start('experiment: [')).rejects.toMatchObject({
      code: 'config.syntax',
      source: { file: 'plugboard.yaml' },
    })
    await expect(start('')).rejects.toMatchObject({
      code: 'config.invalid',
      message: 'plugboard.yaml has no experiment to run',
    })
    await expect(start(lineProject().replace('model: line', 'model: lyne'))).rejects.toMatchObject({
      code: 'contribution.missing',
      message: 'there is no model `lyne`',
      hint: 'did you mean `line`?',
      source: { line: 4 },
    })
    await expect(
      start(lineProject().replace('model: line', 'model: { name: line, config: { dropout: 2 } }')),
    ).rejects.toMatchObject({
      code: 'contribution.config',
      message: expect.stringContaining('`dropout` is 2'),
      source: { line: 4, column: 34 },
    })
    await start(lineProject())
    expect(await bench.ended()).toMatchObject({ reason: 'finished', step: 8 })
  })
})
