// Providers of layers, and a model that is built of those its config names.
import { describe, expect, test } from 'vitest'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

/** Attention, feed-forward and router under several names; each says in the log that it was made. */
const providers = `import * as tf from '@tensorflow/tfjs'
import { init, Module, parameter, plugin, z } from 'plugboard'

class Scale extends Module {
  constructor(width) { super(); this.weight = parameter([width], init.ones()) }
  forward(x) { return x.mul(this.weight) }
}
class Soft extends Module {
  constructor({ width, experts }) {
    super()
    this.gate = parameter([width, experts], init.normal(1))
  }
  forward(tokens) {
    const scores = tf.softmax(tokens.matMul(this.gate))
    return { weights: scores, aux_loss: scores.mean(0).square().sum().asScalar() }
  }
}

export default class extends plugin({ manifest: { name: 'providers', version: '1.2.0' } }) {
  initialize() {
    const make = (kind, name, options) =>
      this.ctx.provide(kind, name, (config, env) => {
        this.ctx.log.info(kind + '/' + name + ' ' + JSON.stringify({ ...config, ...env }))
        return kind === 'router' ? new Soft(env) : new Scale(env.width)
      }, options)
    make('attention', 'plain', { default: true })
    make('attention', 'mine', {
      version: '2.0.0',
      excludes: ['flash'],
      config: z.strictObject({ window: z.int().min(1).default(8) }),
    })
    make('attention', 'flash')
    make('ffn', 'plain', { default: true })
    make('router', 'top', { default: true })
    this.ctx.provide('attention', 'broken', () => ({}))
  }
}
`

/** Builds its parts by the names in its config, else takes the defaults. */
const builder = `import { componentSchema, Module, plugin, z } from 'plugboard'
const layer = z.strictObject({
  attention: componentSchema.optional(),
  ffn: componentSchema.optional(),
})
class Built extends Module {
  constructor({ layers, router }, env) {
    super()
    const shape = { width: 2, heads: 1, context: 4, dropout: 0 }
    this.layers = layers.map(({ attention, ffn }) => ({
      attention: env.create('attention', attention, shape),
      ffn: env.create('ffn', ffn, shape),
    }))
    this.router = env.create('router', router, { width: 2, experts: 2 })
  }
  forward({ x }, ctx) {
    let y = x
    for (const { attention, ffn } of this.layers) y = ffn.forward(attention.forward(y, ctx), ctx)
    const { weights, aux_loss } = this.router.forward(y, ctx)
    return { prediction: y.mul(weights).sum(1, true), aux_loss }
  }
}
export default class extends plugin({
  manifest: { name: 'builder', version: '1.0.0', requires: { 'plugin:providers': '^1' } },
}) {
  initialize() {
    this.ctx.provide('model', 'built', (config, env) => new Built(config, env), {
      config: z.strictObject({
        layers: z.array(layer).default([{}]),
        router: componentSchema.optional(),
      }),
    })
  }
}
`

const files = { 'plugins/providers.ts': providers, 'plugins/builder.ts': builder }

const project = (config: string): string =>
  lineProject('{}', { epochs: 1 }).replace(
    'model: line',
    `model: { name: built, config: ${config} }`,
  )

const made = (bench: Workbench): string[] =>
  bench.events('log').map(({ message }) => message.split(' ')[0]!)

test('[A04] providers have kind, name, version, default and what they exclude', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  await bench.up(files, project('{}'))
  const { contributions } = await bench.plugin('providers')
  expect(contributions).toMatchObject([
    { kind: 'attention', name: 'plain', version: '1.2.0', isDefault: true, plugin: 'providers' },
    { kind: 'attention', name: 'mine', version: '2.0.0', isDefault: false },
    { kind: 'attention', name: 'flash', isDefault: false },
    { kind: 'attention', name: 'broken' },
    { kind: 'ffn', name: 'plain' },
    { kind: 'router', name: 'top' },
  ])
})

describe('[A05] a provider', () => {
  const errorOf = async (config: string) => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const { error } = await bench.train(files, project(config))
    return { error, made: made(bench) }
  }

  test('is not asked for a layer with a config that it refuses', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const config =
      '{ layers: [{},\n        { attention: { name: mine, config: { window: 0, widow: 1 } } }] }'
    const { problems } = await bench.up(files, project(config))
    const source = { file: 'plugboard.yaml', line: 5 }
    const problem = { code: 'contribution.config', plugin: 'providers', source }
    expect(problems).toMatchObject([
      { ...problem, message: expect.stringContaining('`window` is 0') },
      { ...problem, message: expect.stringContaining('`widow` is not a known setting') },
    ])
    await bench.engine.boot({ device: 'cpu' })
    await expect(bench.engine.startRun()).rejects.toMatchObject({ code: 'contribution.config' })
    expect(made(bench)).toEqual([])
  })

  test('is not looked for under a text that only may be its name', async () => {
    const loss = builder.replace('layers: z', 'loss: z.string(), layers: z')
    const bench = new Workbench({ plugins: [linePlugin] })
    const own = { ...files, 'plugins/builder.ts': loss }
    expect((await bench.up(own, project('{ loss: none, layers: [] }'))).problems).toEqual([])
  })

  test('must make what its kind promises', async () => {
    const { error } = await errorOf('{ layers: [{ attention: broken }] }')
    expect(error).toMatchObject({
      code: 'contribution.contract',
      message: 'providers creates attention/broken without forward()',
    })
  })

  test('gets its config with defaults, and the shape of the layer', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.train(files, project('{ layers: [{ attention: mine }] }'))
    expect(bench.events('log')[0]!.message).toBe(
      'attention/mine {"window":8,"width":2,"heads":1,"context":4,"dropout":0}',
    )
  })
})

describe('[A06] a model is built', () => {
  test('of the layers that its config names, else of the defaults', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const ended = await bench.train(files, project('{ layers: [{}, { attention: flash }] }'))
    expect(ended.error).toBeUndefined()
    expect(made(bench)).toEqual([
      'attention/plain',
      'ffn/plain',
      'attention/flash',
      'ffn/plain',
      'router/top',
    ])
    expect(bench.events('run.begin')[0]!.parameters.map(({ path }) => path)).toEqual([
      'layers.0.attention.weight',
      'layers.0.ffn.weight',
      'layers.1.attention.weight',
      'layers.1.ffn.weight',
      'router.gate',
    ])
  })

  test('but not of two that exclude each other', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.open(files, project('{ layers: [{ attention: flash }, { attention: mine }] }'))
    await bench.engine.boot({ device: 'cpu' })
    await expect(bench.engine.startRun()).rejects.toMatchObject({
      code: 'contribution.contract',
      message:
        'attention mine must not be used beside attention flash, but the experiment names both',
    })
    expect(made(bench)).toEqual([])
  })

  test('and an unknown name is refused with the nearest', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const { error } = await bench.train(files, project('{ layers: [{ ffn: plane }] }'))
    expect(error).toMatchObject({
      code: 'contribution.missing',
      hint: expect.stringContaining('plain'),
    })
  })
})
