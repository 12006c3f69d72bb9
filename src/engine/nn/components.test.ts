// Parts of training that a workspace brings: data, samplers, strategies, metrics, callbacks, validators.
import { describe, expect, test } from 'vitest'
import { linePlugin } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

/** A plugin whose `initialize` is `body`; `more` are further members. */
const file = (name: string, body: string, more = '') => `import * as tf from '@tensorflow/tfjs'
import { plugin, z } from 'plugboard'
export default class extends plugin({ manifest: { name: '${name}', version: '1.0.0' } }) {
  initialize() { const { ctx } = this; ${body} }
  ${more}
}
void [tf, z]
`

const project = (training: string, rest = '', dataset = 'line') => `experiment:
  dataset: ${dataset}
  model: line
  validation_split: 0.2
${rest}
  training: { optimizer: momentum, batch_size: 8, ${training} }
`

async function train(files: Record<string, string>, config: string) {
  const bench = new Workbench({ plugins: [linePlugin] })
  const ended = await bench.train(files, config)
  const values = (metric: string): number[] =>
    bench
      .events('run.metrics')
      .flatMap(({ points }) => points.flatMap(({ values: of }) => of[metric] ?? []))
  const logs = bench.events('log').map(({ message }) => message)
  return { bench, ended, values, logs }
}

const rows = `(length) => ({ length, columns: {
  x: { type: 'number', data: Float32Array.from({ length: 2 * length }, (_, i) => Math.sin(i)), shape: [2], dtype: 'float32' },
  y: { type: 'number', data: Float32Array.from({ length }, (_, i) => Math.sin(2 * i)), shape: [1], dtype: 'float32' },
} })`

test('[K07] data sets, metrics, callbacks and training strategies of a workspace take part in a run', async () => {
  const files = {
    'plugins/data.ts': file(
      'data',
      `const rows = ${rows}
    ctx.provide('dataset', 'sines', () => ({ load: async () => rows(20) }))`,
    ),
    'plugins/metric.ts': file(
      'bias',
      `ctx.provide('metric', 'bias', () => ({
      measure: ({ outputs, batch }) =>
        tf.stack([outputs.prediction.sub(batch.y).sum(), tf.scalar(batch.y.size)]),
      summarize: ([sum, count]) => ({ bias: sum / count }),
    }))`,
    ),
    'plugins/callback.ts': file(
      'callback',
      '',
      `onEpochEnd({ epoch, metrics }) { this.ctx.log.info(epoch + ' ' + Object.keys(metrics).join(' ')) }`,
    ),
    // Twice the loss of the batch, over two passes.
    'plugins/strategy.ts': file(
      'twice',
      `ctx.provide('strategy', 'twice', () => ({
      step({ batch, evaluate }) {
        const [one, two] = [evaluate(batch), evaluate(batch)]
        return { loss: one.loss.add(two.loss), outputs: one.outputs }
      },
    }))`,
    ),
  }
  const run = (more: string) => train(files, project(`epochs: 1, ${more}`, '', 'sines'))
  const plain = await run('metrics: [bias]')
  expect(plain.ended).toMatchObject({ reason: 'finished', step: 2 })
  expect(plain.logs).toEqual(['1 loss bias val_loss val_bias'])
  const twice = await run('metrics: [bias], strategy: twice')
  expect(twice.values('loss')[0]).toBeCloseTo(2 * plain.values('loss')[0]!, 5)
  expect(twice.values('bias')[0]).toBe(plain.values('bias')[0])
})

describe('samplers', () => {
  const sampler = (order: string) => ({
    'plugins/sampler.ts': file(
      'sampler',
      `ctx.provide('sampler', 'own', () => ({ order: ${order} }))`,
    ),
    'plugins/look.ts': file(
      'look',
      '',
      'onBatchBegin({ batch }) { this.ctx.log.info(String(batch.y.dataSync()[0])) }',
    ),
  })

  test('choose rows and order of each epoch, and so its steps', async () => {
    const { ended, logs } = await train(
      sampler('(table, { epoch }) => new Int32Array(16).fill(epoch)'),
      project('sampler: own, epochs: 2'),
    )
    expect(ended).toMatchObject({ reason: 'finished', step: 4 })
    expect(new Set(logs).size).toBe(2)
    expect(logs[0]).toBe(logs[1])
  })

  test('are refused rows that there are not', async () => {
    const { ended } = await train(
      sampler('(table) => Int32Array.of(0, table.length)'),
      project('sampler: own'),
    )
    expect(ended.error).toMatchObject({
      code: 'contribution.contract',
      plugin: 'sampler',
      message: 'order() of sampler own gave row 32 in epoch 1; rows go from 0 to 31',
    })
  })

  test.each([
    ['() => [0, 1]', 'an array of 2 numbers'],
    ['() => ["a", 1]', 'an array of 2 texts and numbers'],
    ['() => new Float32Array(3)', 'Float32Array of 3 numbers'],
    ['async () => Int32Array.of(0)', 'a promise'],
    ['() => undefined', 'undefined'],
  ])('given as %s are refused in words', async (order, found) => {
    const { ended } = await train(sampler(order), project('sampler: own'))
    expect(ended.error).toMatchObject({
      message: `order() of sampler own gave ${found} in epoch 1; rows go from 0 to 31`,
      hint: expect.stringContaining('Int32Array of row numbers'),
    })
  })
})

test('more rows or batches in a step than there are is told with both numbers', async () => {
  const wide = await train({}, project('epochs: 1').replace('batch_size: 8', 'batch_size: 50'))
  expect(wide.bench.events('log')).toMatchObject([
    {
      level: 'warn',
      message: 'training.batch_size is 50, but an epoch has 32 rows: a batch has 32',
    },
  ])
  expect(wide.ended).toMatchObject({ reason: 'finished', step: 1 })
  const deep = await train({}, project('epochs: 1, accumulate: 6'))
  expect(deep.logs).toEqual([
    'training.accumulate is 6, but an epoch has 4 batches of 8: a step has 4',
  ])
  expect((await train({}, project('epochs: 1, accumulate: 4'))).logs).toEqual([])
})

test('gradients of accumulated batches are those of one batch of all their rows', async () => {
  const one = await train({}, project('epochs: 3').replace('batch_size: 8', 'batch_size: 16'))
  const two = await train({}, project('epochs: 3, accumulate: 2'))
  expect(two.ended.step).toBe(one.ended.step)
  const [wanted, found] = [one.values('val_loss'), two.values('val_loss')]
  expect(found).toHaveLength(3)
  found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 5))
  two.values('loss').forEach((value, i) => expect(value).toBeCloseTo(one.values('loss')[i]!, 5))
})

describe('validators', () => {
  const validator = (findings: string) => ({
    'plugins/rule.ts': file(
      'rule',
      `ctx.provide('validator', 'rule', () => ({ check: ${findings} }))`,
    ),
  })

  test('see the built model; an error keeps the run from starting', async () => {
    const rule = `({ parameters }) => [...parameters].flatMap(([path, { size }]) =>
      size > 1 ? [{ severity: 'error', message: path + ' has ' + size + ' values' }] : [])`
    const { ended, bench } = await train(validator(rule), project('', '  validators: [rule]'))
    expect(ended.error).toMatchObject({
      code: 'model.invalid',
      plugin: 'rule',
      message: expect.stringContaining('weight has 2 values'),
    })
    expect(bench.events('run.begin')).toEqual([])
  })

  test('a warning is told, and training goes on', async () => {
    const rule = `() => [{ severity: 'warning', message: 'small' }]`
    const { ended, logs } = await train(validator(rule), project('', '  validators: [rule]'))
    expect(ended).toMatchObject({ reason: 'finished' })
    expect(logs.join()).toContain('small')
  })
})

test('accumulated steps leave no tensor behind', async () => {
  const counter = file(
    'counter',
    '',
    `onBatchEnd({ run, outputs }) { run.observe({ seen: outputs.prediction.mean() }) }
  onBackwardEnd({ gradients }) { return new Map([...gradients].map(([path, it]) => [path, it.mul(2)])) }
  onStepEnd({ step }) { if (step % 20 === 0) this.ctx.log.info(String(tf.memory().numTensors)) }`,
  )
  const { logs, ended } = await train(
    { 'plugins/counter.ts': counter },
    project('epochs: 40, accumulate: 2'),
  )
  expect(ended.error).toBeUndefined()
  expect(logs).toHaveLength(4)
  expect(new Set(logs).size).toBe(1)
})

test('values of a step are observed on the device and arrive with its metrics; elsewhere they are refused', async () => {
  const { ended, values, bench } = await train(
    {
      'plugins/observer.ts': file(
        'observer',
        '',
        `onBatchEnd({ run, step }) { run.observe({ seen: tf.scalar(step * 2) }) }
  onEpochEnd({ run }) { run.observe({ late: tf.scalar(1) }) }`,
      ),
    },
    project('epochs: 1'),
  )
  expect(ended.reason).toBe('finished')
  expect(values('seen')).toEqual([2, 4, 6, 8])
  expect(bench.events('hook.failed')).toMatchObject([
    {
      plugin: 'observer',
      error: { message: 'run.observe() was called for late outside of a step' },
    },
  ])
})
