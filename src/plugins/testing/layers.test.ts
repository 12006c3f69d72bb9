// Layers and functions of the sdk against PyTorch: outputs and gradients.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { buildModule, createRandom, type Module, nn, parametersOf } from 'plugboard'
import { beforeAll, expect, test } from 'vitest'
import reference from './layers.json' with { type: 'json' }
import { quiet } from './model.ts'
import { difference, fill, integers } from './reference.ts'

beforeAll(() => tf.setBackend('cpu'))

const TOLERANCE = 1e-5

/** What a gradient is wanted for, in the order of the reference, and how the output comes of it. */
interface Case {
  inputs: tf.Variable[]
  run(): tf.Tensor
}

const ofFunction = (values: tf.Tensor[], compute: (...inputs: tf.Tensor[]) => tf.Tensor): Case => {
  const inputs = values.map((value) => tf.variable(value))
  return { inputs, run: () => compute(...inputs) }
}

function ofLayer<T extends tf.Tensor>(x: tf.Tensor, make: () => Module<T, T>): Case {
  const input = tf.variable(x)
  const layer = buildModule(createRandom(1), make)
  const parameters = [...parametersOf(layer).values()]
  parameters.forEach((parameter, i) => parameter.assign(fill(parameter.shape, i + 2)))
  return {
    inputs: [input, ...parameters],
    run: () => layer.forward(input as tf.Tensor as T, quiet),
  }
}

const labels = () => tf.tensor1d(integers(6, 2, 5), 'int32')
const mask = () => tf.tensor1d([1, 0, 1, 1, 0, 1])
const logits = () => [fill([6, 5], 1, 6)]
const attentionOptions = { width: 8, heads: 2, context: 5 }

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
  cross_entropy: () => ofFunction(logits(), (x) => nn.crossEntropy(x, labels())),
  cross_entropy_masked: () =>
    ofFunction(logits(), (x) => nn.crossEntropy(x, labels(), { mask: mask() })),
  cross_entropy_smoothed: () =>
    ofFunction(logits(), (x) => nn.crossEntropy(x, labels(), { mask: mask(), smoothing: 0.1 })),
}

test.each(Object.keys(cases) as (keyof typeof cases)[])('%s is what PyTorch gives', (name) => {
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
