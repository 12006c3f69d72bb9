// Using models: while they train, when they are paused, after the run; with the built-in plugins.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { type InputValue, predictFormSchema, predictionSchema, type RunOptions } from '#protocol'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const TABLE = `import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'rows', version: '1.0.0' } }) {
  initialize() {
    const form = { type: 'number', shape: [], dtype: 'float32' }
    const column = (value) => ({ ...form, data: Float32Array.from({ length: 60 }, (_, i) => value(i)) })
    const texts = ['good day', 'bad day', 'good night', 'bad night']
    this.ctx.provide('dataset', 'houses', () => ({
      load: async () => ({ length: 60, columns: {
        features: { ...form, shape: [2], data: Float32Array.from({ length: 120 }, (_, i) => Math.sin(i)) },
        labels: { ...column((i) => 1000 + 100 * Math.sin(2 * i)), shape: [1] },
      } }),
    }))
    this.ctx.provide('dataset', 'places', () => ({
      load: async () => ({ length: 60, columns: {
        name: { type: 'text', data: Array.from({ length: 60 }, (_, i) => 'n' + (i % 31)) },
        place: { type: 'text', data: Array.from({ length: 60 }, (_, i) => ['north', 'south', ''][i % 3]) },
        size: column((i) => i),
        labels: { type: 'number', shape: [], dtype: 'int32', limit: 2, data: Int32Array.from({ length: 60 }, (_, i) => i % 2) },
      } }),
    }))
    this.ctx.provide('dataset', 'days', () => ({
      load: async () => ({ length: 60, columns: {
        text: { type: 'text', data: Array.from({ length: 60 }, (_, i) => texts[i % 4]) },
      } }),
    }))
  }
}`

const POINTS = `experiment:
  dataset: { name: moons, config: { rows: 80 } }
  model: { name: mlp, config: { input: features, hidden: [8], dropout: 0.2 } }
  training: { epochs: 3, batch_size: 16 }
`
const PLACES = `experiment:
  dataset: places
  preprocess:
    - { name: one_hot, config: { columns: [name, place] } }
    - { name: join_columns, config: { columns: [name, place, size] } }
  model: { name: mlp, config: { input: features, hidden: [4] } }
  training: { epochs: 1, batch_size: 16 }
`
const HOUSES = `experiment:
  dataset: houses
  preprocess: [{ name: standardize, config: { columns: [features, labels] } }]
  model: line_model
  training: { epochs: 2, batch_size: 16, loss: mse }
`
const DAYS = `experiment:
  dataset: days
  tokenizer: char
  preprocess: [{ name: next_token, config: { context: 12 } }]
  model: { name: gpt, config: { width: 8, heads: 2, layers: 1 } }
  training: { epochs: 1, batch_size: 8 }
`
const LINE_MODEL = `import { Module, nn, plugin } from 'plugboard'
class Line extends Module {
  out = new nn.Linear(2, 1)
  forward({ features }) { return { predictions: this.out.forward(features) } }
}
export default class extends plugin({ manifest: { name: 'line_model', version: '1.0.0' } }) {
  initialize() { this.ctx.provide('model', 'line_model', () => new Line()) }
}`

async function start(config: string, options: RunOptions = { keepsModel: true }) {
  const bench = new Workbench({ plugins: builtinPlugins })
  await bench.up({ 'plugins/rows.ts': TABLE, 'plugins/line-model.ts': LINE_MODEL }, config)
  await bench.engine.boot({ device: 'cpu' })
  await bench.engine.startRun(options)
  const ended = () =>
    expect.poll(() => bench.events('run.state').at(-1)?.state, { timeout: 30_000 }).toBe('ended')
  return { bench, engine: bench.engine, ended }
}

async function finished(config: string) {
  const run = await start(config)
  await run.ended()
  expect(run.bench.events('run.state').at(-1)).toMatchObject({ reason: 'finished' })
  return run
}

describe('classes', () => {
  test('have their names; training is the same bit for bit, and the model stays until the next run', async () => {
    const losses = ({ bench }: Awaited<ReturnType<typeof start>>) =>
      bench.events('run.metrics').flatMap(({ points }) => points.map(({ values }) => values))
    const plain = await finished(POINTS)
    const tensors = tf.memory().numTensors
    const run = await start(POINTS)
    const { engine, bench } = run
    // So that it has not ended before anything is asked.
    await engine.control('pause')
    await expect.poll(() => bench.events('run.begin').length, { timeout: 30_000 }).toBe(1)
    const form = predictFormSchema.parse(await engine.predictForm())
    expect(form.inputs).toEqual([{ name: 'features', kind: 'numbers', shape: [2] }])
    expect(form.examples[0]!['features']).toHaveLength(2)
    let asked = 0
    for (; asked < 3; asked++) await engine.predict(form.examples[0]!)
    await engine.control('resume')
    while (bench.events('run.state').at(-1)!.state !== 'ended') {
      await engine.predict(form.examples[asked++ % 2]!)
      await new Promise((resolve) => void setTimeout(resolve, 0))
    }
    expect(losses(run)).toEqual(losses(plain))
    expect(tf.memory().numTensors).toBe(tensors + 4)

    const made = predictionSchema.parse(await engine.predict({ features: [0.5, 0.2] }))
    const [result] = made.results
    expect(made.step).toBe(12)
    expect(result).toMatchObject({ kind: 'classes', output: 'logits', isExclusive: true })
    const shares = result?.kind === 'classes' ? result.classes.map(({ share }) => share) : []
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 6)

    await engine.startRun()
    await run.ended()
    expect(tf.memory().numTensors).toBe(tensors)
    expect(await engine.predictForm()).toBeNull()
    await expect(engine.predict({ features: [0, 0] })).rejects.toMatchObject({ code: 'run.state' })
  })

  test('are not given for values that do not fit', async () => {
    const { engine } = await finished(POINTS)
    const refused = (values: Record<string, InputValue>, message: string) =>
      expect(engine.predict(values)).rejects.toThrow(message)
    await refused({}, 'input features is missing')
    await refused({ features: [1] }, 'is 2 numbers [2], but was given 1 values')
    await refused({ features: 'ab' }, 'but was given a text')
    await refused({ features: [1, Number.NaN] }, 'cannot be NaN')
    await refused({ features: [1, 2], label: 1 }, 'takes no input label; it takes features')
  })
})

test('a column of few texts that repeat is chosen from them, any other is written', async () => {
  const { engine } = await finished(PLACES)
  const form = predictFormSchema.parse(await engine.predictForm())
  expect(form.inputs).toEqual([
    { name: 'name', kind: 'text', shape: [] },
    { name: 'place', kind: 'text', shape: [], classes: ['', 'north', 'south'] },
    { name: 'size', kind: 'number', shape: [] },
  ])
})

test('numbers come back in the units of the dataset', async () => {
  const { engine } = await finished(HOUSES)
  const form = (await engine.predictForm())!
  expect(form.inputs.map(({ name }) => name)).toEqual(['features'])
  const { results } = predictionSchema.parse(await engine.predict({ features: [0.1, -0.3] }))
  expect(results).toMatchObject([{ kind: 'numbers', output: 'predictions' }])
  const [price = 0] = results[0]!.kind === 'numbers' ? results[0]!.values : []
  expect(price).toBeGreaterThan(600)
  expect(price).toBeLessThan(1400)
})

test('what is too long to show is cut, and a model gone astray is shown as it is', async () => {
  const astray = LINE_MODEL.replace(
    'this.out.forward(features)',
    'this.out.forward(features).div(0)',
  )
  const long = TABLE.replace("'good day'", "'good day '.repeat(5000)")
  const bench = new Workbench({ plugins: builtinPlugins })
  await bench.up({ 'plugins/rows.ts': long, 'plugins/line-model.ts': LINE_MODEL }, DAYS)
  await bench.engine.boot({ device: 'cpu' })
  await bench.engine.startRun({ keepsModel: true })
  await expect.poll(() => bench.events('run.begin').length, { timeout: 30_000 }).toBe(1)
  await bench.engine.control('stop')
  const form = predictFormSchema.parse(await bench.engine.predictForm())
  expect(form.examples.every(({ text }) => (text as string).length <= 500)).toBe(true)

  const other = new Workbench({ plugins: builtinPlugins })
  const project = HOUSES.replace('loss: mse', 'loss: own')
  const loss = `import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'own', version: '1.0.0' } }) {
  initialize() { this.ctx.provide('loss', 'own', () => ({ compute: ({ batch, outputs }) => outputs.fine.sub(batch.labels).square().mean() })) }
}`
  const two = astray.replace(
    'return { predictions:',
    'return { fine: this.out.forward(features), predictions:',
  )
  const files = { 'plugins/rows.ts': TABLE, 'plugins/line-model.ts': two, 'plugins/own.ts': loss }
  await other.up(files, project)
  await other.engine.boot({ device: 'cpu' })
  await other.engine.startRun({ keepsModel: true })
  await expect
    .poll(() => other.events('run.state').at(-1)?.state, { timeout: 30_000 })
    .toBe('ended')
  const made = predictionSchema.parse(await other.engine.predict({ features: [1, 2] }))
  const [result] = made.results
  expect(result?.kind === 'numbers' && result.values.every(Number.isFinite)).toBe(false)
})

test('a language model goes on with a text, the same for the same seed', async () => {
  const { engine } = await finished(DAYS)
  const form = (await engine.predictForm())!
  expect(form).toMatchObject({ inputs: [{ name: 'text', kind: 'text' }], isContinued: true })
  const write = async (text: string, options: object) => {
    const { results } = predictionSchema.parse(await engine.predict({ text }, options))
    return results[0]!.kind === 'text' ? results[0]!.text : undefined
  }
  const tensors = tf.memory().numTensors
  const first = await write('go', { length: 20, seed: 3, temperature: 2 })
  expect(await write('go', { length: 20, seed: 3, temperature: 2 })).toBe(first)
  expect(await write('go', { length: 1, temperature: 0 })).toMatch(/^.?$/)
  expect(await write('', { length: 5 })).toBeDefined()
  expect(tf.memory().numTensors).toBe(tensors)
  await expect(engine.predict({ text: 'x' }, { temperature: -1 })).rejects.toThrow(
    'temperature of -1 is not from 0 to 100',
  )
})
