// The settings that the guides of other systems show, in the one form of the project file.
import { expect, test } from 'vitest'
import { pluginFile, Workbench } from '../testing/workbench.ts'

/** Configs that plugins of these tests got, by name. */
const configs: Record<string, unknown> = {}
Object.assign(globalThis, { __configs: configs })

const telling = (name: string, config: string, manifest: object = {}): string =>
  pluginFile(
    { name, ...manifest },
    `  start() { globalThis.__configs['${name}'] = this.config }`,
    `config: ${config}`,
  )

test('[K10] plugins configured by name, with nested settings; what comes up by itself, by category', async () => {
  const files = {
    'plugins/my-plugin.ts': telling(
      'my_plugin',
      `z.object({
        my_setting: z.string().default('default'),
        setting1: z.string(),
        setting2: z.int().default(42),
        nested: z.object({ subsetting: z.boolean().default(false) }).prefault({}),
      })`,
      { category: 'head' },
    ),
    'plugins/other.ts': telling('other', 'z.object({})', { category: 'callback' }),
  }
  const config = `plugins:
  auto_initialize: true
  auto_start: true
  validate_on_load: true
  categories: [model, head]
  use:
    my_plugin:
      config:
        my_setting: custom_value
        setting1: value1
        nested:
          subsetting: true
`
  const bench = new Workbench()
  expect((await bench.up(files, config)).problems).toEqual([])
  expect(configs).toEqual({
    my_plugin: {
      my_setting: 'custom_value',
      setting1: 'value1',
      setting2: 42,
      nested: { subsetting: true },
    },
  })
  const manual = new Workbench()
  await manual.up(files, config.replace('auto_start: true', 'auto_start: false'))
  expect((await manual.plugin('my_plugin')).state).toBe('initialized')
})

test('[A13] a list of plugins with a section for each, and schedules', async () => {
  const files = {
    'plugins/my-plugin.ts': telling(
      'my_plugin',
      'z.object({ enable_at_epoch: z.int().min(0), learning_rate: z.number(), verbose: z.boolean() })',
    ),
    'plugins/other.ts': telling(
      'other_plugin',
      `z.object({ mode: z.enum(['simple', 'advanced']) })`,
    ),
    'plugins/moe.ts': pluginFile({ name: 'moe' }),
    'plugins/align.ts': pluginFile({ name: 'align' }),
  }
  const config = `plugins:
  use:
    my_plugin:
      config: { enable_at_epoch: 2, learning_rate: 0.001, verbose: true }
    other_plugin:
      config: { mode: advanced }
    moe:
    align:
schedules:
  plugins:
    moe: { enable_at_epoch: 2 }
    align: { enable_at_epoch: 3 }
  values:
    route_temp: { start: 1.5, end: 0.8, by: epoch }
`
  const { problems, plugins } = await new Workbench().up(files, config)
  expect(problems).toEqual([])
  expect(configs).toMatchObject({
    my_plugin: { enable_at_epoch: 2, learning_rate: 0.001, verbose: true },
    other_plugin: { mode: 'advanced' },
  })
  expect(plugins.slice(0, 4).map(({ manifest }) => manifest.name)).toEqual([
    'my_plugin',
    'other_plugin',
    'moe',
    'align',
  ])
})

test('[P08] the manifest of the classification head', async () => {
  const files = {
    'plugins/custom_head/plugin.yaml': `name: "custom_classification_head"
version: "1.2.0"
description: "Advanced classification head with attention mechanism"
author: "Your Name"
license: "MIT"
category: head
provides: [head/custom_classification_head]
entry: ./custom-head.ts
requires:
  tfjs: ">=4.0.0"
engine: ">=0.0.1"
configuration:
  hidden_size:
    type: int
    default: 768
    description: "Hidden layer size"

  num_labels:
    type: int
    required: true
    description: "Number of output labels"

  attention_heads:
    type: int
    default: 8
    description: "Number of attention heads"
`,
    'plugins/custom_head/custom-head.ts': `import { plugin } from 'plugboard'
export default class extends plugin({}) {
  start() { globalThis.__configs[this.ctx.manifest.name] = this.config }
}`,
  }
  const config = `plugins: { use: { custom_classification_head: { config: { num_labels: 3 } } } }`
  expect((await new Workbench().up(files, config)).problems).toEqual([])
  expect(configs['custom_classification_head']).toEqual({
    hidden_size: 768,
    num_labels: 3,
    attention_heads: 8,
  })
  const { problems } = await new Workbench().up(files)
  expect(problems).toMatchObject([{ message: expect.stringContaining('`num_labels` is missing') }])
})

test('[P07] enabled, priority, dependencies and parameters of each plugin', async () => {
  const order: string[] = []
  Object.assign(globalThis, { __order: order })
  const named = (name: string, more: object = {}): string =>
    pluginFile(
      { name, ...more },
      `  start() { this.ctx.hook('onTrainBegin', () => void globalThis.__order.push('${name}')) }`,
      'config: z.object({ hidden_size: z.int(), dropout_rate: z.number().default(0.1) }).partial()',
    )
  const files = {
    'plugins/a.ts': named('a', { requires: { 'plugin:c': '^1' } }),
    'plugins/b.ts': named('b'),
    'plugins/c.ts': named('c', { priority: 1 }),
    'plugins/d.ts': named('d'),
  }
  const config = `plugins:
  use:
    a: { config: { hidden_size: 64 } }
    b: { priority: 5 }
    c: { priority: -1 }
    d: { enabled: false }
`
  const bench = new Workbench()
  const { problems, plugins } = await bench.up(files, config)
  expect(problems).toEqual([])
  const byName = new Map(plugins.map((plugin) => [plugin.manifest.name, plugin]))
  expect(byName.get('a')!.dependencies).toEqual(['c'])
  expect(byName.get('d')).toMatchObject({ isEnabled: false, state: 'discovered' })
  expect(
    plugins.flatMap(({ manifest, hooks }) =>
      hooks.map(({ priority }) => [manifest.name, priority]),
    ),
  ).toEqual([
    ['a', 0],
    ['b', 5],
    ['c', -1],
  ])
  const started = bench
    .events('plugin.state')
    .flatMap(({ name, state }) => (state === 'running' ? [name] : []))
  expect(started).toEqual(['c', 'a', 'b'])
  const wrong = await new Workbench().up(files, config.replace('64', 'wide'))
  expect(wrong.problems).toMatchObject([{ plugin: 'a', source: { line: 3 } }])
})
