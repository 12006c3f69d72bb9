// Steps that are repeated without their code: as good as with it, and never stale.
import { beforeEach, describe, expect, test } from 'vitest'
import { type Counted, replayingWork } from '../testing/replaying-device.ts'
import { linePlugin } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

const STEPS = 24
const counted: Counted = { recorded: 0, repeated: 0 }
beforeEach(() => Object.assign(counted, { recorded: 0, repeated: 0 }))

interface Source {
  /** Above the classes. */
  above?: string
  /** What the outputs are multiplied with. */
  scale?: string
  /** Members of the model, and of the plugin. */
  members?: string
  plugin?: string
  /** The schema of its config. */
  config?: string
}

/** A plugin with the model y = x W times `scale`, with dropout. */
const source = ({ above = '', scale = '1', members = '', plugin = '', config }: Source = {}) => ({
  'plugins/mine.ts': `import * as tf from '@tensorflow/tfjs'
import { type ForwardContext, type HookArgs, init, Module, nn, parameter, plugin, type TensorMap } from 'plugboard'
${above}
class Mine extends Module {
  weight = parameter([2, 1], init.linear(2))
  drop = new nn.Dropout(0.2)
  ${members}
  forward({ x }: TensorMap, ctx: ForwardContext): TensorMap {
    const scale = ${scale}
    return { prediction: this.drop.forward(x!, ctx).matMul(this.weight).mul(nn.scalar(scale)) }
  }
}
export default class extends plugin({
  manifest: { name: 'mine', version: '1.0.0', description: 'a model', category: 'model', provides: ['model/mine'] },${config ? ` config: ${config},` : ''}
}) {
  initialize() { this.ctx.provide('model', 'mine', () => new Mine()) }
  ${plugin}
}
void tf
`,
})

interface Settings {
  training?: string
  more?: string
  isCompiled?: boolean
}

const project = (training: string, more = '') => `experiment:
  dataset: line
  model: mine
  validation_split: 0.2
  training: { optimizer: momentum, loss: squared_error, batch_size: 8, ${training} }
${more}`

async function begin(
  files: Record<string, string>,
  { training = 'epochs: 6', more = '', isCompiled = true }: Settings = {},
): Promise<Workbench> {
  const bench = new Workbench({
    plugins: [linePlugin],
    ...(isCompiled && { compileWork: () => replayingWork(counted) }),
  })
  await bench.start(files, project(training, more))
  return bench
}

async function lossesOf(bench: Workbench): Promise<(number | undefined)[]> {
  const { reason, error } = await bench.ended()
  expect({ reason, error }).toEqual({ reason: 'finished', error: undefined })
  const points = bench.events('run.metrics').flatMap((event) => event.points)
  return points.filter(({ values }) => 'loss' in values).map(({ values }) => values['loss'])
}

const train = async (files: Record<string, string>, settings?: Settings) =>
  await lossesOf(await begin(files, settings))

/** Losses of a run that repeats steps, and of one that does not. */
async function bothWays(files: Record<string, string>, settings?: Settings) {
  const repeated = await train(files, settings)
  const seen = { ...counted }
  const plain = await train(files, { ...settings, isCompiled: false })
  expect(new Set(plain).size).toBe(plain.length)
  Object.assign(counted, seen)
  return { repeated, plain }
}

describe('a run that is repeated has the losses of one that is not:', () => {
  test.each([
    ['with dropout', 'epochs: 6', STEPS],
    ['with batches added up', 'epochs: 6, accumulate: 2', STEPS / 2],
  ])('%s', async (_name, training, steps) => {
    const { repeated, plain } = await bothWays(source(), { training })
    expect(repeated).toEqual(plain)
    // The first step makes the optimizer's state, two more must agree.
    expect(counted.repeated).toBe(steps - 3)
  })

  test('with a value that follows a schedule', async () => {
    const { repeated, plain } = await bothWays(source({ scale: '1', members: '' }), {
      more: `schedules: { values: { t: { start: 1, end: 2, by: step, shape: linear } } }`,
    })
    expect(repeated).toEqual(plain)
    expect(counted.repeated).toBeGreaterThan(STEPS / 2)
  })

  test('with gradients that a handler replaces, and values that it wants reported', async () => {
    const plugin = `onBackwardEnd({ run, gradients }: HookArgs<'onBackwardEnd'>) {
      run.observe({ norm: gradients.get('weight')!.square().sum() })
      return new Map([...gradients].map(([path, each]) => [path, each.clipByValue(-0.1, 0.1)]))
    }`
    const { repeated, plain } = await bothWays(source({ plugin }))
    expect(repeated).toEqual(plain)
    expect(counted.repeated).toBe(STEPS - 3)
  })
})

/** Changes at step 9, or now and then, what a step's code depends on. */
const changing: Record<string, Source> = {
  'a field of the model': {
    scale: 'this.factor',
    members: 'factor = 1',
    plugin: `onStepEnd({ run, step }: HookArgs<'onStepEnd'>) { if (step === 9) (run.model as Mine).factor = 2 }`,
  },
  'a #field of the model': {
    scale: 'this.#factor',
    members: '#factor = 1; double() { this.#factor *= 2 }',
    plugin: `onStepEnd({ run, step }: HookArgs<'onStepEnd'>) { if (step === 9) (run.model as Mine).double() }`,
  },
  'a number that rests for 20 steps': {
    above: 'let factor = 1',
    scale: 'factor',
    plugin: `onStepEnd({ step }: HookArgs<'onStepEnd'>) { if (step % 20 === 0) factor++ }`,
  },
  'a config that is read through a context': {
    above: `import { z } from 'plugboard'
let own: { readonly config: { factor: number } }`,
    scale: 'own.config.factor',
    config: 'z.object({ factor: z.number().default(1) })',
    plugin: `start() { own = this.ctx }
  onStepEnd({ step }: HookArgs<'onStepEnd'>) { if (step === 9) own.config.factor = 2 }`,
  },
  'what code has added to a context': {
    above: 'let own: { factor?: number }',
    scale: 'own.factor ?? 1',
    plugin: `start() { own = this.ctx as { factor?: number } }
  onStepEnd({ step }: HookArgs<'onStepEnd'>) { if (step === 9) own.factor = 2 }`,
  },
  'a manifest that is read through a context': {
    above: 'let own: { readonly manifest: { readonly version: string } }',
    scale: 'Number(own.manifest.version[0])',
    plugin: `start() { own = this.ctx }
  onStepEnd({ step }: HookArgs<'onStepEnd'>) { if (step === 9) Object.assign(own.manifest, { version: '2.0.0' }) }`,
  },
  'a rate of a layer': {
    plugin: `onStepEnd({ run, step }: HookArgs<'onStepEnd'>) { if (step === 9) (run.model as Mine).drop.rate = 0.5 }`,
  },
  'a variable of the module': {
    above: 'let factor = 1',
    scale: 'factor',
    plugin: `onStepBegin({ step }: HookArgs<'onStepBegin'>) { if (step === 9) factor = 3 }`,
  },
  'a number in a closure': {
    above:
      'const make = () => { let n = 1; return { get: () => n, add: () => { n++ } } }\nconst held = make()',
    scale: 'held.get()',
    plugin: `onStepBegin({ step }: HookArgs<'onStepBegin'>) { if (step % 7 === 0) held.add() }`,
  },
  'a flag that the step takes back': {
    above: 'let isDouble = false',
    scale: '(() => { if (!isDouble) return 1; isDouble = false; return 2 })()',
    plugin: `onStepBegin({ step }: HookArgs<'onStepBegin'>) { if (step % 6 === 0) isDouble = true }`,
  },
  'a count of its own steps': {
    above: 'let n = 0',
    scale: '1 + (n++ % 2)',
  },
  'a tensor that is another one': {
    above: 'let factor = tf.scalar(1)',
    scale: '1',
    members:
      'forward({ x }: TensorMap): TensorMap { return { prediction: x!.matMul(this.weight).mul(factor) } } old',
    plugin: `onStepBegin({ step }: HookArgs<'onStepBegin'>) { if (step === 9) factor = tf.keep(tf.scalar(2)) }`,
  },
  'what a handler of an event sets': {
    above: 'const seen = { loss: 1 }',
    scale: 'seen.loss < 0.5 ? 2 : 1',
    plugin: `onMetrics({ metrics }: HookArgs<'onMetrics'>) { seen.loss = Math.round(metrics['loss']!) }`,
  },
  'the step': { scale: 'ctx.step > 9 ? 2 : 1' },
  'values of a batch that are read': {
    scale: 'x!.dataSync()[0]! > 0 ? 2 : 1',
  },
  'values of a parameter that are read': {
    scale: 'this.weight.dataSync()[0]! > 0.5 ? 2 : 1',
  },
}

describe('never stale:', () => {
  test.each(Object.entries(changing))('%s', async (_name, each) => {
    const { repeated, plain } = await bothWays(source(each))
    expect(repeated).toEqual(plain)
  })

  test('a variable that is assigned between two steps', async () => {
    const plugin = `onStepBegin({ run, step }: HookArgs<'onStepBegin'>) { if (step === 9) (run.model as Mine).weight.assign(tf.tensor2d([[1], [2]])) }`
    const { repeated, plain } = await bothWays(source({ plugin }))
    expect(repeated).toEqual(plain)
    expect(counted.repeated).toBe(STEPS - 3)
  })

  test('a variable that the step gives the values of a batch', async () => {
    const { repeated, plain } = await bothWays(
      source({
        members: 'last = tf.variable(tf.zeros([8, 2]), false)',
        scale: '(ctx.training && this.last.assign(x!), 1)',
        plugin: `onStepEnd({ run }: HookArgs<'onStepEnd'>) { const { weight, last } = run.model as Mine; weight.assign(weight.mul(last.mean().add(1))) }`,
      }),
    )
    expect(repeated).toEqual(plain)
  })

  test('a component that another plugin provides, with a variable of its module', async () => {
    const files = {
      ...source({
        above: 'let layer: { factor(): number } | undefined',
        scale: 'layer?.factor() ?? 1',
        plugin: `onTrainBegin() { layer = this.ctx.create('layer', 'scaled', {} as never) as never }`,
      }),
      'plugins/other.ts': `import { Module, plugin, type HookArgs } from 'plugboard'
let factor = 1
class Scaled extends Module { forward() { return {} } factor() { return factor } }
export default class extends plugin({
  manifest: { name: 'other', version: '1.0.0', description: 'a layer', category: 'layer', provides: ['layer/scaled'] },
}) {
  initialize() { this.ctx.provide('layer', 'scaled', () => new Scaled() as never) }
  onStepEnd({ step }: HookArgs<'onStepEnd'>) { if (step === 9) factor = 2 }
}`,
    }
    const { repeated, plain } = await bothWays(files)
    expect(repeated).toEqual(plain)
    expect(counted.repeated).toBeGreaterThan(STEPS / 2)
  })

  test('a step that writes to the log writes in each', async () => {
    const bench = await begin(source({ plugin: "onBatchEnd() { this.ctx.log.info('a batch') }" }))
    await lossesOf(bench)
    const lines = bench.events('log').filter(({ message }) => message === 'a batch')
    expect(lines).toHaveLength(STEPS)
    expect(counted.repeated).toBe(0)
  })

  test('a handler that fails is told each time', async () => {
    const bench = await begin(source({ plugin: "onBatchEnd() { throw new Error('no') }" }))
    await lossesOf(bench)
    expect(bench.events('hook.failed').length).toBeGreaterThan(2)
  })

  test('a run that is stopped, or goes on from a pause, while its steps are repeated', async () => {
    const bench = await begin(source(), { training: 'epochs: 4000' })
    await bench.once('run.metrics', ({ points }) => points.some(({ step }) => step > 8))
    await bench.engine.control('pause')
    const { step: paused } = await bench.once('run.state', ({ state }) => state === 'paused')
    expect(counted.repeated).toBeGreaterThan(0)
    const before = counted.recorded + counted.repeated
    await new Promise((resolve) => setTimeout(resolve, 20))
    // No step begins while it rests; the one that was on is the last that counts.
    expect(counted.recorded + counted.repeated).toBe(before)
    expect(paused).toBeGreaterThan(8)
    await bench.engine.control('resume')
    await bench.once('run.metrics', ({ points }) => points.some(({ step }) => step > paused + 4))
    await bench.engine.control('stop')
    const { reason, step } = await bench.ended()
    expect(reason).toBe('stopped')
    const steps = counted.recorded + counted.repeated
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(counted.recorded + counted.repeated).toBe(steps)
    expect(step).toBeLessThan(16_000)
  })

  test('a run that goes on from a checkpoint of a repeated step', async () => {
    const saving = `onStepEnd({ run, step }: HookArgs<'onStepEnd'>) { if (step === 10) run.checkpoint('ten') }`
    const bench = await begin(source({ plugin: saving }))
    const losses = await lossesOf(bench)
    expect(counted.repeated).toBe(STEPS - 3)
    const { key, sizeBytes } = bench.events('run.checkpoint')[0]!
    const from = (await bench.engine.checkpoint(key, 0, sizeBytes))!
    const before = bench.events('run.metrics').length
    const id = await bench.engine.startRun({ from })
    await bench.once('run.state', (each) => each.state === 'ended' && each.id === id)
    const points = bench
      .events('run.metrics')
      .slice(before)
      .flatMap((event) => event.points)
    const later = points.flatMap(({ values: { loss } }) => loss ?? [])
    expect(later).toEqual(losses.slice(10))
    expect(counted.repeated).toBeGreaterThan(STEPS)
  })

  test('code that is replaced in the middle of a run', async () => {
    const bench = await begin(source(), { training: 'epochs: 4000' })
    await bench.once('run.metrics', ({ points }) => points.some(({ step }) => step > 8))
    await bench.engine.control('pause')
    await bench.once('run.state', ({ state }) => state === 'paused')
    expect(counted.repeated).toBeGreaterThan(0)
    const { recorded } = counted
    await bench.open(source({ scale: '0' }), project('epochs: 40'))
    await bench.engine.control('resume')
    const lossesNow = (): number[] =>
      bench
        .events('run.metrics')
        .flatMap(({ points }) => points.flatMap(({ values }) => values['loss'] ?? []))
    const before = lossesNow().length
    await bench.once('run.metrics', () => lossesNow().length > before + 40)
    await bench.engine.control('stop')
    await bench.ended()
    expect(counted.recorded).toBeGreaterThan(recorded)
    // Predictions of 0 have the loss of the labels alone, whatever the weights: the same in each epoch.
    expect(Math.min(...lossesNow().slice(-20))).toBeGreaterThan(0.1)
  })
})

const repeatsOf = (bench: Workbench) =>
  bench.events('run.compiled').findLast(({ work }) => work === 'step')!.repeats!

describe('[W05] it is told how many steps are repeated, and why the code of others runs:', () => {
  test('of a run that is repeated', async () => {
    const bench = await begin(source())
    await lossesOf(bench)
    expect(repeatsOf(bench)).toMatchObject({ steps: STEPS, repeated: STEPS - 3 })
  })

  const reasons: Record<string, [source: Source, kind: string, message: string, line: number]> = {
    chance: [{ scale: '1 + 0 * Math.random()' }, 'reads', 'the step uses Math.random', 9],
    'the step': [{ scale: '1 + ctx.step / 100' }, 'reads', 'the step reads ctx.step', 9],
    'a variable that each step changes': [
      { above: 'let n = 0', scale: '1 + 1 / (2 + n++)' },
      'changed',
      'plugins/mine.ts.n was',
      3,
    ],
    'a field that a hook changes': [
      { plugin: `n = 0\nonStepEnd() { this.n++ } onBatchEnd() { void this.n }` },
      'changed',
      'plugin mine.n was',
      17,
    ],
    'state that cannot be seen': [
      { above: 'const cache = new WeakMap<object, number>()', scale: 'cache.has(this) ? 2 : 1' },
      'unseen',
      'cache is a weak collection',
      3,
    ],
    'a tensor that each step keeps': [
      { scale: '(tf.keep(x!.sum()), 1)' },
      'does',
      'the step keeps a tensor []',
      9,
    ],
    'a variable that each step makes': [
      { scale: '(tf.variable(tf.scalar(1)), 1)' },
      'does',
      'the step makes a variable',
      9,
    ],
    'a variable that each step frees': [
      {
        scale: '(this.own?.dispose(), 1)',
        members: 'own: tf.Variable | undefined',
        plugin: `onStepBegin({ run }: HookArgs<'onStepBegin'>) { (run.model as Mine).own = tf.variable(tf.scalar(1)) }`,
      },
      'does',
      'the step frees a variable',
      9,
    ],
    'a variable that each step gives the data of a batch': [
      {
        members: 'last = tf.variable(tf.zeros([8, 2]), false)',
        scale: '(ctx.training && this.last.assign(x!), 1)',
      },
      'does',
      'the step gives on data',
      9,
    ],
    'values of a parameter': [
      { scale: '1 + 0 * this.weight.dataSync()[0]!' },
      'reads',
      'the step reads the values of a tensor',
      9,
    ],
    'numbers drawn in JavaScript': [
      { scale: '1 + ctx.random.next()' },
      'reads',
      'the step draws random numbers in JavaScript',
      9,
    ],
    'a stream that goes on': [
      {
        above: `import { createRandom } from 'plugboard'\nconst own = createRandom(1)`,
        scale: '(nn.uniform(own, [2]), 1)',
      },
      'reads',
      'the step draws from a stream of random numbers that goes on',
      10,
    ],
  }
  test.each(Object.entries(reasons))('%s', async (_name, [each, kind, message, line]) => {
    const bench = await begin(source(each))
    await lossesOf(bench)
    const { repeated, steps, reasons: told } = repeatsOf(bench)
    expect(repeated).toBe(0)
    expect(steps).toBe(STEPS)
    // The first step makes the optimizer's variables.
    const later = told.filter((reason) => reason.steps > 1)
    const found = later.filter((reason) => reason.message.includes(message))
    expect(found).toHaveLength(1)
    expect(found[0]!.kind).toBe(kind)
    expect(found[0]!.source?.line ?? 0).toBe(line)
    expect(found[0]!.steps).toBeGreaterThanOrEqual(STEPS - 3)
    const lines = bench.events('log').filter((each) => each.message.includes('runs each time'))
    expect(lines).toHaveLength(1)
  })

  test('handlers inside of a step take part in each', async () => {
    const bench = await begin(source({ plugin: 'onBatchEnd() {}' }), {
      training: 'epochs: 6, accumulate: 2',
    })
    await lossesOf(bench)
    expect(counted.repeated).toBe(STEPS / 2 - 3)
    const { hooks } = await bench.plugin('mine')
    expect(hooks).toMatchObject([{ hook: 'onBatchEnd', calls: STEPS }])
  })
})
