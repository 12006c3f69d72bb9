// Models, heads and who brings the loss, as a workspace writes them.
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { linePlugin } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

const manifest = (name: string) => `manifest: { name: '${name}', version: '1.0.0' }`

/** Rows of words [3, 2] with a mask that keeps the first two; what is behind the mask is huge. */
const words = `import { plugin } from 'plugboard'
export default class extends plugin({ ${manifest('words')} }) {
  initialize() {
    const length = 32
    const states = Float32Array.from({ length: length * 6 }, (_, i) =>
      i % 6 >= 4 ? 1e6 : Math.sin(i * 7.3))
    const labels = Int32Array.from({ length }, (_, row) =>
      Number(states[row * 6] + states[row * 6 + 2] > 0))
    const mask = Uint8Array.from({ length: length * 3 }, (_, i) => Number(i % 3 < 2))
    this.ctx.provide('dataset', 'words', () => ({
      load: async () => ({ length, columns: {
        words: { type: 'number', data: states, shape: [3, 2], dtype: 'float32' },
        attention_mask: { type: 'number', data: mask, shape: [3], dtype: 'float32' },
        labels: { type: 'number', data: labels, shape: [], dtype: 'int32', limit: 2 },
      } }),
    }))
  }
}
`

/** A model that hands its words on, times a learned factor; `body` are more of its members. */
const model = (body = '', output = 'hidden_states') => `import * as tf from '@tensorflow/tfjs'
import { init, Module, parameter, plugin, z } from 'plugboard'
class Scale extends Module {
  width = 2
  factor = parameter([1], init.ones())
  forward({ words }) { return { ${output}: words.mul(this.factor) } }
  ${body}
}
export default class extends plugin({ ${manifest('scale')} }) {
  initialize() { this.ctx.provide('model', 'scale', () => new Scale()) }
}
void [tf, z]
`

const head = (body = '', size = 2) => `import * as tf from '@tensorflow/tfjs'
import { Module, nn, plugin } from 'plugboard'
class Classes extends Module {
  constructor(width) { super(); this.out = new nn.Linear(width, 2) }
  forward({ hidden_states, attention_mask }) {
    return { logits: this.out.forward(nn.pool(hidden_states, 'mean', attention_mask)) }
  }
  outputSize() { return { logits: ${size} } }
  ${body}
}
export default class extends plugin({ ${manifest('classes')} }) {
  initialize() { this.ctx.provide('head', 'classes', (_, { width }) => new Classes(width)) }
}
void tf
`

const LOSS = `computeLoss({ outputs, batch }) {
    return nn.crossEntropy(outputs.logits, batch.labels)
  }`
const METRIC = `metrics() {
    return [{
      measure: ({ outputs, batch }) => {
        const right = outputs.logits.argMax(-1).equal(batch.labels).toFloat()
        return tf.stack([right.sum(), tf.onesLike(right).sum()])
      },
      summarize: ([right, all]) => ({ classes_accuracy: right / all }),
    }]
  }`

/** A configured loss of 3, with a gradient of 0. */
const three = `import { plugin } from 'plugboard'
export default class extends plugin({ ${manifest('three')} }) {
  initialize() {
    this.ctx.provide('loss', 'three', () => ({
      compute: ({ outputs }) => (outputs.logits ?? outputs.hidden_states).sum().mul(0).add(3).asScalar(),
    }))
  }
}
`

const project = (training = 'epochs: 40', withHead = true) => `experiment:
  dataset: words
  model: scale
${withHead ? '  head: classes' : ''}
  training: { optimizer: momentum, loss: three, batch_size: 8, ${training} }
`

async function train(files: { model: string; head: string }, config = project()) {
  const bench = new Workbench({ plugins: [linePlugin] })
  const sources = { words, three, ...files }
  const ended = await bench.train(
    Object.fromEntries(Object.entries(sources).map(([name, text]) => [`plugins/${name}.ts`, text])),
    config,
  )
  return { bench, ended }
}

const valuesOf = (bench: Workbench, metric: string): number[] =>
  bench
    .events('run.metrics')
    .flatMap(({ points }) => points.flatMap(({ values }) => values[metric] ?? []))

test('[K04] a head works on hidden states, honours the mask, and brings loss and metrics', async () => {
  const { bench, ended } = await train({ model: model(), head: head(`${LOSS}\n${METRIC}`) })
  expect(ended).toMatchObject({ reason: 'finished' })
  // What the mask hides is a million: seen, it would leave nothing to learn.
  expect(valuesOf(bench, 'classes_accuracy').at(-1)).toBeGreaterThan(0.9)
  expect(valuesOf(bench, 'val_classes_accuracy')).toHaveLength(40)
  expect(valuesOf(bench, 'loss')[0]).toBeLessThan(2)
  const { parameters } = bench.events('run.begin')[0]!
  expect(parameters.map(({ path }) => path)).toEqual([
    'model.factor',
    'head.out.weight',
    'head.out.bias',
  ])
})

describe('the loss', () => {
  const STEP = `trainingStep(batch, ctx) {
    const outputs = this.forward(batch, ctx)
    return { loss: this.factor.sum().mul(0).add(7).asScalar(), outputs }
  }`
  const first = async (files: { model: string; head: string }, withHead = true) => {
    const { bench, ended } = await train(files, project('max_steps: 1', withHead))
    expect(ended.error).toBeUndefined()
    return valuesOf(bench, 'loss')[0]!
  }

  test("is the model's own, else the head's, else the configured one, plus aux_loss", async () => {
    expect(await first({ model: model(STEP), head: head(LOSS) })).toBe(7)
    const ofHead = await first({ model: model(), head: head(LOSS) })
    expect(ofHead).not.toBe(3)
    expect(ofHead).toBeLessThan(2)
    expect(await first({ model: model(), head: head() })).toBe(3)
    expect(await first({ model: model(), head: head() }, false)).toBe(3)
    const auxiliary = model().replace('return {', 'return { aux_loss: tf.ones([2]),')
    expect(await first({ model: auxiliary, head: head() })).toBe(5)
  })

  test('that is configured and not used is told', async () => {
    const messages = async (files: { model: string; head: string }) => {
      const { bench } = await train(files, project('max_steps: 1'))
      return bench.events('log').map(({ message }) => message)
    }
    const unused =
      'training.loss three is not used: model scale with head classes brings a loss of its own'
    expect(await messages({ model: model(), head: head(LOSS) })).toContain(unused)
    expect(await messages({ model: model(STEP), head: head() })).toContain(unused)
    expect(await messages({ model: model(), head: head() })).not.toContain(unused)
  })

  test('grows by what a layer deep inside adds to it, which is a metric as well', async () => {
    const layer = `
class Inner extends Module {
  forward(x, ctx) {
    ctx.addLoss?.(tf.scalar(2))
    ctx.observe?.(this, { load: tf.scalar(0.5) })
    return x
  }
}
`
    const inner = model()
      .replace('class Scale', `${layer}class Scale`)
      .replace('width = 2', 'width = 2\n  parts = [{ inner: new Inner() }]')
      .replace(
        'forward({ words }) { return { hidden_states: words.mul(this.factor) } }',
        'forward({ words }, ctx) { return { hidden_states: this.parts[0].inner.forward(words.mul(this.factor), ctx) } }',
      )
    const { bench, ended } = await train({ model: inner, head: head() }, project('max_steps: 1'))
    expect(ended.error).toBeUndefined()
    expect(valuesOf(bench, 'loss')).toEqual([5])
    expect(valuesOf(bench, 'aux_loss')).toEqual([2])
    expect(valuesOf(bench, 'load.model.parts.0.inner')).toEqual([0.5])
  })
})

describe('what does not fit is said', () => {
  const errorOf = async (files: { model: string; head: string }) => (await train(files)).ended.error

  test('no hidden states', async () => {
    expect(await errorOf({ model: model('', 'logits'), head: head() })).toMatchObject({
      code: 'model.forward',
      plugin: 'scale',
      message: 'model scale gave logits, but head classes works on hidden_states',
    })
  })

  test('no width', async () => {
    const narrow = model().replace('width = 2\n', '')
    expect(await errorOf({ model: narrow, head: head() })).toMatchObject({
      message: expect.stringContaining('model scale has no field `width`'),
    })
  })

  test('another size than promised', async () => {
    expect(await errorOf({ model: model(), head: head('', 5) })).toMatchObject({
      code: 'contribution.contract',
      plugin: 'classes',
      message:
        'outputSize() of head classes promises logits of size 5, but forward() gave shape [8, 2]',
    })
  })
})

test('a reloaded head goes on with its weights; nothing is left on the device afterwards', async () => {
  const before = tf.memory().numTensors
  const bench = new Workbench({ plugins: [linePlugin] })
  const files = {
    'plugins/words.ts': words,
    'plugins/three.ts': three,
    'plugins/scale.ts': model(),
    'plugins/classes.ts': head(LOSS),
  }
  const config = project('epochs: 10000, accumulate: 2')
  await bench.start(files, config)
  await bench.once('run.metrics', ({ points }) => points.some(({ step }) => step > 20))
  await bench.open({ ...files, 'plugins/classes.ts': head(`${LOSS}\n${METRIC}`) }, config)
  await bench.once('run.metrics', ({ points }) =>
    points.some(({ values }) => (values['classes_accuracy'] ?? 0) > 0.8),
  )
  await bench.engine.control('stop')
  const { step } = bench.records.find(({ type }) => type === 'plugin.reloaded')!
  expect(bench.events('plugin.reloaded')[0]).toMatchObject({ rebuiltModel: true })
  const losses = valuesOf(bench, 'loss')
  expect(losses[step!]).toBeLessThan(losses[0]! - 0.1)
  // What is kept for good are scalars shared by all runs.
  expect(tf.memory().numTensors - before).toBeLessThan(8)
})
