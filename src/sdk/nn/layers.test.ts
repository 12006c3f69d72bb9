// Gradients of every layer against central finite differences; values against PyTorch are in src/plugins.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  buildModule,
  createRandom,
  disposeModule,
  type ForwardContext,
  init,
  Module,
  nn,
  parameter,
  parametersOf,
} from 'plugboard'

beforeAll(() => tf.setBackend('cpu'))

const context = (training = false, seed = 1): ForwardContext => ({
  training,
  random: createRandom(seed),
  step: 0,
  scalars: {},
})

/** Far enough for float32: a smaller step drowns in rounding, a larger one in curvature. */
const STEP = 2e-2
const TOLERANCE = 2e-3

type Layer = Module<never, tf.Tensor>

/** A layer together with its input, so that the input's gradient is checked like a parameter's. */
class WithInput extends Module<void, tf.Tensor> {
  readonly layer: Layer
  readonly x: tf.Variable
  constructor(layer: () => Layer, shape: number[]) {
    super()
    this.layer = layer()
    this.x = parameter(shape, init.normal(1))
  }
  forward(_: void, ctx: ForwardContext) {
    return this.layer.forward(this.x as never, ctx)
  }
}

/** Added up in double precision: the sum is where float32 would lose the difference. */
const sumOf = (tensor: tf.Tensor): number => tensor.dataSync<'float32'>().reduce((a, b) => a + b, 0)

/** Largest gap between the gradients of tfjs and central differences, over all values of all parameters. */
function gradientGap(module: Module<void, tf.Tensor>, training = false): number {
  const parameters = [...parametersOf(module).values()]
  return tf.tidy(() => {
    const shape = module.forward(undefined, context(training)).shape
    const weights = tf.tensor(createRandom(7).normals(tf.util.sizeFromShape(shape)), shape)
    const output = () => module.forward(undefined, context(training)).mul(weights)
    const total = () => tf.tidy(() => sumOf(output()))
    const { grads } = tf.variableGrads(() => output().sum().asScalar(), parameters)
    let gap = 0
    for (const variable of parameters) {
      const exact = grads[variable.name]!.dataSync()
      const values = variable.dataSync().slice()
      exact.forEach((gradient, i) => {
        const at = (offset: number) => {
          const moved = values.slice()
          moved[i]! += offset
          variable.assign(tf.tensor(moved, variable.shape))
          return total()
        }
        gap = Math.max(gap, Math.abs((at(STEP) - at(-STEP)) / (2 * STEP) - gradient))
      })
      variable.assign(tf.tensor(values, variable.shape))
    }
    return gap
  })
}

const build = (layer: () => Layer, shape: number[]) =>
  buildModule(createRandom(3), () => new WithInput(layer, shape))

class Applied extends Module<tf.Tensor, tf.Tensor> {
  readonly apply: (x: tf.Tensor) => tf.Tensor
  constructor(apply: (x: tf.Tensor) => tf.Tensor) {
    super()
    this.apply = apply
  }
  forward(x: tf.Tensor) {
    return this.apply(x)
  }
}

/** Embedding takes ids: its input has no gradient. */
class Looked extends Module<void, tf.Tensor> {
  readonly embedding = new nn.Embedding(5, 3)
  forward() {
    return this.embedding.forward(
      tf.tensor2d(
        [
          [0, 2, 2],
          [4, 0, 2],
        ],
        [2, 3],
        'int32',
      ),
    )
  }
}

const labels = () => tf.tensor1d([1, 0, 3, 2], 'int32')
const mask = () => tf.tensor1d([1, 0, 1, 1])

const shared = { width: 8, heads: 4, keyHeads: 2, context: 5 }

const cases: [name: string, make: () => Module<void, tf.Tensor>][] = [
  ['Linear', () => build(() => new nn.Linear(4, 3), [2, 3, 4])],
  ['Linear without bias', () => build(() => new nn.Linear(4, 3, { bias: false }), [5, 4])],
  ['Embedding', () => buildModule(createRandom(3), () => new Looked())],
  ['LayerNorm', () => build(() => new nn.LayerNorm(6), [2, 3, 6])],
  ['Conv2d', () => build(() => new nn.Conv2d(2, 3, 3, { stride: 2 }), [2, 5, 5, 2])],
  ['Conv2d, valid', () => build(() => new nn.Conv2d(1, 2, 2, { padding: 'valid' }), [1, 4, 4, 1])],
  ['[G13] gelu', () => build(() => new Applied((x) => nn.gelu(x)), [4, 5])],
  [
    'crossEntropy',
    () =>
      build(
        () => new Applied((x) => nn.crossEntropy(x, labels(), { mask: mask(), smoothing: 0.1 })),
        [4, 5],
      ),
  ],
  [
    'SelfAttention',
    () => build(() => new nn.SelfAttention({ width: 6, heads: 2, context: 5 }), [2, 4, 6]),
  ],
  [
    'SelfAttention with rotary positions, a window and shared keys',
    () =>
      build(
        () =>
          new nn.SelfAttention({
            ...shared,
            rotary: true,
            window: 2,
            causal: false,
          }),
        [2, 4, 8],
      ),
  ],
  ['[G13] RMSNorm', () => build(() => new nn.RMSNorm(6), [2, 3, 6])],
  ['[G13] swiglu', () => build(() => new nn.SwiGLU({ width: 4, hidden: 5 }), [2, 2, 4])],
  ['[G13] rotary', () => build(() => new nn.Rotary(4, 6), [2, 5, 4])],
  ['RNN', () => build(() => new nn.RNN(3, 4), [2, 4, 3])],
  ['GRU', () => build(() => new nn.GRU(3, 4), [2, 4, 3])],
  ['LSTM', () => build(() => new nn.LSTM(3, 4, { reverse: true }), [2, 4, 3])],
  ['AvgPool2d', () => build(() => new nn.AvgPool2d(3, { stride: 1 }), [1, 5, 5, 2])],
  ['GlobalPool', () => build(() => new nn.GlobalPool(), [2, 3, 3, 2])],
  ['FeedForward', () => build(() => new nn.FeedForward({ width: 4 }), [2, 2, 4])],
]

describe('gradients match central differences', () => {
  test.each(cases)('%s', (_, make) => {
    const module = make()
    expect(gradientGap(module)).toBeLessThan(TOLERANCE)
    disposeModule(module)
  })

  test('Dropout, with the zeros of its stream', () => {
    const module = build(() => new nn.Dropout(0.4), [4, 5])
    expect(gradientGap(module, true)).toBeLessThan(TOLERANCE)
    disposeModule(module)
  })

  test('the check sees a wrong gradient', () => {
    const wrong = tf.customGrad((...args) => {
      const [x] = args as unknown as [tf.Tensor]
      return { value: x.square(), gradFunc: (dy: tf.Tensor) => dy.mul(3) }
    })
    const module = build(() => new Applied((x) => wrong(x)), [3])
    expect(gradientGap(module)).toBeGreaterThan(TOLERANCE)
    disposeModule(module)
  })
})

describe('layers', () => {
  test('Dropout acts only in training, keeps the mean and repeats with its stream', () => {
    const x = tf.ones([100, 100])
    const drop = new nn.Dropout(0.25)
    expect(drop.forward(x, context(false))).toBe(x)
    const dropped = drop.forward(x, context(true, 5))
    const once = dropped.dataSync()
    expect(new Set(once)).toEqual(new Set([0, Math.fround(4 / 3)]))
    expect(sumOf(dropped) / once.length).toBeCloseTo(1, 1)
    expect(drop.forward(x, context(true, 5)).dataSync()).toEqual(once)
    expect(drop.forward(x, context(true, 6)).dataSync()).not.toEqual(once)
  })

  test('causal attention does not look ahead, attention without a mask does', () => {
    const earlierChange = (causal: boolean) => {
      const attention = buildModule(
        createRandom(1),
        () => new nn.SelfAttention({ width: 4, heads: 2, context: 6, causal }),
      )
      const change = tf.tidy(() => {
        const x = tf.randomNormal<tf.Rank.R3>([1, 6, 4], 0, 1, 'float32', 1)
        const later = x.add<tf.Tensor3D>(tf.oneHot(tf.tensor1d([5], 'int32'), 6).reshape([1, 6, 1]))
        const [a, b] = [x, later].map((input) => attention.forward(input, context()))
        return tf.max(a!.sub(b!).abs().slice([0, 0, 0], [1, 5, 4])).dataSync()[0]!
      })
      disposeModule(attention)
      return change
    }
    expect(earlierChange(true)).toBe(0)
    expect(earlierChange(false)).toBeGreaterThan(1e-3)
  })

  test('attention may weigh positions in a way of its own', () => {
    class Last extends nn.SelfAttention {
      // Whatever is asked: all eyes on the last position that the mask leaves.
      protected override score(query: tf.Tensor4D): tf.Tensor4D {
        return tf.range(0, query.shape[2]).mul(100).broadcastTo([1, 2, 6, 6])
      }
    }
    const attention = buildModule(
      createRandom(1),
      () => new Last({ width: 4, heads: 2, context: 6 }),
    )
    const x = tf.randomNormal<tf.Rank.R3>([1, 6, 4], 0, 1, 'float32', 1)
    const alone = attention.out.forward(attention.value.forward(x))
    expect(tf.max(attention.forward(x, context()).sub(alone).abs()).dataSync()[0]).toBeLessThan(
      1e-5,
    )
    disposeModule(attention)
  })

  test('a model frees all it made, its mask included', () => {
    nn.scalar(1 / Math.sqrt(2))
    const before = tf.memory().numTensors
    const attention = buildModule(
      createRandom(1),
      () => new nn.SelfAttention({ width: 4, heads: 2, context: 6 }),
    )
    tf.tidy(() => void attention.forward(tf.ones([1, 6, 4]), context()))
    expect(tf.memory().numTensors).toBe(before + 9)
    disposeModule(attention)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('shapes that do not fit are refused in words', () => {
    const attention = (heads: number) =>
      buildModule(createRandom(1), () => new nn.SelfAttention({ width: 6, heads, context: 6 }))
    for (const heads of [4, 0, -2, 0.5, Number.NaN])
      expect(() => attention(heads)).toThrow(`width 6 cannot be split into ${heads} heads`)
    const three = attention(3)
    expect(() => three.forward(tf.ones([1, 7, 6]), context())).toThrow(
      'attention was built for 6 positions, but was given 7',
    )
    expect(() => three.forward(tf.ones([1, 6, 12]), context())).toThrow(
      'a linear layer takes [..., 6], but was given [1, 6, 12]',
    )
    disposeModule(three)
    expect(() => nn.crossEntropy(tf.zeros([4, 1]), labels())).toThrow(
      'logits of [4, 1] are for 1 class, but cross-entropy is between 2 or more',
    )
    expect(() => nn.crossEntropy(tf.zeros([2, 3]), labels())).toThrow(
      'labels of [4] cannot go with logits of [2, 3], which need [2]',
    )
    expect(() => nn.crossEntropy(tf.zeros([4, 3]), labels(), { mask: tf.ones([2]) })).toThrow(
      'a mask of [2] cannot go with labels of [4], which need [4]',
    )
  })

  test('one row of one position goes through attention and layer norm', () => {
    const attention = buildModule(
      createRandom(1),
      () => new nn.SelfAttention({ width: 4, heads: 2, context: 6 }),
    )
    const out = attention.forward(tf.ones([1, 1, 4]), context())
    expect(out.shape).toEqual([1, 1, 4])
    expect([...out.dataSync()].every(Number.isFinite)).toBe(true)
    disposeModule(attention)
    const norm = nn.layerNorm(tf.tensor1d([3]), tf.ones([1]), tf.ones([1]))
    expect([...norm.dataSync()]).toEqual([1])
  })

  test.each([1, -0.1, Number.NaN])('a share of %d is refused', (share) => {
    expect(() => new nn.Dropout(share)).toThrow(`dropout of ${share} is not from 0 to below 1`)
    const smooth = () => nn.crossEntropy(tf.zeros([4, 3]), labels(), { smoothing: share })
    expect(smooth).toThrow(`smoothing of ${share}`)
  })

  test('the gradient of a large vocabulary is the same sum', () => {
    const ids = tf.tensor1d([3, 1999, 3], 'int32')
    const dy = tf.tensor2d([1, 2, 10, 20, 100, 200], [3, 2])
    const table = tf.zeros<tf.Rank.R2>([2000, 2])
    const gradient = tf.grad((rows) => nn.embedding(rows as tf.Tensor2D, ids))(table, dy)
    const values = gradient.dataSync()
    expect([...values.subarray(6, 8), ...values.subarray(3998)]).toEqual([101, 202, 10, 20])
    expect(gradient.sum().dataSync()[0]).toBe(333)
  })
})

describe('pool', () => {
  const states = () => tf.tensor3d([1, 2, 3, 4, 100, 100, 5, 6, 7, 8, 9, 10], [2, 3, 2])
  const mask = () => tf.tensor2d([1, 1, 0, 1, 1, 1], [2, 3])
  test.each([
    ['mean', [2, 3, 7, 8]],
    ['first', [1, 2, 5, 6]],
    ['last', [3, 4, 9, 10]],
  ] as const)('%s of the positions that the mask keeps', (how, wanted) => {
    expect([...nn.pool(states(), how, mask()).dataSync()]).toEqual(wanted)
  })

  test('without a mask all positions count; states of one position stay as they are', () => {
    expect([...nn.pool(states(), 'last').dataSync()]).toEqual([100, 100, 9, 10])
    const flat = tf.tensor2d([[1, 2]])
    expect(nn.pool(flat, 'mean')).toBe(flat)
  })

  test('of no position at all is 0, and its gradient goes where the mean came from', () => {
    expect([...nn.pool(states(), 'mean', tf.zeros([2, 3])).dataSync()]).toEqual([0, 0, 0, 0])
    const gradient = tf.grad((x) => nn.pool(x, 'mean', mask()).sum())(states())
    const third = Math.fround(1 / 3)
    expect([...gradient.dataSync()]).toEqual([
      0.5,
      0.5,
      0.5,
      0.5,
      0,
      0,
      ...Array.from({ length: 6 }, () => third),
    ])
  })
})
