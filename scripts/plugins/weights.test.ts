// Callbacks that look at the weights of a run: their running mean, and how far a step moves them.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { definePlugin, type Gradients, type Model, parametersOf } from '#sdk'
import { linePlugin } from '../../src/engine/testing/line-plugin.ts'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const project = (use: string, more = ''): string => `
plugins: { use: { watcher: {}, ${use} } }
${more}
experiment:
  dataset: line
  model: { name: line, config: { dropout: 0.1 } }
  validation_split: 0.2
  training: { optimizer: momentum, loss: squared_error, batch_size: 8, epochs: 2, validate_every: 3 }
`

const flat = (model: Model): number[] =>
  [...parametersOf(model).values()].flatMap((it) => [...it.dataSync()])

/** Weights and gradients within each step, the weights after it and those of validations, by step. */
class Watched {
  readonly within: number[][] = []
  readonly gradients: number[][] = []
  readonly after: number[][] = []
  readonly validated = new Map<number, number[]>()
  readonly tensors: number[] = []

  readonly plugin = definePlugin({
    manifest: { name: 'watcher', version: '1.0.0' },
    methods: {
      onBatchBegin: ({ run }) => void this.within.push(flat(run.model)),
      onBackwardEnd: ({ gradients }) => {
        const values = (given: Gradients) => [...given.values()].flatMap((it) => [...it.dataSync()])
        this.gradients.push(values(gradients))
        return undefined
      },
      onStepEnd: ({ run, step }) => {
        this.after.push(flat(run.model))
        this.tensors.push(tf.memory().numTensors)
        if (step === 5) run.checkpoint('five')
      },
      onValidationBegin: ({ run, step }) => void this.validated.set(step, flat(run.model)),
    },
  })
}

async function train(config: string, from?: Uint8Array<ArrayBuffer>) {
  const watched = new Watched()
  const bench = new Workbench({ plugins: [...builtinPlugins, linePlugin, watched.plugin] })
  await bench.open({}, config)
  await bench.engine.boot({ device: 'cpu' })
  const before = tf.memory().numTensors
  await bench.engine.startRun(from ? { from } : {})
  const ended = await bench.ended()
  expect(ended).toMatchObject({ reason: 'finished' })
  expect(bench.events('hook.failed')).toEqual([])
  const points = bench
    .events('run.metrics')
    .flatMap((it) => it.points.map(({ step, values }) => ({ step, values })))
  return { bench, watched, points, left: tf.memory().numTensors - before }
}

/** Means of vectors so far, the last counting most. */
const meansOf = (vectors: number[][], decay: number): number[][] =>
  vectors.map((_, t) => {
    const shares = vectors.slice(0, t + 1).map((_, i) => decay ** (t - i))
    const all = shares.reduce((sum, share) => sum + share, 0)
    return vectors[0]!.map((_, k) =>
      shares.reduce((sum, share, i) => sum + (share / all) * vectors[i]![k]!, 0),
    )
  })

const close = (found: number[][], wanted: number[][]) => {
  expect(found.length).toBe(wanted.length)
  found.forEach((row, i) => row.forEach((value, k) => expect(value).toBeCloseTo(wanted[i]![k]!, 5)))
}

describe('ema', () => {
  const use = 'ema: { config: { decay: 0.7 } }'

  test('shows the mean of the weights between steps, and trains as a run without it', async () => {
    const plain = await train(project(''))
    const averaged = await train(project(use))
    expect(averaged.watched.within).toEqual(plain.watched.within)
    const means = meansOf(plain.watched.after, 0.7)
    close(averaged.watched.after, means)
    expect(averaged.watched.after).not.toEqual(plain.watched.after)
    for (const [step, weights] of averaged.watched.validated)
      expect(weights).toEqual(averaged.watched.after[step - 1])
    const losses = ({ points }: typeof plain, name: string) =>
      points.flatMap(({ values }) => values[name] ?? [])
    expect(losses(averaged, 'loss')).toEqual(losses(plain, 'loss'))
    expect(losses(averaged, 'val_loss')).not.toEqual(losses(plain, 'val_loss'))
  })

  test('goes on from a checkpoint bit for bit; its weights are the means', async () => {
    const whole = await train(project(use))
    const { key, sizeBytes } = whole.bench
      .events('run.checkpoint')
      .find(({ name }) => name === 'five')!
    const file = (await whole.bench.engine.checkpoint(key, 0, sizeBytes))!
    const resumed = await train(project(use), file)
    expect(resumed.points).toEqual(whole.points.filter(({ step }) => step > 5))
    expect(resumed.watched.after).toEqual(whole.watched.after.slice(5))
    expect(resumed.left).toBe(0)
  })

  test('leaves the trained weights when it is switched off in the middle', async () => {
    const plain = await train(project(''))
    const schedule = 'schedules: { plugins: { ema: { disable_at_epoch: 2 } } }'
    const switched = await train(project(use, schedule))
    expect(switched.watched.after.slice(0, 4)).not.toEqual(plain.watched.after.slice(0, 4))
    expect(switched.watched.after.slice(4)).toEqual(plain.watched.after.slice(4))
  })

  test('keeps as many tensors after many steps as after few, and none in the end', async () => {
    const { watched, left } = await train(project(use))
    expect(new Set(watched.tensors.slice(3)).size).toBe(1)
    expect(left).toBe(0)
  })
})

describe('update_ratio', () => {
  const norm = (values: number[]) => Math.hypot(...values)

  test('tells the norms of gradients and weights, and how much a step changes', async () => {
    const { watched, points } = await train(project('update_ratio: {}'))
    const values = points.filter(({ values }) => 'loss' in values).map(({ values }) => values)
    expect(values).toHaveLength(8)
    values.forEach(({ gradient_norm, weight_norm, update_ratio }, i) => {
      const [before, after] = [watched.within[i]!, watched.after[i]!]
      const change = norm(after.map((value, k) => value - before[k]!))
      expect(gradient_norm).toBeCloseTo(norm(watched.gradients[i]!), 4)
      expect(weight_norm).toBeCloseTo(norm(before), 5)
      expect(update_ratio).toBeCloseTo(change / norm(before), 5)
    })
  })

  test('looks every so many steps', async () => {
    const { points, left } = await train(project('update_ratio: { config: { every_steps: 3 } }'))
    expect(left).toBe(0)
    const seen = points.filter(({ values }) => 'update_ratio' in values).map(({ step }) => step)
    expect(seen).toEqual([3, 6])
  })
})
