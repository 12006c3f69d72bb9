// Looking inside a model: what modules give and record, and what is wrong with inputs.
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { linePlugin } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

/** A model of two layers, one of them used twice; the second shows its input. */
const MODEL = `import * as tf from '@tensorflow/tfjs'
import { Module, nn, plugin } from 'plugboard'
class Half extends Module {
  linear = new nn.Linear(2, 2)
  forward(x, ctx) { ctx.record?.(this, { input: x }); return tf.tidy(() => this.linear.forward(x).tanh()) }
}
class Deep extends Module {
  layers = [new Half(), new Half()]
  out = new nn.Linear(2, 1)
  forward({ x }, ctx) {
    if (ctx.training && ctx.record) throw new Error('recording in a step')
    let state = x
    for (const layer of [...this.layers, this.layers[1]]) state = layer.forward(state, ctx)
    return { prediction: this.out.forward(state) }
  }
}
export default class extends plugin({ manifest: { name: 'deep', version: '1.0.0' } }) {
  initialize() { this.ctx.provide('model', 'deep', () => new Deep()) }
}
`

const watcher = (body: string) => `import * as tf from '@tensorflow/tfjs'
import { plugin } from 'plugboard'
export default class extends plugin({ manifest: { name: 'watcher', version: '1.0.0' } }) {
${body}
}
void tf
`

const PROJECT = `experiment:
  dataset: line
  model: deep
  training: { optimizer: momentum, loss: squared_error, epochs: 2, batch_size: 8 }
`

async function train(body: string) {
  const bench = new Workbench({ plugins: [linePlugin] })
  const files = { 'plugins/deep.ts': MODEL, 'plugins/watcher.ts': watcher(body) }
  const ended = await bench.train(files, PROJECT)
  const logs = bench.events('log').map(({ message }) => message)
  const losses = bench
    .events('run.metrics')
    .flatMap(({ points }) => points.flatMap(({ values }) => values['loss'] ?? []))
  return { bench, ended, logs, losses, failures: bench.events('hook.failed') }
}

const LOOK = `const batch = run.batch('validation', [0, 1, 2])
    const { outputs, seen } = run.inspect(batch, ['layers.*', 'out'])`

test('modules and what they record are seen by path; nothing of it stays, and training is as without', async () => {
  const plain = await train('')
  const before = tf.memory().numTensors
  const { logs, failures, losses } = await train(`look({ run }) {
    ${LOOK}
    const same = tf.tidy(() => seen.out.sub(outputs.prediction).abs().max().dataSync()[0])
    this.ctx.log.info(Object.entries(seen).map(([name, it]) => name + ' ' + it.shape).join('; ') + '; ' + same)
    tf.dispose([batch, outputs, seen])
  }
  onStepBegin(args) { tf.tidy(() => this.look(args)) }
  onEpochEnd(args) { this.look(args) }`)
  expect(failures).toEqual([])
  expect(tf.memory().numTensors).toBe(before)
  expect(losses).toEqual(plain.losses)
  expect(new Set(logs)).toEqual(
    new Set([
      'layers.0:input 3,2; layers.0.linear 3,2; layers.0 3,2; layers.1:input 3,2; layers.1.linear 3,2; layers.1 3,2; layers.1:input#2 3,2; layers.1.linear#2 3,2; layers.1#2 3,2; out 3,1; 0',
    ]),
  )
})

test('a name that nothing has is refused with the names there are, and leaves nothing behind', async () => {
  const before = tf.memory().numTensors
  const { failures } = await train(`onTrainEnd({ run }) {
    const batch = run.batch('validation', [0])
    try { run.inspect(batch, ['layers.0', 'layers.7.attention']) } finally { tf.dispose(batch) }
  }`)
  expect(failures).toMatchObject([
    {
      error: {
        code: 'data.invalid',
        message: expect.stringMatching(
          /named layers\.7\.attention; there are layers\.0:input, layers/,
        ),
        source: { file: 'plugins/watcher.ts', line: 6 },
      },
    },
  ])
  expect(tf.memory().numTensors).toBe(before)
})

test('inputs that a model cannot take are told by name and form, at the line that gave them', async () => {
  const ask = (inputs: string) =>
    train(`onTrainEnd({ run }) {
    const made = tf.tidy(() =>
      run.predict(${inputs}))
    tf.dispose(made)
  }`)
  const errorOf = async (inputs: string) => {
    const { failures } = await ask(inputs)
    expect(failures).toMatchObject([{ error: { source: { file: 'plugins/watcher.ts', line: 6 } } }])
    return failures[0]!.error.message
  }
  expect(await errorOf('{ x: tf.zeros([4, 3]) }')).toMatch(
    /could not take its inputs: x is \[4, 3\] float32, not \[rows, 2\] float32; y is missing/,
  )
  expect(await errorOf('tf.zeros([4, 2])')).toContain('were a bare tensor')
  expect(await errorOf('{ x: [1, 2] }')).toContain('input x of the model is no tensor, but a list')
  expect(await errorOf('{ x: tf.zeros([4, 2]), y: tf.zeros([3, 1]) }')).toContain(
    'x is [4, 2] float32 and y is [3, 1] float32',
  )
  expect(
    await errorOf('(() => { const x = tf.zeros([1, 2]); x.dispose(); return { x } })()'),
  ).toContain('was disposed')
})

test('small tensors of a step arrive flat with its metrics; large ones are refused', async () => {
  const { logs, failures } = await train(`onOptimizerStep({ run, step }) {
    run.observe({ pair: tf.tensor2d([[step, 1], [2, 3]]), one: tf.scalar(step) })
    if (step === 8) run.observe({ large: tf.zeros([300, 300]) })
  }
  onMetrics({ metrics, observed, step }) {
    this.ctx.log.info([step, metrics.one, Object.keys(observed), ...observed.pair].join(' '))
  }`)
  expect(logs.slice(0, 2)).toEqual(['1 1 pair 1 1 2 3', '2 2 pair 2 1 2 3'])
  expect(failures).toMatchObject([
    { error: { message: expect.stringContaining('large is of shape [300, 300]') } },
  ])
})
