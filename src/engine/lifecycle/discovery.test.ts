// Where plugins are found: folders, plugin.yaml, packages, built-ins; and what is wrong with them.
import { describe, expect, test } from 'vitest'
import type { Project } from '#protocol'
import { definePlugin } from '#sdk'
import { pluginFile, Workbench } from '../testing/workbench.ts'

/** What plugins of these tests did, in order. */
const trace: unknown[] = []
Object.assign(globalThis, { __found: trace })

const tell = `start() { globalThis.__found.push(this.ctx.manifest.name, this.config) }`
/** A plugin that has its manifest elsewhere. */
const bare = (body = tell, spec = ''): string =>
  `import { plugin, z } from 'plugboard'\nexport default class extends plugin({ ${spec} }) {\n${body}\n}\nvoid z\n`

const HEAD = `name: classification_head
version: 1.2.0
description: Head with attention
author: Ada
license: MIT
requires:
  tfjs: '>=4'
  plugin:base: ^1
engine: '*'
entry: ./head.ts
configuration:
  hidden_size: { type: int, default: 768, description: Width of the hidden layer }
  labels: { type: int, required: true, min: 2 }
  rate: { type: number, default: 0.1 }
  mode: { type: string, choices: [mean, first], default: mean }
  tasks: { type: list, items: { type: object, properties: { weight: { type: number, default: 1 } } } }
`
const headFiles = (text = HEAD, code = bare()) => ({
  'plugins/head/plugin.yaml': text,
  'plugins/head/head.ts': code,
  'plugins/base.ts': pluginFile({ name: 'base' }),
})
const use = (config: string): string =>
  `plugins: { use: { classification_head: { config: ${config} } } }`

async function problemsOf(files: Record<string, string>, config = '') {
  const { problems } = await new Workbench().open(files, config)
  return problems.map(({ source, message }) => `${source?.file}:${source?.line} ${message}`)
}

describe('[P08] plugin.yaml', () => {
  test('is the manifest: metadata, entry, requirements, settings with defaults', async () => {
    const bench = new Workbench()
    const { problems } = await bench.up(headFiles(), use('{ labels: 3, tasks: [{}] }'))
    expect(problems).toEqual([])
    expect(trace.splice(0)).toEqual([
      'classification_head',
      { hidden_size: 768, labels: 3, rate: 0.1, mode: 'mean', tasks: [{ weight: 1 }] },
    ])
    expect(await bench.plugin('classification_head')).toMatchObject({
      manifest: { version: '1.2.0', author: 'Ada', license: 'MIT', requires: { tfjs: '>=4' } },
      file: 'plugins/head/head.ts',
      state: 'running',
      dependencies: ['base'],
      configSchema: {
        required: ['labels'],
        properties: { hidden_size: { default: 768, description: 'Width of the hidden layer' } },
      },
    })
  })

  test('its settings are checked, at their lines of the project file', async () => {
    const bench = new Workbench()
    const config = `plugins:\n  use:\n    classification_head:\n      config:\n        hidden_size: wide\n        mode: last\n        tasks: [{ wieght: 2 }]\n`
    const { problems } = await bench.up(headFiles(), config)
    expect(problems.map(({ source, message }) => `${source!.line} ${message}`)).toEqual([
      expect.stringMatching(/^4 .*`labels` is missing/),
      expect.stringMatching(/^5 .*`hidden_size` is "wide"/),
      expect.stringMatching(/^6 .*`mode` is "last"/),
      expect.stringMatching(/^7 .*`tasks\[0\]\.wieght` is not a known setting/),
    ])
    expect(trace).toEqual([])
  })

  test('without settings of its own, the code has them', async () => {
    const text = 'name: plain\nversion: 1.0.0\n'
    const files = {
      'plugins/plain/plugin.yaml': text,
      'plugins/plain/index.ts': bare(tell, 'config: z.object({ n: z.int().default(2) })'),
    }
    await new Workbench().up(files)
    expect(trace.splice(0)).toEqual(['plain', { n: 2 }])
  })

  test('every problem at its place in the file', async () => {
    const text = `name: Head
version: one
requirs: {}
entry: head.ts
configuration:
  a: { type: int, default: much }
  b: { type: float }
  c: { type: int, default: 5, max: 3 }
  d: { type: string, default: x, required: true }
`
    expect(await problemsOf(headFiles(text))).toEqual([
      expect.stringMatching(/^plugins\/head\/plugin\.yaml:1 .*`name` is "Head"/),
      expect.stringMatching(/^plugins\/head\/plugin\.yaml:2 .*`version` is "one"/),
      expect.stringMatching(/^plugins\/head\/plugin\.yaml:3 .*`requirs` is not a known setting/),
      expect.stringMatching(/^plugins\/head\/plugin\.yaml:4 .*`entry` is "head\.ts"/),
      expect.stringMatching(/:6 .*`configuration\.a\.default` is "much"/),
      expect.stringMatching(/:7 .*`configuration\.b\.type` is "float".*'number'/),
      expect.stringMatching(/:8 .*`configuration\.c\.default` is 5: .*<=3/),
      expect.stringMatching(/:9 .*`configuration\.d\.required` is true/),
    ])
    const { 'plugins/head/head.ts': code, ...rest } = headFiles('name: [a')
    expect(await problemsOf({ ...rest, 'plugins/head/index.ts': code })).toEqual([
      expect.stringMatching(/^plugins\/head\/plugin\.yaml:1 /),
    ])
  })

  test('what is there twice is refused: a manifest, a config', async () => {
    const manifest = `manifest: { name: 'classification_head', version: '1.0.0' }`
    expect(await problemsOf(headFiles(HEAD, bare('', manifest)))).toEqual([
      'plugins/head/head.ts:2 the manifest of classification_head is in plugins/head/plugin.yaml and in its code as well',
    ])
    const hidden = bare('', '...spec').replace(
      'export',
      `const spec: object = { ${manifest} }\nexport`,
    )
    const bench = new Workbench()
    const asUsed = use('{ labels: 3 }')
    expect((await bench.up(headFiles(HEAD, hidden), asUsed)).problems).toMatchObject([
      { code: 'manifest.invalid', message: expect.stringContaining('in its code as well') },
    ])
    const twice = await new Workbench().up(
      headFiles(HEAD, bare('', 'config: z.object({})')),
      asUsed,
    )
    expect(twice.problems).toMatchObject([
      {
        message: expect.stringContaining('the configuration of classification_head'),
        source: { file: 'plugins/head/plugin.yaml', line: 11 },
      },
    ])
  })

  test('an entry that is not there, or exports no plugin', async () => {
    const { 'plugins/head/head.ts': _, ...rest } = headFiles()
    expect(await problemsOf(rest)).toEqual([
      expect.stringMatching(/plugin\.yaml:10 .*names \.\/head\.ts .*not in the workspace/),
    ])
    expect(await problemsOf(headFiles(HEAD, 'export const a = 1'))).toEqual([
      expect.stringMatching(/plugin\.yaml:10 .*no default export/),
    ])
    const { problems } = await new Workbench().up(
      headFiles(HEAD, 'export default 1'),
      use('{ labels: 3 }'),
    )
    expect(problems).toMatchObject([{ code: 'plugin.export', plugin: 'classification_head' }])
  })
})

test('[F04] a folder with model, dataset, preprocessor, config and helpers is one plugin, found by name', async () => {
  const files = {
    'plugins/text_plugin/plugin.yaml': `name: text_plugin\nversion: 1.0.0\nprovides: [model/text_plugin, dataset/text_plugin, preprocessor/text_plugin]\n`,
    'plugins/text_plugin/index.ts': `import { plugin } from 'plugboard'
import { config } from './config.ts'
import { dataset } from './dataset.ts'
import { model } from './model.ts'
import { preprocessor } from './preprocessor.ts'
export default class extends plugin({ config }) {
  initialize() {
    this.ctx.provide('model', 'text_plugin', model)
    this.ctx.provide('dataset', 'text_plugin', dataset)
    this.ctx.provide('preprocessor', 'text_plugin', preprocessor)
  }
}`,
    'plugins/text_plugin/config.ts': `import { z } from 'plugboard'\nexport const config = z.object({ length: z.int().default(8) })`,
    'plugins/text_plugin/model.ts': `import { double } from './numbers.ts'\nexport const model = () => ({ forward: () => double(1) })`,
    'plugins/text_plugin/dataset.ts': `export const dataset = () => ({ load: async () => ({ length: 0, columns: {} }) })`,
    'plugins/text_plugin/preprocessor.ts': `export const preprocessor = () => ({ transform: (table) => table })`,
    'plugins/text_plugin/numbers.ts': `export const double = (n: number): number => 2 * n`,
  }
  const bench = new Workbench()
  const { problems, plugins } = await bench.up(
    files,
    'plugins: { use: { text_plugin: { config: { length: 4 } } } }',
  )
  expect(problems).toEqual([])
  expect(plugins).toHaveLength(1)
  expect((await bench.plugin('text_plugin')).contributions).toMatchObject([
    { kind: 'model' },
    { kind: 'dataset' },
    { kind: 'preprocessor' },
  ])
})

test('[P09] several folders are scanned, and one plugin is loaded by name', async () => {
  const files = {
    'plugins/a.ts': pluginFile({ name: 'a' }, tell),
    'lib/plugins/b.ts': pluginFile({ name: 'b' }, tell),
    'lib/plugins/c/plugin.yaml': 'name: c\nversion: 1.0.0\n',
    'lib/plugins/c/index.ts': bare(),
    'lib/d.ts': pluginFile({ name: 'd' }, tell),
    'other/e/plugin.yaml': 'name: e\nversion: 1.0.0\n',
    'other/e/index.ts': bare(),
  }
  const bench = new Workbench()
  const { problems, plugins } = await bench.open(
    files,
    'plugins: { folders: [plugins, lib/plugins] }',
  )
  expect(problems).toEqual([])
  expect(plugins.map(({ manifest }) => manifest.name).toSorted()).toEqual(['a', 'b', 'c'])
  await bench.engine.transition('b', 'validate')
  await bench.engine.transition('b', 'load')
  const { plugins: after } = await bench.engine.report()
  expect(Object.fromEntries(after.map(({ manifest, state }) => [manifest.name, state]))).toEqual({
    a: 'discovered',
    b: 'loaded',
    c: 'discovered',
  })
  await expect(bench.engine.transition('bb', 'load')).rejects.toMatchObject({
    code: 'plugin.unknown',
    hint: 'did you mean `b`?',
  })
  expect(await problemsOf(files, 'plugins: { folders: [../x] }')).toEqual([
    expect.stringMatching(/^plugboard\.yaml:1 .*`plugins\.folders\[0\]` is "\.\.\/x"/),
  ])
})

describe('packages', () => {
  const files = {
    'packages/sentiment/package.json': `{
\t"name": "plugboard-sentiment",
\t"version": "1.0.0",
\t"plugboard": ["./src/head.ts", "./src/emotion/index.ts"]
}`,
    'packages/sentiment/src/head.ts': `import { same } from './lib.ts'\nvoid same\n${pluginFile({ name: 'sentiment_head', requires: { 'plugin:shipped': '*' } }, tell)}`,
    'packages/sentiment/src/emotion/index.ts': bare(),
    'packages/sentiment/src/emotion/plugin.yaml': 'name: emotion\nversion: 1.0.0\n',
    'packages/sentiment/src/lib.ts': 'export const same = 1',
    'packages/one/package.json': '{ "name": "one", "plugboard": "./index.ts" }',
    'packages/one/index.ts': pluginFile({ name: 'one' }, tell),
    'packages/none/package.json': '{ "name": "none" }',
    'plugins/mine.ts': pluginFile({ name: 'mine' }, tell),
  }
  const shipped = definePlugin({ manifest: { name: 'shipped', version: '1.0.0' }, methods: {} })

  test('[K20] built-ins, plugins/ and packages are found', async () => {
    trace.splice(0)
    const bench = new Workbench({ plugins: [shipped] })
    const { problems, plugins } = await bench.up(files)
    expect(problems).toEqual([])
    expect(
      plugins
        .map(({ manifest, origin, file, state }) => [manifest.name, origin, file, state])
        .toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['emotion', 'workspace', 'packages/sentiment/src/emotion/index.ts', 'running'],
      ['mine', 'workspace', 'plugins/mine.ts', 'running'],
      ['one', 'workspace', 'packages/one/index.ts', 'running'],
      ['sentiment_head', 'workspace', 'packages/sentiment/src/head.ts', 'running'],
      ['shipped', 'builtin', undefined, 'running'],
    ])
    trace.splice(0)
  })

  test('[G08] an entry point that leads nowhere is a problem at its line', async () => {
    const broken = {
      ...files,
      'packages/one/package.json': '{\n"plugboard":\n"./indx.ts" }',
      'packages/none/package.json': '{\n"plugboard": ["../plugins/mine.ts"] }',
    }
    const { problems } = await new Workbench({ plugins: [shipped] }).open(broken)
    expect(problems).toMatchObject([
      {
        code: 'plugin.export',
        source: { file: 'packages/one/package.json', line: 2 },
        hint: 'did you mean `./index.ts`?',
      },
      { code: 'config.invalid', source: { file: 'packages/none/package.json', line: 2 } },
    ])
  })

  test('[G08] two plugins of one name are refused, wherever they come from', async () => {
    const { problems } = await new Workbench().open({
      'plugins/a.ts': pluginFile({ name: 'one' }),
      'packages/one/package.json': files['packages/one/package.json'],
      'packages/one/index.ts': files['packages/one/index.ts'],
    })
    expect(problems).toMatchObject([{ code: 'plugin.duplicate', plugin: 'one' }])
  })
})

test('[K17] plugins are listed by category, and come up by category', async () => {
  const bench = new Workbench()
  const files = Object.fromEntries(
    ['model', 'head', 'model', 'callback'].map((category, i) => [
      `plugins/p${i}.ts`,
      pluginFile({ name: `p${i}`, category }),
    ]),
  )
  const { plugins } = await bench.up(files, 'plugins: { categories: [model, head] }')
  const of = (category: string): string[] =>
    plugins.flatMap(({ manifest, state }) =>
      manifest.category === category ? [`${manifest.name} ${state}`] : [],
    )
  expect(of('model')).toEqual(['p0 running', 'p2 running'])
  expect(of('head')).toEqual(['p1 running'])
  expect(of('callback')).toEqual(['p3 discovered'])
})

test('a plugin file without default export is refused unless another file imports it', async () => {
  expect(await problemsOf({ 'plugins/a.ts': `export const a = 1` })).toEqual([
    'plugins/a.ts:1 plugins/a.ts has no default export',
  ])
  const files = {
    'plugins/a/index.ts': `import { a } from '../b.ts'\nvoid a\n${pluginFile({ name: 'a' })}`,
    'plugins/b.ts': `export const a = 1`,
  }
  expect(await problemsOf(files)).toEqual([])
})

test('an empty project has no plugins', async () => {
  const project: Project = { config: '', modules: [], manifests: [], assets: [] }
  expect(await new Workbench().engine.open(project)).toEqual({ plugins: [], problems: [] })
})
