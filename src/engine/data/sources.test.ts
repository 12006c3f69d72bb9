// Data sources and processors of a workspace, named in its project file; experiments from their config alone.
import { describe, expect, test } from 'vitest'
import { linePlugin } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

/** A dataset of items read from a file: x, y and a word each. */
const dataset = `import { plugin, z } from 'plugboard'
class Points {
  rows = []
  columns = { y: { shape: [1] } }
  constructor(config, env) { this.config = config; this.env = env }
  get length() { return this.rows.length }
  item(index) {
    const [a, b, y, word] = this.rows[index]
    return { x: [Number(a), Number(b)], y: Number(y), word }
  }
  async load() {
    const bytes = await this.env.asset(this.config.data_path)
    const lines = new TextDecoder().decode(bytes).trim().split('\\n')
    this.rows = lines.slice(0, this.config.num_samples).map((line) => line.split(','))
    return this
  }
}
export default class extends plugin({ manifest: { name: 'points', version: '1.0.0' } }) {
  initialize() {
    this.ctx.provide('dataset', 'points', (config, env) => new Points(config, env), {
      config: z.strictObject({
        data_path: z.string(),
        num_samples: z.int().min(1).default(1000),
      }),
    })
  }
  onTrainBegin({ run }) {
    const { train, validation } = run.data
    const { x, y } = train.columns
    this.ctx.log.info(JSON.stringify({
      rows: train.length + validation.length, x: x.shape, y: y.shape, names: Object.keys(train.columns),
    }))
    this.ctx.log.info('largest ' + Math.max(...x.data))
  }
}
`

const processor = `import { plugin, z } from 'plugboard'
export default class extends plugin({ manifest: { name: 'scaled', version: '1.0.0' } }) {
  initialize() {
    this.ctx.provide('preprocessor', 'scaled', ({ column, factor }) => ({
      transform(table) {
        const from = table.columns[column]
        const to = { ...from, data: from.data.map((value) => value * factor) }
        return { ...table, columns: { ...table.columns, [column]: to } }
      },
    }), { config: z.strictObject({ column: z.string(), factor: z.number() }) })
  }
}
`

const files = { 'plugins/points.ts': dataset, 'plugins/scaled.ts': processor }
const csv = Array.from({ length: 50 }, (_, i) => {
  const [a, b] = [Math.sin(i), Math.cos(3 * i)]
  return `${a},${b},${2 * a - b},word${i}`
}).join('\n')

const project = (
  more: { dataset?: string; rest?: string; training?: string } = {},
): string => `experiment:
  name: points of a file
  seed: 3
  dataset: { name: points, config: { data_path: data/points.csv${more.dataset ?? ''} } }
  model: line
${more.rest ?? ''}
  training: { optimizer: momentum, loss: squared_error, epochs: 4, batch_size: 8${more.training ?? ''} }
`

const open = () => new Workbench({ plugins: [linePlugin], assets: { 'data/points.csv': csv } })

const logsOf = (bench: Workbench) => bench.events('log').map(({ message }) => message)

test('[F02] a dataset has a length and items by index, and is loaded with arguments', async () => {
  const bench = open()
  const ended = await bench.train(files, project({ dataset: ', num_samples: 30' }))
  expect(ended.error).toBeUndefined()
  // Words are no numbers, and no preprocessor made some of them: they are left out.
  expect(JSON.parse(logsOf(bench)[0]!)).toEqual({ rows: 30, x: [2], y: [1], names: ['x', 'y'] })
})

describe('items that do not fit', () => {
  test.each([
    ['item 1 of dataset points has no x, unlike item 0', 'index ? {} : { x: index }'],
    [
      'x of dataset points is 2 numbers in item 1, but a number in item 0',
      'index ? { x: [1, 2] } : { x: 1 }',
    ],
    ['item 1 of dataset points has a z, unlike item 0', 'index ? { x: 1, z: 1 } : { x: 1 }'],
    ['item 1 of dataset points is undefined', 'index ? undefined : { x: 1 }'],
    ['item 0 of dataset points is a promise', 'Promise.resolve({ x: 1 })'],
    ['x of dataset points is null in item 1', 'index ? { x: null } : { x: 1 }'],
    ['x of dataset points is true in item 0', '{ x: true }'],
    ['x of dataset points is a list of more than numbers in item 0', '{ x: [[1, 2], [3, 4]] }'],
  ])('are refused: %s', async (message, item) => {
    const source = `import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'points', version: '1.0.0' } }) {
  initialize() {
    this.ctx.provide('dataset', 'points', () => ({
      load: async () => ({ length: 3, item: (index) => (${item}) }),
    }))
  }
}`
    const config = project().replace(/{ name: points.*/, 'points')
    const { error } = await open().train({ 'plugins/points.ts': source }, config)
    expect(error).toMatchObject({ code: 'data.invalid', message: expect.stringContaining(message) })
  })
})

test('[G15] data sources and processors of the workspace are used from YAML', async () => {
  const bench = open()
  const rest = '  preprocess: [{ name: scaled, config: { column: x, factor: 10 } }]'
  const ended = await bench.train(files, project({ rest }))
  expect(ended.error).toBeUndefined()
  const largest = Number(logsOf(bench)[1]!.slice('largest '.length))
  expect(largest).toBeGreaterThan(9.5)
  expect(largest).toBeLessThanOrEqual(10)
  const wrong = open()
  const { problems } = await wrong.up(
    files,
    project({ rest: rest.replace('factor: 10', 'factor: x') }),
  )
  expect(problems).toMatchObject([
    {
      plugin: 'scaled',
      source: { file: 'plugboard.yaml', line: 6 },
      message: expect.stringContaining('`factor`'),
    },
  ])
})

test('[F08] an experiment runs from its config alone, end to end', async () => {
  const bench = open()
  const ended = await bench.train(
    files,
    project({ training: ', epochs: 12' }).replace('epochs: 4, ', ''),
  )
  expect(ended).toMatchObject({ reason: 'finished', epoch: 12 })
  const begin = bench.events('run.begin')[0]!
  expect(begin).toMatchObject({
    name: 'points of a file',
    seed: 3,
    trainRows: 45,
    validationRows: 5,
  })
  const losses = bench
    .events('run.metrics')
    .flatMap(({ points }) => points.flatMap(({ values }) => values['val_loss'] ?? []))
  expect(losses).toHaveLength(12)
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 20)
})

describe('experiments', () => {
  test('[F05] name model, dataset, data path, arguments of preprocessing, model and training', async () => {
    const bench = open()
    const config = `experiment:
  name: typed
  dataset: { name: points, config: { data_path: data/points.csv, num_samples: 20 } }
  preprocess: [{ name: scaled, config: { column: x, factor: 0.5 } }]
  model: { name: line, config: { dropout: 0.25 } }
  training: { optimizer: momentum, epochs: 1, batch_size: 4 }
`
    expect(await bench.train(files, config)).toMatchObject({ reason: 'finished' })
    expect(bench.events('run.begin')[0]!.config).toMatchObject({
      name: 'typed',
      dataset: { name: 'points', config: { data_path: 'data/points.csv', num_samples: 20 } },
      preprocess: [{ name: 'scaled', config: { column: 'x', factor: 0.5 } }],
      model: { name: 'line', config: { dropout: 0.25 } },
      training: { epochs: 1, batch_size: 4 },
    })
  })

  test('[F06] a typed model config says what is required, its ranges and its defaults, all problems at once', async () => {
    const model = `import { init, Module, parameter, plugin, z } from 'plugboard'
class Net extends Module {
  weight = parameter([2, 1], init.zeros())
  forward({ x }) { return { prediction: x.matMul(this.weight) } }
}
export default class extends plugin({ manifest: { name: 'net', version: '1.0.0' } }) {
  initialize() {
    this.ctx.provide('model', 'net', (config) => {
      this.ctx.log.info(JSON.stringify(config))
      return new Net()
    }, { config: z.strictObject({
      vocab_size: z.int().min(1),
      num_heads: z.int().min(1).default(8),
      dropout: z.number().min(0).max(1).default(0.1),
    }) })
  }
}`
    const config = (settings: string) =>
      project().replace('model: line', `model:\n    name: net\n    config:\n${settings}`)
    const bench = open()
    const { problems } = await bench.up(
      { ...files, 'plugins/net.ts': model },
      config('      num_heads: 0\n      dropout: 1.5\n      droput: 0.1'),
    )
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('`vocab_size` is missing'),
      expect.stringContaining('`num_heads` is 0'),
      expect.stringContaining('`dropout` is 1.5'),
      expect.stringContaining('`droput` is not a known setting'),
    ])
    expect(problems.map(({ source }) => source!.line).slice(1)).toEqual([8, 9, 10])
    const right = open()
    await right.train({ ...files, 'plugins/net.ts': model }, config('      vocab_size: 5'))
    expect(JSON.parse(logsOf(right)[0]!)).toEqual({ vocab_size: 5, num_heads: 8, dropout: 0.1 })
  })

  test('[F07] training has epochs, batch size, learning rate, optimizer and loss by name', async () => {
    const rate = `import { plugin, StatefulOptimizer, z } from 'plugboard'
class Still extends StatefulOptimizer {
  constructor(learningRate) { super(); this.learningRate = learningRate }
  update() {}
}
export default class extends plugin({ manifest: { name: 'still', version: '1.0.0' } }) {
  initialize() {
    this.ctx.provide('optimizer', 'still', ({ learning_rate }) => new Still(learning_rate), {
      config: z.strictObject({ learning_rate: z.number().max(1).default(0.001) }),
    })
  }
  onOptimizerStep({ step, optimizer }) {
    if (step === 1) this.ctx.log.info('rate ' + optimizer.learningRate)
  }
}`
    const all = { ...files, 'plugins/still.ts': rate }
    const config = (training: string) =>
      project().replace(/training: .*/, `training: { loss: squared_error, ${training} }`)
    const bench = open()
    const ended = await bench.train(
      all,
      config('optimizer: still, learning_rate: 0.125, epochs: 2, batch_size: 9'),
    )
    expect(ended).toMatchObject({ reason: 'finished', epoch: 2, step: 10 })
    expect(logsOf(bench)).toContain('rate 0.125')
    // The optimizer's own schema has the last word.
    const { problems } = await open().up(all, config('optimizer: still, learning_rate: 2'))
    expect(problems).toMatchObject([
      { plugin: 'still', message: expect.stringContaining('`learning_rate` is 2') },
    ])
  })

  test('[F07] settings of distributed training are refused, saying why', async () => {
    const { problems } = await open().open(
      files,
      project({ training: ', use_distributed: true, local_rank: 1, world_size: 2' }),
    )
    expect(problems.map(({ message }) => message)).toEqual(
      ['use_distributed` is true', 'local_rank` is 1', 'world_size` is 2'].map((subject) =>
        expect.stringMatching(
          new RegExp(
            `${subject}: a run trains on the one device of its tab; take this setting out`,
          ),
        ),
      ),
    )
  })

  test('a precision that is none is refused, naming those that are', async () => {
    for (const precision of ['float32', 'mixed']) {
      const { problems } = await open().open(
        files,
        project({ training: `, precision: ${precision}` }),
      )
      expect(problems).toEqual([])
    }
    const half = await open().open(files, project({ training: ', precision: float16' }))
    expect(half.problems).toMatchObject([
      {
        message: expect.stringMatching(/`experiment.training.precision`.*float32.*mixed/),
        source: { file: 'plugboard.yaml' },
      },
    ])
  })
})
