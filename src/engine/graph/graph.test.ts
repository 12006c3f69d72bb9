// Model graphs through the whole engine: built, trained, reloaded, refused at their lines.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { graphYaml } from '#sdk'
import { linePlugin } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

const layers = `import * as tf from '@tensorflow/tfjs'
import { EngineError, init, Module, parameter, plugin, z } from 'plugboard'

class Dense extends Module {
  constructor(inputs, units) {
    super()
    this.weight = parameter([inputs, units], init.linear(inputs))
  }
  forward(x) {
    const [inputs] = this.weight.shape
    if (x.shape.at(-1) !== inputs) throw new EngineError({ code: 'model.forward', message: 'dense takes ' + inputs })
    return x.matMul(this.weight)
  }
}
class Sum extends Module {
  forward([a, b]) { return a.add(b) }
}
class Tanh extends Module {
  forward(x) { return x.tanh() }
}
class Broken extends Module {
  forward(x) { return x.sum() > 0 ? x : x.notThere() }
}
export default class extends plugin({
  manifest: { name: 'dense', version: '1.0.0', provides: ['layer/dense'] },
}) {
  initialize() {
    this.ctx.provide('layer', 'dense', ({ units }, { shape }) => new Dense(shape.at(-1), units), {
      config: z.strictObject({ units: z.int().min(1) }),
    })
    this.ctx.provide('layer', 'sum', () => new Sum())
    this.ctx.provide('layer', 'tanh', () => new Tanh())
    this.ctx.provide('layer', 'broken', () => new Broken())
    this.ctx.provide('layer', 'fixed', () => new Dense(7, 1))
  }
}
`

const graph = `description: two branches
inputs: { x: { shape: [2], dtype: float32 } }
config: { units: 3, depth: { type: int, default: 2, min: 0 } }
nodes:
  # In any order.
  - { name: head, layer: dense, config: { units: 1 }, inputs: [joined] }
  - { name: left, layer: dense, config: { units: $units }, inputs: [x] }
  - { name: act, layer: tanh }
  - name: blocks
    repeat: $depth
    inputs: [act]
    nodes:
      - { name: wide, layer: dense, config: { units: $units } }
      - { name: sum, layer: sum, inputs: [wide, input] }
  - { name: joined, layer: sum, inputs: [blocks, left] }
outputs:
  prediction: head
`

const project = (model = 'net', epochs = 2): string => `
experiment:
  dataset: line
  model: ${model}
  validation_split: 0.2
  training: { optimizer: momentum, epochs: ${epochs}, batch_size: 8 }
`

const files = (text = graph) => ({ 'plugins/dense.ts': layers, 'models/net.yaml': text })
const bench = () => new Workbench({ plugins: [linePlugin] })

describe('[G11] a model graph', () => {
  test('is a plugin that provides its model, and trains', async () => {
    const it = bench()
    const ended = await it.train(files(), project())
    expect(ended).toMatchObject({ reason: 'finished' })
    expect(it.events('run.begin')[0]!.parameters).toEqual([
      { path: 'left.weight', shape: [2, 3] },
      { path: 'blocks.0.wide.weight', shape: [3, 3] },
      { path: 'blocks.1.wide.weight', shape: [3, 3] },
      { path: 'head.weight', shape: [3, 1] },
    ])
    const points = it.events('run.metrics').flatMap((event) => event.points)
    const losses = points.flatMap(({ values }) => values['loss'] ?? [])
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
    expect(await it.plugin('models.net')).toMatchObject({
      file: 'models/net.yaml',
      dependencies: ['dense'],
      contributions: [{ kind: 'model', name: 'net', description: 'two branches' }],
    })
  })

  test('takes settings from the project file, of the types of its defaults', async () => {
    const it = bench()
    await it.train(files(), project('{ name: net, config: { units: 5, depth: 0 } }', 1))
    expect(it.events('run.begin')[0]!.parameters.map(({ shape }) => shape)).toEqual([
      [2, 5],
      [5, 1],
    ])
    const { problems } = await bench().up(
      files(),
      project('{ name: net, config: { units: many, deep: 1 } }'),
    )
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining('`units` is "many"'),
        source: { file: 'plugboard.yaml', line: 4 },
      },
      { message: expect.stringContaining('`deep` is not a known setting') },
    ])
  })

  test('is rebuilt with its weights when it, or a layer of it, is edited in mid-run', async () => {
    const it = bench()
    await it.start(files(), project('net', 400))
    await it.once('run.metrics')
    await it.open(
      files(graph.replace('layer: tanh', 'layer: sum, inputs: [left, left]')),
      project('net', 400),
    )
    await it.open(files(graph), project('net', 400))
    await it.open(
      { ...files(), 'plugins/dense.ts': layers.replace('x.tanh()', 'x.sin()') },
      project('net', 400),
    )
    const reloads = it.events('plugin.reloaded')
    expect(it.events('plugin.reload_failed')).toEqual([])
    expect(reloads.map(({ names, rebuiltModel }) => [names, rebuiltModel])).toEqual([
      [['models.net'], true],
      [['models.net'], true],
      [['dense', 'models.net'], true],
    ])
    // A parameter that would lose its values keeps the new version out.
    await it.open(
      files(
        graph.replace('name: left', 'name: links').replace('[blocks, left]', '[blocks, links]'),
      ),
      project('net', 400),
    )
    expect(it.events('plugin.reload_failed')[0]!.error.message).toContain(
      'parameter left.weight of model net',
    )
    await it.engine.control('stop')
    expect(await it.ended()).toMatchObject({ reason: 'stopped' })
  })

  test('tells an error of a layer at its node, with the shapes', async () => {
    const error = async (text: string) => (await bench().train(files(text), project())).error!
    expect(await error(graph.replace('layer: tanh', 'layer: fixed'))).toMatchObject({
      code: 'model.forward',
      message: 'models/net.yaml: node `act` (fixed), which takes [3] from `left`: dense takes 7',
      source: { file: 'models/net.yaml', line: 8, column: 5 },
    })
    expect(await error(graph.replace('layer: tanh', 'layer: broken'))).toMatchObject({
      message: expect.stringContaining(
        'node `act` (broken), which takes [3] from `left`: x.notThere is',
      ),
      source: { file: 'models/net.yaml', line: 8 },
      frames: [{ file: 'plugins/dense.ts' }],
    })
    const wrong = graph.replace('shape: [2]', 'shape: [null, 2]')
    expect(await error(wrong)).toMatchObject({
      message: 'models/net.yaml: input `x` must have shape [any, 2], but its rows have [2]',
      source: { file: 'models/net.yaml', line: 2, column: 11 },
    })
    const none = graph.replace('units: 1 }', 'units: $columns.labels.limit }')
    expect(await error(none)).toMatchObject({
      message: expect.stringContaining('there is no `columns.labels.limit`'),
      source: { line: 6 },
    })
  })

  test('reads sizes off the batch', async () => {
    const it = bench()
    await it.train(
      files(graph.replace('units: 1 }', 'units: $columns.y.shape.0 }')),
      project('net', 1),
    )
    expect(it.events('run.begin')[0]!.parameters.at(-1)).toEqual({
      path: 'head.weight',
      shape: [3, 1],
    })
  })

  test('says which node no output needs, and leaves it out', async () => {
    const it = bench()
    await it.train(
      files(
        graph.replace(
          'outputs:',
          '  - { name: idle, layer: dense, config: { units: 9 } }\noutputs:',
        ),
      ),
      project('net', 1),
    )
    expect(it.events('log').map(({ message }) => message)).toEqual([
      'models/net.yaml:16: no output needs node `idle`: it is left out',
    ])
    expect(it.events('run.begin')[0]!.parameters).toHaveLength(4)
  })
})

describe('[G11] everything that is wrong with a graph is told at its line', () => {
  const problemsOf = async (text: string) => {
    const { problems } = await bench().up(files(text), project())
    return problems.map(({ message, source, hint }) => [
      `${source?.file}:${source?.line} ${message}`,
      hint,
    ])
  }

  test('names, inputs, circles, outputs and references at once', async () => {
    const text = `inputs: [x]
config: { units: 3 }
nodes:
  - { name: one, layer: dense, inputs: [three] }
  - { name: two, layer: tanh, inputs: [one] }
  - { name: three, layer: tanh, inputs: [two] }
  - { name: two, layer: tanh, inputs: [X] }
  - { name: forward, layer: dense, config: { units: $unit } }
  - { name: none }
outputs: { prediction: heads }
`
    expect(await problemsOf(text)).toEqual([
      [
        'models/net.yaml:4 models/net.yaml: nodes take each other in a circle: one → three → two → one',
        'each arrow leads to what a node takes; take one of them out',
      ],
      [
        'models/net.yaml:7 models/net.yaml: two nodes are named `two`, the first in line 5',
        'choose another name',
      ],
      [
        'models/net.yaml:7 models/net.yaml: node `two` takes `X`, which is neither a node nor an input',
        'did you mean `x`?',
      ],
      [
        'models/net.yaml:8 models/net.yaml: `forward` cannot be the name of a node: models have it already',
        'choose another name',
      ],
      [
        'models/net.yaml:8 models/net.yaml: `$unit` stands for no setting of the model',
        'did you mean `units`?',
      ],
      [
        'models/net.yaml:9 models/net.yaml: node `none` has neither `layer` nor `nodes`',
        'a node is a layer, or a block of nodes',
      ],
      [
        'models/net.yaml:10 models/net.yaml: output `prediction` is `heads`, but there is no such node',
        'there are: x, two, three, one, forward, none',
      ],
    ])
  })

  test('layers that there are not, and their settings', async () => {
    const text = graph
      .replace('layer: tanh', 'layer: tanhh')
      .replace('{ units: 1 }', '{ units: 0, bias: no }')
    expect(await problemsOf(text)).toEqual([
      [
        'models/net.yaml:6 layer dense: `units` is 0: too small: expected number to be >=1',
        undefined,
      ],
      ['models/net.yaml:6 layer dense: `bias` is not a known setting', 'there are: units'],
      ['models/net.yaml:8 there is no layer `tanhh`', 'did you mean `tanh`?'],
    ])
  })

  test('components that settings of layers name', async () => {
    const more = `import { Module, plugin, z, componentSchema } from 'plugboard'
class Same extends Module { forward(x) { return x } }
export default [
  class extends plugin({ manifest: { name: 'inner', version: '1.0.0', provides: ['ffn/inner'] } }) {
    initialize() { this.ctx.provide('ffn', 'inner', () => new Same(), { config: z.strictObject({ n: z.int() }) }) }
  },
  class extends plugin({ manifest: { name: 'outer', version: '1.0.0', provides: ['layer/outer'] } }) {
    initialize() {
      this.ctx.provide('layer', 'outer', ({ ffn }, env) => env.create('ffn', ffn, { width: 3, heads: 1, context: 1, dropout: 0 }), {
        config: z.strictObject({ ffn: componentSchema }),
      })
    }
  },
]
`
    const withFfn = (n: string) =>
      graph.replace(
        'layer: tanh',
        `layer: outer, config: { ffn: { name: inner, config: { n: ${n} } } }`,
      )
    const it = bench()
    const { problems } = await it.up({ ...files(withFfn('a')), 'plugins/more.ts': more }, project())
    expect(problems).toMatchObject([
      {
        message: 'ffn inner: `n` is "a": invalid input: expected number, received string',
        source: { file: 'models/net.yaml', line: 8 },
      },
    ])
    expect((await it.plugin('models.net')).dependencies).toEqual(['dense', 'outer', 'inner'])
    const ended = await bench().train(
      { ...files(withFfn('1')), 'plugins/more.ts': more },
      project('net', 1),
    )
    expect(ended.error).toBeUndefined()
  })

  test('form, and bombs of aliases and repeats', async () => {
    expect(await problemsOf('nodes: []')).toEqual([
      ['models/net.yaml:1 models/net.yaml: `inputs` is missing', undefined],
      [expect.stringContaining('`nodes` is a list: too small'), undefined],
      ['models/net.yaml:1 models/net.yaml: `outputs` is missing (a record is needed)', undefined],
    ])
    const block = (name: string, inner: string) =>
      `[{ name: ${name}, repeat: 200, nodes: ${inner} }]`
    const bomb = `inputs: [x]\nnodes: ${block('a', block('b', block('c', '[{ name: t, layer: tanh }]')))}\noutputs: { prediction: a }\n`
    expect(await problemsOf(bomb)).toEqual([
      [
        'models/net.yaml:2 models/net.yaml: with node `t` there are more than 1000 layers',
        'repeat it less often',
      ],
    ])
    const lines = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
    )
    const [first] = await problemsOf(['a0: &a0 [x]', ...lines].join('\n'))
    expect(first).toEqual([
      'models/net.yaml:13 models/net.yaml: there are more than 100 aliases',
      'use fewer levels and fewer aliases',
    ])
  })
})

test.each(['forward', 'outputs', 'steps', 'torchAxes', 'toString'])(
  'a node is not named as what every model has: %s',
  async (name) => {
    const { problems } = await bench().open(files(graph.replace('name: left', `name: ${name}`)))
    expect(problems[0]!.message).toContain(`\`${name}\` cannot be the name of a node`)
  },
)

test('[G11] a graph that code makes trains as one that was written', async () => {
  const text = graphYaml({
    inputs: ['x'],
    nodes: [
      ...[4, 3].map((units, i) => ({ name: `layer${i}`, layer: 'dense', config: { units } })),
      { name: 'head', layer: 'dense', config: { units: 1 } },
    ],
    outputs: { prediction: 'head' },
  })
  const it = bench()
  expect(await it.train(files(text), project('net', 1))).toMatchObject({ reason: 'finished' })
  expect(it.events('run.begin')[0]!.parameters).toEqual([
    { path: 'layer0.weight', shape: [2, 4] },
    { path: 'layer1.weight', shape: [4, 3] },
    { path: 'head.weight', shape: [3, 1] },
  ])
})

test('[G11] editors get layers and their settings for models/*.yaml', async () => {
  const it = bench()
  await it.up(files(), project())
  const schema = (await it.engine.yamlSchemas())['models/*.yaml']!
  const { $defs: defs } = schema as { $defs: Record<string, Record<string, object>> }
  const node = Object.values(defs).find(({ allOf }) => allOf)!
  expect(node).toMatchObject({
    properties: {
      layer: { anyOf: expect.arrayContaining([{ const: 'dense', description: '' }]) },
      nodes: { type: 'array' },
    },
    allOf: [
      { if: { properties: { layer: { const: 'dense' } }, required: ['layer'] } },
      {},
      {},
      {},
      {},
    ],
  })
  expect(defs['layer:dense']!['properties']).toMatchObject({
    units: { type: 'integer', minimum: 1 },
  })
})

describe('[G11] a model is described with shapes and numbers of parameters', () => {
  test('by the nodes and edges of its graph, before a run and in one', async () => {
    const it = bench()
    await it.open(files(), project('net', 400))
    await it.engine.boot({ device: 'cpu' })
    const before = tf.memory().numTensors
    const described = await it.engine.describeModel()
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1)
    expect(described).toMatchObject({ name: 'net', parameters: 27 })
    const { nodes, outputs, columns } = described
    expect(outputs).toEqual([{ name: 'prediction', from: 'head' }])
    expect(columns[0]).toEqual({ name: 'x', shape: [2], dtype: 'float32' })
    expect(nodes.map(({ path, inputs, shape }) => [path, inputs.join(), shape])).toEqual([
      ['left', 'x', [3]],
      ['act', 'left', [3]],
      ['blocks.0.wide', 'act', [3]],
      ['blocks.0.sum', 'blocks.0.wide,act', [3]],
      ['blocks.1.wide', 'blocks.0.sum', [3]],
      ['blocks.1.sum', 'blocks.1.wide,blocks.0.sum', [3]],
      ['joined', 'blocks.1.sum,left', [3]],
      ['head', 'joined', [1]],
    ])
    expect(nodes[0]).toMatchObject({
      type: 'dense',
      parameters: 6,
      weights: [{ name: 'weight', shape: [2, 3] }],
      source: { file: 'models/net.yaml', line: 7 },
    })
    await it.engine.startRun()
    await it.once('run.metrics')
    expect(await it.engine.describeModel()).toEqual(described)
    await it.engine.control('stop')
  })

  test('by its modules, where it is no graph; what keeps it from being built is told', async () => {
    const it = bench()
    await it.open({}, project('line'))
    await it.engine.boot({ device: 'cpu' })
    expect(await it.engine.describeModel()).toMatchObject({
      name: 'line',
      parameters: 3,
      nodes: [],
    })
    await it.open(files(graph.replace('layer: tanh', 'layer: fixed')), project())
    await expect(it.engine.describeModel()).rejects.toMatchObject({
      source: { file: 'models/net.yaml', line: 8 },
    })
  })
})

test('[G16] a finding about a node is told at its line, also when a reload rebuilt the model', async () => {
  const rules = (severity: string) => `import { modulesOf, plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'rules', version: '1.0.0' } }) {
  onGraphCheck({ model }) {
    const paths = [...modulesOf(model).keys()].filter((path) => path.startsWith('blocks.'))
    return paths.map((module) => ({ severity: '${severity}', message: module + ' is too small', module }))
  }
}
`
  const it = bench()
  const warning = { ...files(), 'plugins/rules.ts': rules('warning') }
  await it.start(warning, project('net', 400))
  await it.once('run.metrics')
  const told = () => it.events('log').map(({ message }) => message)
  const wanted = [
    'models/net.yaml:13: rules about model net: blocks.0.wide is too small',
    'models/net.yaml:14: rules about model net: blocks.0.sum is too small',
    'models/net.yaml:13: rules about model net: blocks.1.wide is too small',
    'models/net.yaml:14: rules about model net: blocks.1.sum is too small',
  ]
  expect(told()).toEqual(wanted)
  const edited = `${graph}# edited\n`
  await it.open({ ...warning, 'models/net.yaml': edited }, project('net', 400))
  expect(told()).toEqual([...wanted, ...wanted])
  const error = { ...files(`${graph}# once more\n`), 'plugins/rules.ts': rules('error') }
  await it.open(error, project('net', 400))
  expect(it.events('plugin.reload_failed')[0]!.error).toMatchObject({
    plugin: 'rules',
    message: expect.stringContaining('blocks.1.sum is too small'),
    source: { file: 'models/net.yaml', line: 13 },
  })
  await it.engine.control('stop')
})
