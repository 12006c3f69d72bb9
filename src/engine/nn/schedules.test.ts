// Values that change over a run: their course, in hooks, in models, in charts, and their problems.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { definePlugin, type ForwardContext, type HookArgs, type TensorMap } from '#sdk'
import { parseProject } from '../config/index.ts'
import { Line } from '../testing/fake-run.ts'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'
import { valueAt } from './schedules.ts'

/** Of `schedules.values.it`, the value at each count from 1 to `last`. */
function course(schedule: string, last: number): number[] {
  const { config, problems } = parseProject(`schedules: { values: { it: { ${schedule} } } }`)
  expect(problems).toEqual([])
  const counts = Array.from({ length: last }, (_, i) => ({ epoch: i + 1, step: i + 1 }))
  const end = { epoch: last, step: last }
  return counts.map((at) => valueAt(config!.schedules.values['it']!, at, end))
}

describe('[A15] the course of a value', () => {
  test.each([
    ['start: 1, end: 2', [1, 1.25, 1.5, 1.75, 2]],
    ['start: 2, end: 1, by: step', [2, 1.75, 1.5, 1.25, 1]],
    [
      'start: 1, end: 0, shape: cosine',
      [1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2, 0],
    ],
    ['start: 1, end: 16, shape: exponential', [1, 2, 4, 8, 16]],
    ['start: -1, end: -0.0625, shape: exponential', [-1, -0.5, -0.25, -0.125, -0.0625]],
    ['start: 0, end: 1, from: 2, to: 4', [0, 0, 0.5, 1, 1]],
    ['start: 0, end: 1, from: 4, to: 8', [0, 0, 0, 0, 0.25]],
    ['start: 3, end: 3', [3, 3, 3, 3, 3]],
  ])('%s', (schedule, values) => {
    const found = course(schedule, 5)
    for (const [i, value] of values.entries()) expect(found[i]).toBeCloseTo(value, 12)
  })

  test.each(['linear', 'cosine', 'exponential'])(
    'is exact at both ends and keeps between them: %s',
    (shape) => {
      for (const [start, end] of [
        [0.1, 0.3],
        [1.5, 0.8],
        [1e-9, 1e9],
      ] as const) {
        const values = course(`start: ${start}, end: ${end}, shape: ${shape}`, 50)
        expect([values[0], values.at(-1)]).toEqual([start, end])
        const steps = values.slice(1).map((value, i) => Math.sign(value - values[i]!))
        expect(new Set(steps)).toEqual(new Set([Math.sign(end - start)]))
      }
    },
  )

  test('in a run of one epoch it stays at its start', () => {
    expect(course('start: 1, end: 2', 1)).toEqual([1])
  })
})

test('[A15] problems stand at their place', () => {
  const problemOf = (schedule: string) => {
    const text = `schedules:\n  values:\n    it: { ${schedule} }\nexperiment: { dataset: a, model: b, training: { epochs: 4 } }`
    const { problems } = parseProject(text)
    return problems.map(({ source, message }) => `${source!.line}:${source!.column} ${message}`)
  }
  expect(problemOf('start: 0, end: 1, shape: exponential')).toEqual([
    '3:11 plugboard.yaml: `schedules.values.it.start` is 0: an exponential cannot leave zero',
  ])
  expect(problemOf('start: 1, end: -1, shape: exponential')).toEqual([
    '3:21 plugboard.yaml: `schedules.values.it.end` is -1: an exponential from 1 never gets there: give it the same sign',
  ])
  expect(problemOf('start: 0, end: 1, from: 3, to: 3')).toEqual([
    expect.stringMatching(/^3:38 .*`schedules.values.it.to` is 3: it must come after/),
  ])
  expect(problemOf('start: 0, end: 1, from: 5')).toEqual([
    expect.stringMatching(/^3:29 .* is 5: the experiment ends with epoch 4/),
  ])
  expect(problemOf('start: 0')).toEqual([expect.stringMatching(/^3:5 .*it.end. is missing/)])
  expect(problemOf('start: .nan, end: 1')).toHaveLength(1)
  expect(problemOf('start: 1e39, end: 1')).toHaveLength(1)
  expect(problemOf('start: 0, end: 1, by: row')).toHaveLength(1)
  const { problems } = parseProject('schedules: { values: { loss: { start: 1, end: 2 } } }')
  expect(problems).toMatchObject([{ message: expect.stringContaining('a metric has this name') }])
})

/** `line`, its prediction scaled by the scalar `heat`; keeps what it was given. */
function heatedPlugin() {
  const seen: { tensor: tf.Tensor; value: number; training: boolean }[] = []
  class Heated extends Line {
    override forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
      const heat = ctx.scalars['heat']!
      seen.push({ tensor: heat, value: heat.dataSync()[0]!, training: ctx.training })
      return { prediction: super.forward(inputs, ctx)['prediction']!.mul(heat) }
    }
  }
  const plugin = definePlugin({
    manifest: { name: 'heated', version: '1.0.0', provides: ['model/heated'] },
    methods: { initialize: (ctx) => void ctx.provide('model', 'heated', () => new Heated()) },
  })
  return { seen, plugin }
}

const heatedProject = (schedule: string): string =>
  lineProject('{}', {
    epochs: 3,
    more: `schedules: { values: { heat: { ${schedule} } } }`,
  }).replace('model: line', 'model: heated')

describe('[A15] a value in a run', () => {
  test('by step: models, hooks and charts have the same; one tensor is kept, none is left', async () => {
    const { seen, plugin } = heatedPlugin()
    const inHooks: number[] = []
    const tensors = new Set<number>()
    const watch = definePlugin({
      manifest: { name: 'watch', version: '1.0.0' },
      methods: {
        onStepBegin: ({ run }: HookArgs<'onStepBegin'>) => {
          inHooks.push(run.values['heat']!)
          // The first step makes the state of the optimizer.
          if (run.step > 0) tensors.add(tf.memory().numTensors)
        },
      },
    })
    const before = tf.memory().numTensors
    const bench = new Workbench({ plugins: [linePlugin, plugin, watch] })
    const project = heatedProject('start: 1, end: 0.5, by: step, shape: exponential')
    const { reason } = await bench.train({}, project.replace('{}', '{ use: { watch: {} } }'))
    expect(reason).toBe('finished')

    expect(inHooks).toHaveLength(12)
    expect([inHooks[0], inHooks.at(-1)]).toEqual([1, 0.5])
    expect(inHooks).toEqual(inHooks.toSorted((a, b) => b - a))
    const trained = seen.filter(({ training }) => training).map(({ value }) => value)
    expect(trained).toEqual(inHooks.map(Math.fround))
    // A validation is made with the value of the step before it.
    expect(seen.at(-1)).toMatchObject({ training: false, value: 0.5 })
    expect(new Set(seen.map(({ tensor }) => tensor)).size).toBe(1)

    const points = bench.events('run.metrics').flatMap((event) => event.points)
    const charted = points.flatMap(({ values }) => values['heat'] ?? [])
    expect(charted).toEqual(inHooks)
    // What is on its way back from the device varies by a step or two.
    expect(Math.max(...tensors) - Math.min(...tensors)).toBeLessThanOrEqual(2)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('by epoch: it is there when the epoch begins, also of a run that ends early', async () => {
    const { plugin } = heatedPlugin()
    const log: [string, number, number][] = []
    const note = (hook: string, { run }: { run: HookArgs<'onEpochEnd'>['run'] }) =>
      void log.push([hook, run.epoch, run.values['heat']!])
    const watch = definePlugin({
      manifest: { name: 'watch', version: '1.0.0' },
      methods: {
        onTrainBegin: (args: HookArgs<'onTrainBegin'>) => note('train', args),
        onEpochBegin: (args: HookArgs<'onEpochBegin'>) => note('begin', args),
        onEpochEnd: (args: HookArgs<'onEpochEnd'>) => note('end', args),
      },
    })
    const bench = new Workbench({ plugins: [linePlugin, plugin, watch] })
    const project = heatedProject('start: 1, end: 2')
      .replace('{}', '{ use: { watch: {} } }')
      .replace('epochs: 3', 'epochs: 30, max_steps: 9')
    expect(await bench.train({}, project)).toMatchObject({ reason: 'finished', step: 9, epoch: 3 })
    expect(log).toEqual([
      ['train', 0, 1],
      ...[1, 2, 3].flatMap((epoch) => [
        ['begin', epoch, (epoch + 1) / 2],
        ['end', epoch, (epoch + 1) / 2],
      ]),
    ])
  })

  test('a model that asks for a value that is not scheduled is told of at its line', async () => {
    const { plugin } = heatedPlugin()
    const bench = new Workbench({ plugins: [linePlugin, plugin] })
    const project = heatedProject('start: 1, end: 2').replace('heat:', 'cold:')
    const { error } = await bench.train({}, project)
    expect(error).toMatchObject({ code: 'model.forward', plugin: 'heated' })
  })
})
