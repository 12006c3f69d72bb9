// Built-in callbacks in whole runs of the engine.
import { describe, expect, test } from 'vitest'
import { builtinPlugins } from '#plugins'
import { definePlugin, type HookArgs } from '#sdk'
import { linePlugin } from '../../src/engine/testing/line-plugin.ts'
import { Workbench } from '../../src/engine/testing/workbench.ts'

const project = (use: string, training: string): string => `
plugins: { use: ${use} }
experiment:
  dataset: line
  model: line
  validation_split: 0.2
  training: { optimizer: momentum, loss: squared_error, batch_size: 8, ${training} }
`

async function train(config: string, more: Parameters<typeof definePlugin>[0]['methods'] = {}) {
  const extra = definePlugin({ manifest: { name: 'extra', version: '1.0.0' }, methods: more })
  const bench = new Workbench({ plugins: [...builtinPlugins, linePlugin, extra] })
  const ended = await bench.train({}, config.replace('use: {', 'use: { extra: {},'))
  return { bench, ended }
}

const eventsOf = (bench: Workbench, type: string) =>
  bench.records
    .filter((record) => record.type === type)
    .map(({ data }) => data as Record<string, unknown>)

const valuesOf = (bench: Workbench, metric: string): number[] =>
  bench
    .events('run.metrics')
    .flatMap(({ points }) => points.flatMap(({ values }) => values[metric] ?? []))

describe('early stopping', () => {
  test('[A18] ends a run after `patience` validations without a change of min_delta', async () => {
    const { ended, bench } = await train(
      project('{ early_stopping: { config: { patience: 3, min_delta: 100 } } }', 'epochs: 20'),
    )
    // The first is the best; three more are no better by 100.
    expect(ended).toMatchObject({ reason: 'early_stopped', epoch: 4 })
    expect(eventsOf(bench, 'early_stopping.triggered')).toMatchObject([{ epoch: 4, patience: 3 }])
    const patient = await train(
      project('{ early_stopping: { config: { patience: 3, min_delta: 0 } } }', 'epochs: 6'),
    )
    expect(patient.ended).toMatchObject({ reason: 'finished' })
  })

  test('[P06] knows the better direction by the name of its metric, and tells each best value', async () => {
    const metric = (name: string, values: string) => `import * as tf from '@tensorflow/tfjs'
import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'own_metric', version: '1.0.0' } }) {
  initialize() {
    let turn = 0
    this.ctx.provide('metric', 'own', () => ({
      measure: () => tf.zeros([1]),
      summarize: () => ({ ${name}: ${values} }),
    }))
    void turn
  }
}`
    const run = async (name: string) => {
      const bench = new Workbench({ plugins: [...builtinPlugins, linePlugin] })
      const config = project(
        `{ early_stopping: { config: { monitor: val_${name}, patience: 2 } } }`,
        'epochs: 8, metrics: [own]',
      )
      // Falls with every time it is asked for.
      const ended = await bench.train({ 'plugins/own.ts': metric(name, '-(turn++)') }, config)
      return { ended, bests: eventsOf(bench, 'early_stopping.new_best') }
    }
    const accuracy = await run('accuracy')
    expect(accuracy.ended).toMatchObject({ reason: 'early_stopped', epoch: 3 })
    expect(accuracy.bests).toHaveLength(1)
    const loss = await run('own_loss')
    expect(loss.ended).toMatchObject({ reason: 'finished' })
    expect(loss.bests).toHaveLength(8)
    expect(loss.bests[0]).toMatchObject({ epoch: 1, metric: 'val_own_loss' })
  })

  test('[P06] warns, and stops nothing, when its metric is missing', async () => {
    const { ended, bench } = await train(
      project('{ early_stopping: { config: { monitor: val_f1, patience: 1 } } }', 'epochs: 4'),
    )
    expect(ended).toMatchObject({ reason: 'finished' })
    expect(eventsOf(bench, 'early_stopping.warning')).toEqual([
      { metric: 'val_f1', message: expect.stringContaining('validation reports val_loss') },
    ])
    expect(bench.events('log').filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(bench.events('hook.failed')).toEqual([])
  })

  test('[F07] is configured by the keys of the experiment, and by one place only', async () => {
    const { ended } = await train(
      project(
        '{ early_stopping: { config: { min_delta: 100 } } }',
        'epochs: 20, early_stopping_patience: 2, early_stopping_monitor: val_loss, early_stopping_mode: min',
      ),
    )
    expect(ended).toMatchObject({ reason: 'early_stopped', epoch: 3 })
    // The keys alone bring the plugin in.
    const alone = new Workbench({ plugins: [...builtinPlugins, linePlugin] })
    await alone.open({}, project('{}', 'epochs: 2, early_stopping_patience: 1'))
    await alone.engine.activate()
    expect((await alone.plugin('early_stopping')).state).toBe('running')
    const twice = new Workbench({ plugins: [...builtinPlugins, linePlugin] })
    const { problems } = await twice.open(
      {},
      project('{ early_stopping: { config: { patience: 3 } } }', 'early_stopping_patience: 2'),
    )
    expect(problems).toMatchObject([
      {
        message:
          '`experiment.training.early_stopping_patience` is set, and so is `plugins.use.early_stopping.config.patience`',
        source: { file: 'plugboard.yaml', line: 7 },
      },
    ])
  })
})

describe('checkpointing', () => {
  test('is configured by the keys of the experiment; what it keeps can be gone on with', async () => {
    const keys = 'checkpoint_every_steps: 2, checkpoint_keep: 2, checkpoint_monitor: val_loss'
    const { ended, bench } = await train(project('{}', `epochs: 2, ${keys}`))
    expect(ended).toMatchObject({ reason: 'finished', step: 8 })
    const saved = bench.events('run.checkpoint').map(({ name, step }) => `${name} ${step}`)
    expect(saved.join(', ')).toBe(
      'last 2, step-2 2, last 4, step-4 4, best 4, last 6, step-6 6, last 8, step-8 8, best 8',
    )
    expect(bench.events('run.checkpoint_removed').map(({ name }) => name)).toEqual([
      'step-2',
      'step-4',
    ])
    const losses = valuesOf(bench, 'loss')
    bench.records.length = 0
    await bench.engine.startRun({ from: 'checkpoints/step-6.safetensors' })
    await bench.ended()
    expect(valuesOf(bench, 'loss')).toEqual(losses.slice(6))
    // The best of the run before is still the one to beat.
    expect(bench.events('run.checkpoint').map(({ name }) => name)).toContain('best')
  })

  test('a setting given twice is told at its line', async () => {
    const bench = new Workbench({ plugins: [...builtinPlugins, linePlugin] })
    const { problems } = await bench.open(
      {},
      project('{ checkpointing: { config: { keep: 3 } } }', 'checkpoint_keep: 2'),
    )
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining('`plugins.use.checkpointing.config.keep`'),
        source: { file: 'plugboard.yaml', line: 7 },
      },
    ])
  })
})

describe('gradient clipping', () => {
  /** Of every step: gradients as they are before clipping and as they come to the optimizer. */
  async function clip(config: string, epochs = 1) {
    const seen: { before: number[]; after: number[] }[] = []
    const flat = (gradients: HookArgs<'onBackwardEnd'>['gradients']) =>
      [...gradients.values()].flatMap((gradient) => Array.from(gradient.dataSync()))
    const early = definePlugin({
      manifest: { name: 'early', version: '1.0.0', priority: 10 },
      methods: {
        onBackwardEnd({ gradients }) {
          seen.push({ before: flat(gradients), after: [] })
          return undefined
        },
      },
    })
    const late = definePlugin({
      manifest: { name: 'late', version: '1.0.0', priority: -10 },
      methods: {
        onBackwardEnd({ gradients }) {
          seen.at(-1)!.after = flat(gradients)
          return undefined
        },
      },
    })
    const bench = new Workbench({ plugins: [...builtinPlugins, linePlugin, early, late] })
    const use = `{ early: {}, late: {}, gradient_clipping: { config: ${config} } }`
    expect(await bench.train({}, project(use, `epochs: ${epochs}`))).toMatchObject({
      reason: 'finished',
    })
    expect(bench.events('hook.failed')).toEqual([])
    return { seen, bench }
  }

  const norms: Record<string, (values: number[]) => number> = {
    '1': (values) => values.reduce((sum, value) => sum + Math.abs(value), 0),
    '2': (values) => Math.hypot(...values),
    '3': (values) => Math.cbrt(values.reduce((sum, value) => sum + Math.abs(value) ** 3, 0)),
    inf: (values) => Math.max(...values.map(Math.abs)),
  }

  test.each(Object.keys(norms))('[A19] by the global norm of type %s', async (type) => {
    const { seen, bench } = await clip(`{ max_norm: 0.5, norm_type: ${type} }`)
    expect(seen).toHaveLength(4)
    for (const { before, after } of seen) {
      const factor = Math.min(1, 0.5 / norms[type]!(before))
      after.forEach((value, i) => expect(value).toBeCloseTo(before[i]! * factor, 5))
    }
    const measured = valuesOf(bench, 'gradient_norm')
    measured.forEach((norm, i) => expect(norm).toBeCloseTo(norms[type]!(seen[i]!.before), 4))
    // It says how often it clipped.
    const clipped = measured.filter((norm) => norm > 0.5).length
    expect(clipped).toBeGreaterThan(0)
    expect(eventsOf(bench, 'gradient_clipping.clipped')).toEqual([
      { epoch: 1, steps: 4, clipped, largest: Math.max(...measured), limit: 0.5 },
    ])
  })

  test('[A19] by value', async () => {
    const { seen } = await clip('{ clip_value: 0.3 }')
    expect(seen.flatMap(({ before }) => before).some((value) => Math.abs(value) > 0.3)).toBe(true)
    for (const { before, after } of seen) {
      const wanted = before.map((value) => Math.max(-0.3, Math.min(0.3, value)))
      after.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 6))
    }
  })

  test('[A19] says nothing, and changes nothing, where nothing is too long', async () => {
    const { seen, bench } = await clip('{ max_norm: 1000 }')
    for (const { before, after } of seen) expect(after).toEqual(before)
    expect(eventsOf(bench, 'gradient_clipping.clipped')).toEqual([])
  })

  test('accumulated gradients are clipped once, when they are whole', async () => {
    const norm = (gradients: HookArgs<'onBackwardEnd'>['gradients']) =>
      Math.hypot(...[...gradients.values()].flatMap((it) => Array.from(it.dataSync())))
    const long: boolean[] = []
    const { ended } = await train(
      project('{ gradient_clipping: { config: { max_norm: 0.01 } } }', 'epochs: 1, accumulate: 2'),
      {
        onBackwardEnd({ gradients, isLast }) {
          long.push(norm(gradients) > 0.01 && !isLast)
          return undefined
        },
      },
    )
    expect(ended).toMatchObject({ reason: 'finished', step: 2 })
    expect(long.filter(Boolean)).toHaveLength(2)
  })
})

test('[A17] the logging plugin writes a log that stays as an artefact', async () => {
  const { bench, ended } = await train(
    project('{ logging: { config: { log_file: logs/line.log, every_steps: 2 } } }', 'epochs: 2'),
  )
  expect(ended).toMatchObject({ reason: 'finished' })
  expect(bench.events('artefact.saved').at(-1)).toMatchObject({
    name: 'logs/line.log',
    type: 'text/plain',
  })
  const bytes = await bench.engine.artefact('logs/line.log')
  const lines = new TextDecoder().decode(bytes!).trim().split('\n')
  expect(lines.map((line) => line.replace(/^\S+Z /, '').replace(/:.*/, ''))).toEqual([
    'run experiment',
    'step 2',
    'step 4',
    'epoch 1',
    'step 6',
    'step 8',
    'epoch 2',
    'end',
  ])
  const [loss] = valuesOf(bench, 'val_loss').slice(-1)
  expect(lines.at(-2)).toContain(`val_loss=${Number(loss!.toPrecision(5))}`)
})
