// Small models in plain operations, for comparing backends: the same seed gives the same numbers everywhere.
import * as tf from '@tensorflow/tfjs'

/** A model to train: its variables, and the loss of one fixed batch at a step. */
export interface Workload {
  readonly variables: tf.Variable[]
  readonly loss: (step: number) => tf.Scalar
  readonly dispose: () => void
}

export interface GptSize {
  layers: number
  heads: number
  width: number
  context: number
  batch: number
  vocabulary: number
}

/** Values in -1..1 by a linear congruential generator (Numerical Recipes' constants). */
function createNoise(seed: number): (length: number) => Float32Array {
  let state = seed
  return (length) =>
    Float32Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state / 2 ** 31 - 1
    })
}

const sizeOf = (shape: number[]): number => shape.reduce((product, size) => product * size, 1)

/** Makes the tensors of one workload, and the workload from its loss. */
function createMaker(seed: number) {
  const noise = createNoise(seed)
  const variables: tf.Variable[] = []
  const constants: tf.Tensor[] = []
  const constant = (make: () => tf.Tensor): tf.Tensor => {
    const made = tf.tidy(make)
    constants.push(made)
    return made
  }
  const variable = (make: () => tf.Tensor): tf.Variable => {
    const made = tf.tidy(() => tf.variable(make()))
    variables.push(made)
    return made
  }
  const values = (shape: number[], scale: number): tf.Tensor =>
    tf.tensor(
      noise(sizeOf(shape)).map((value) => value * scale),
      shape,
    )
  return {
    constant,
    inputs: (shape: number[]) => constant(() => values(shape, 1)),
    indices: (shape: number[], limit: number) =>
      constant(() => {
        const drawn = noise(sizeOf(shape))
        const whole = Int32Array.from(drawn, (value) => Math.floor(((value + 1) / 2) * limit))
        return tf.tensor(whole, shape, 'int32')
      }),
    weight: (shape: number[], scale = 1 / Math.sqrt(shape.at(-2) ?? 1)) =>
      variable(() => values(shape, scale)),
    filled: (shape: number[], value: number) => variable(() => tf.fill(shape, value)),
    workload: (loss: Workload['loss']): Workload => ({
      variables,
      loss,
      dispose: () => tf.dispose([variables, constants]),
    }),
  }
}

/** Mean cross-entropy of logits [n, classes] against labels of n values. */
function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const targets = tf.oneHot(labels.flatten(), logits.shape.at(-1) ?? 1).toFloat()
  return tf.logSoftmax(logits).mul(targets).sum(-1).mean().neg().asScalar()
}

/** Linear layers and ReLU over random pixels. */
export function createMlp(sizes: number[], batch: number): Workload {
  const make = createMaker(1)
  const layers = sizes.slice(1).map((out, at) => ({
    weight: make.weight([sizes[at] ?? 1, out]),
    bias: make.filled([out], 0),
  }))
  const images = make.inputs([batch, sizes[0] ?? 1])
  const labels = make.indices([batch], sizes.at(-1) ?? 1)
  return make.workload(() => {
    let x = images
    layers.forEach(({ weight, bias }, at) => {
      x = tf.matMul(x, weight).add(bias)
      if (at < layers.length - 1) x = x.relu()
    })
    return crossEntropy(x, labels)
  })
}

/** Two convolutions with max pooling and a linear layer, over square images. */
export function createCnn(side: number, channels: number, batch: number): Workload {
  const make = createMaker(2)
  const first = make.weight([3, 3, 1, channels], 0.3)
  const second = make.weight([3, 3, channels, channels], 0.3 / Math.sqrt(channels))
  const bias = make.filled([channels], 0)
  const dense = make.weight([Math.ceil(Math.ceil(side / 2) / 2) ** 2 * channels, 10])
  const images = make.inputs([batch, side, side, 1])
  const labels = make.indices([batch], 10)
  const block = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor => {
    const y: tf.Tensor4D = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same')
    return tf.maxPool(y.add<tf.Tensor4D>(bias).relu<tf.Tensor4D>(), 2, 2, 'same')
  }
  return make.workload(() => {
    const features = block(block(images, first), second).reshape([batch, -1])
    return crossEntropy(tf.matMul(features, dense), labels)
  })
}

/** A decoder of the GPT kind: embeddings, layer norm, causal softmax attention, GELU, dropout. */
export function createGpt(size: GptSize): Workload {
  const { layers, heads, width, context, batch, vocabulary } = size
  const make = createMaker(3)
  const tokens = make.weight([vocabulary, width], 0.1)
  const positions = make.weight([context, width], 0.1)
  const input = make.indices([batch, context], vocabulary)
  const target = make.indices([batch, context], vocabulary)
  const mask = make.constant(() =>
    tf.linalg
      .bandPart(tf.ones([context, context]), -1, 0)
      .sub(1)
      .mul(1e9),
  )
  const makeNorm = () => ({ gain: make.filled([width], 1), shift: make.filled([width], 0) })
  const makeBlock = () => ({
    norm1: makeNorm(),
    qkv: make.weight([width, 3 * width]),
    out: make.weight([width, width]),
    norm2: makeNorm(),
    up: make.weight([width, 4 * width]),
    upBias: make.filled([4 * width], 0),
    down: make.weight([4 * width, width]),
  })
  const blocks = Array.from({ length: layers }, makeBlock)
  const last = makeNorm()
  const head = make.weight([width, vocabulary])

  const norm = (x: tf.Tensor, { gain, shift }: ReturnType<typeof makeNorm>): tf.Tensor => {
    const { mean, variance } = tf.moments(x, -1, true)
    return x.sub(mean).mul(variance.add(1e-5).rsqrt()).mul(gain).add(shift)
  }
  const linear = (x: tf.Tensor, matrix: tf.Tensor): tf.Tensor =>
    tf.matMul(x.reshape([batch * context, -1]), matrix).reshape([batch, context, -1])
  const gelu = (x: tf.Tensor): tf.Tensor => x.mul(x.div(Math.SQRT2).erf().add(1)).mul(0.5)
  const attention = (x: tf.Tensor, block: ReturnType<typeof makeBlock>): tf.Tensor => {
    const [q, k, v] = tf
      .split(linear(x, block.qkv), 3, -1)
      .map((part) =>
        part.reshape([batch, context, heads, width / heads]).transpose([0, 2, 1, 3]),
      ) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const scores = tf
      .matMul(q, k, false, true)
      .div(Math.sqrt(width / heads))
      .add(mask)
    const mixed = tf.matMul(tf.softmax(scores), v)
    return linear(mixed.transpose([0, 2, 1, 3]).reshape([batch, context, width]), block.out)
  }
  return make.workload((step) => {
    let x = tf.gather(tokens, input).add(positions)
    blocks.forEach((block, at) => {
      const attended = attention(norm(x, block.norm1), block)
      x = x.add(tf.dropout(attended, 0.1, undefined, step * 100 + at + 1))
      const raised = gelu(linear(norm(x, block.norm2), block.up).add(block.upBias))
      x = x.add(linear(raised, block.down))
    })
    return crossEntropy(linear(norm(x, last), head).reshape([batch * context, vocabulary]), target)
  })
}

/** Trains by Adam (Kingma & Ba 2015, algorithm 1) in plain operations. Returns the loss of each step. */
export async function train(
  { variables, loss }: Workload,
  steps: number,
  learningRate = 0.01,
): Promise<number[]> {
  const zeros = ({ shape }: tf.Variable) => tf.tidy(() => tf.variable(tf.zeros(shape)))
  const states = variables.map((variable) => ({
    variable,
    first: zeros(variable),
    second: zeros(variable),
  }))
  const losses: number[] = []
  for (let step = 1; step <= steps; step += 1) {
    const value = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => loss(step), variables)
      for (const { variable, first, second } of states) {
        const gradient = grads[variable.name]
        if (!gradient) throw new Error(`no gradient for ${variable.name}`)
        first.assign(first.mul(0.9).add(gradient.mul(0.1)))
        second.assign(second.mul(0.999).add(gradient.square().mul(0.001)))
        const rate = learningRate / (1 - 0.9 ** step)
        const scale = second
          .div(1 - 0.999 ** step)
          .sqrt()
          .add(1e-8)
        variable.assign(variable.sub(first.mul(rate).div(scale)))
      }
      return value
    })
    losses.push((await value.data())[0] ?? Number.NaN)
    value.dispose()
  }
  for (const { first, second } of states) tf.dispose([first, second])
  return losses
}
