// Layers and functions of the sdk against PyTorch: outputs and gradients.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  createRandom,
  type LayerInput,
  type Module,
  nn,
  parametersOf,
  type Routing,
} from 'plugboard'
import { beforeAll, expect, test } from 'vitest'
import linearAttention from '../layers/linear-attention.ts'
import topKRouter from '../layers/top-k-router.ts'
import { initialize } from './contributions.ts'
import reference from './layers.json' with { type: 'json' }
import { quiet } from './model.ts'
import { difference, fill, integers } from './reference.ts'

beforeAll(() => tf.setBackend('cpu'))

const TOLERANCE = 2e-5

/** What a gradient is wanted for, in the order of the reference, and how the output comes of it. */
interface Case {
  inputs: tf.Variable[]
  run(): tf.Tensor
}

const ofFunction = (values: tf.Tensor[], compute: (...inputs: tf.Tensor[]) => tf.Tensor): Case => {
  const inputs = values.map((value) => tf.variable(value))
  return { inputs, run: () => compute(...inputs) }
}

function ofLayer<T extends tf.Tensor>(
  x: tf.Tensor,
  make: () => Module<T, tf.Tensor>,
  mask?: tf.Tensor,
): Case {
  const input = tf.variable(x)
  const layer = buildModule(createRandom(1), make)
  const parameters = [...parametersOf(layer).values()]
  parameters.forEach((parameter, i) => parameter.assign(fill(parameter.shape, i + 2)))
  return {
    inputs: [input, ...parameters],
    run: () => layer.forward(input as tf.Tensor as T, { ...quiet, mask }),
  }
}

const labels = () => tf.tensor1d(integers(6, 2, 5), 'int32')
const mask = () => tf.tensor1d([1, 0, 1, 1, 0, 1])
const logits = () => [fill([6, 5], 1, 6)]
const attentionOptions = { width: 8, heads: 2, context: 5 }

const grouped = { width: 16, heads: 4, keyHeads: 2, context: 5 }
const attentionOf = (options: Partial<nn.SelfAttentionOptions>, isPadded = false) =>
  ofLayer(
    fill([2, 5, 16], 1),
    () => new nn.SelfAttention({ ...grouped, ...options }),
    isPadded ? padding() : undefined,
  )

/** The last two positions of the second row are filled up. */
const padding = () => tf.tensor2d([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], [2, 5])

const linear = await initialize(linearAttention)
const linearOf = (causal: boolean) =>
  ofLayer(
    fill([2, 5, 8], 1),
    () => linear.create('attention', 'linear', {}, { ...attentionOptions, dropout: 0, causal }),
    causal ? undefined : padding(),
  )

const recurrentOf = (make: () => Module<LayerInput, tf.Tensor>) =>
  ofLayer(fill([2, 5, 3], 1, 4), make, padding())

const router = await initialize(topKRouter)
/** One half of what the router gives. */
const routed = (pick: (routing: Routing) => tf.Tensor) =>
  ofFunction([fill([6, 3], 1, 4), fill([3, 4], 2, 4)], (tokens, gate) => {
    const env = { width: 3, experts: 4 }
    const layer = buildModule(createRandom(1), () =>
      router.create('router', 'top_k', { k: 2, balance: 1 }, env),
    )
    Object.assign((layer as unknown as { gate: object }).gate, { weight: gate })
    return pick(layer.forward(tokens as tf.Tensor2D, quiet))
  })

const cases = {
  linear: () => ofLayer(fill([2, 3, 4], 1), () => new nn.Linear(4, 5)),
  embedding: () =>
    ofFunction([fill([7, 4], 1)], (table) => {
      return nn.embedding(table as tf.Tensor2D, tf.tensor2d(integers(6, 1, 7), [2, 3], 'int32'))
    }),
  gelu: () => ofFunction([fill([4, 6], 1, 8)], (x) => nn.gelu(x)),
  layer_norm: () =>
    ofFunction([fill([2, 3, 6], 1, 4), fill([6], 2), fill([6], 3)], (x, weight, bias) =>
      nn.layerNorm(x, weight, bias),
    ),
  conv2d: () => ofLayer(fill([2, 6, 6, 2], 1), () => new nn.Conv2d(2, 4, 3, { stride: 2 })),
  attention: () => ofLayer(fill([2, 5, 8], 1), () => new nn.SelfAttention(attentionOptions)),
  rms_norm: () =>
    ofFunction([fill([2, 3, 6], 1, 4), fill([6], 2)], (x, weight) => nn.rmsNorm(x, weight)),
  swiglu: () =>
    ofFunction([fill([4, 6], 1, 8), fill([4, 6], 2, 8)], (gate, x) => nn.swiglu(gate, x)),
  swiglu_network: () =>
    ofLayer(fill([2, 3, 4], 1, 4), () => new nn.SwiGLU({ width: 4, hidden: 6 })),
  rotary: () => ofLayer(fill([2, 2, 5, 6], 1), () => new nn.Rotary(6, 8)),
  attention_padded: () => attentionOf({ causal: false }, true),
  attention_window: () => attentionOf({ window: 2 }),
  attention_both_ways: () => attentionOf({ causal: false, window: 2 }),
  attention_rotary: () => attentionOf({ rotary: true }),
  linear_attention: () => linearOf(false),
  linear_attention_causal: () => linearOf(true),
  rnn: () => recurrentOf(() => new nn.RNN(3, 4)),
  gru: () => recurrentOf(() => new nn.GRU(3, 4)),
  lstm: () => recurrentOf(() => new nn.LSTM(3, 4)),
  lstm_reverse: () => recurrentOf(() => new nn.LSTM(3, 4, { reverse: true })),
  max_pool2d: () => ofLayer(fill([2, 6, 6, 2], 1), () => new nn.MaxPool2d(2)),
  avg_pool2d: () => ofLayer(fill([2, 6, 6, 2], 1), () => new nn.AvgPool2d(3, { stride: 2 })),
  top_k_weights: () => routed(({ weights }) => weights),
  top_k_balance: () => routed(({ aux_loss }) => aux_loss!),
  cross_entropy: () => ofFunction(logits(), (x) => nn.crossEntropy(x, labels())),
  cross_entropy_masked: () =>
    ofFunction(logits(), (x) => nn.crossEntropy(x, labels(), { mask: mask() })),
  cross_entropy_smoothed: () =>
    ofFunction(logits(), (x) => nn.crossEntropy(x, labels(), { mask: mask(), smoothing: 0.1 })),
}

/** Those of which a list of features says that they are checked by numbers. */
const EXAMPLES = ['gelu', 'swiglu', 'rms_norm', 'rotary']
const named = (Object.keys(cases) as (keyof typeof cases)[]).map(
  (name) => [EXAMPLES.includes(name) ? `[G13] ${name}` : name, name] as const,
)

test.each(named)('%s is what PyTorch gives', (_, name) => {
  const { inputs, run } = cases[name]()
  const expected = reference[name]
  const output = run()
  expect(difference(output.dataSync(), expected.output)).toBeLessThan(TOLERANCE)

  const weights = fill(output.shape, 99)
  const { grads } = tf.variableGrads(() => run().mul(weights).sum().asScalar(), inputs)
  inputs.forEach((input, i) => {
    const gradient = grads[input.name]!.dataSync()
    expect(difference(gradient, expected.gradients[i]!)).toBeLessThan(TOLERANCE)
  })
})
