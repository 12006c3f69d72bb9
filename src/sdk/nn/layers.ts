// The basic layers: modules with the parameters, initial values and names that PyTorch gives them.
import * as tf from '@tensorflow/tfjs'
import { EngineError } from '../errors.ts'
import { type ForwardContext, init, type Initializer, Module, parameter } from '../module.ts'
import { dropout, embedding, layerNorm, requireShare } from './functions.ts'

/** Refuses an input whose last axis is not `width`: reshaped, it would mix the rows or fail obscurely. */
export function requireWidth(layer: string, { shape }: tf.Tensor, width: number): void {
  if (shape.at(-1) === width) return
  throw new EngineError({
    code: 'model.forward',
    message: `${layer} takes [..., ${width}], but was given [${shape.join(', ')}]`,
    hint: 'check the sizes of the layer before it, or reshape its output',
  })
}

export interface LinearOptions {
  /** Adds a learned offset; true unless set. */
  bias?: boolean
  /** Start of the weight; the bias then starts at 0. */
  weight?: Initializer
}

/**
 * y = x W + b over the last axis: [..., inputs] to [..., outputs]. `weight` is [inputs, outputs]
 * (PyTorch keeps the transpose): a product with a transposed matrix is slow on a GPU. Throws `model.forward`
 * for an input of another width.
 */
export class Linear extends Module<tf.Tensor, tf.Tensor> {
  readonly weight: tf.Variable
  readonly bias: tf.Variable | undefined

  constructor(inputs: number, outputs: number, { bias = true, weight }: LinearOptions = {}) {
    super()
    this.weight = parameter([inputs, outputs], weight ?? init.linear(inputs))
    if (bias) this.bias = parameter([outputs], weight ? init.zeros() : init.linear(inputs))
  }

  override get torchAxes() {
    return { weight: [1, 0] }
  }

  forward(x: tf.Tensor): tf.Tensor {
    const [inputs, outputs] = this.weight.shape as [number, number]
    requireWidth('a linear layer', x, inputs)
    const product = tf.matMul(x.reshape<tf.Tensor2D>([-1, inputs]), this.weight)
    const sum = this.bias ? product.add(this.bias) : product
    return sum.reshape([...x.shape.slice(0, -1), outputs])
  }
}

/** A row of `weight` [vocabulary, width] for each id: int32 of any shape to [..., width]. */
export class Embedding extends Module<tf.Tensor, tf.Tensor> {
  readonly weight: tf.Variable

  constructor(vocabulary: number, width: number, weight: Initializer = init.normal(1)) {
    super()
    this.weight = parameter([vocabulary, width], weight)
  }

  forward(ids: tf.Tensor): tf.Tensor {
    return embedding(this.weight as tf.Tensor2D, ids)
  }
}

/** Normalises the last axis of [..., width], with a learned scale and shift. */
export class LayerNorm extends Module<tf.Tensor, tf.Tensor> {
  readonly weight: tf.Variable
  readonly bias: tf.Variable
  readonly epsilon: number

  constructor(width: number, epsilon = 1e-5) {
    super()
    this.weight = parameter([width], init.ones())
    this.bias = parameter([width], init.zeros())
    this.epsilon = epsilon
  }

  forward(x: tf.Tensor): tf.Tensor {
    requireWidth('layer norm', x, this.weight.size)
    return layerNorm(x, this.weight, this.bias, this.epsilon)
  }
}

/** Zeroes a share of the values while training, with numbers from the step's own stream. Any shape. */
export class Dropout extends Module<tf.Tensor, tf.Tensor> {
  readonly rate: number

  constructor(rate: number) {
    super()
    requireShare('dropout', rate)
    this.rate = rate
  }

  forward(x: tf.Tensor, ctx: ForwardContext): tf.Tensor {
    return ctx.training && this.rate > 0 ? dropout(x, this.rate, ctx.random) : x
  }
}

export interface Conv2dOptions {
  /** Places that a kernel moves on at a time, down and across; 1 unless set. */
  stride?: number
  /** `same` keeps height and width (divided by the stride, rounded up) and is the default; `valid` adds no border. */
  padding?: 'same' | 'valid'
}

/**
 * Convolution of images [batch, height, width, inputs] with square kernels, to [batch, height, width, outputs].
 * `weight` is [size, size, inputs, outputs], the order of the device.
 */
export class Conv2d extends Module<tf.Tensor4D, tf.Tensor4D> {
  readonly weight: tf.Variable
  readonly bias: tf.Variable
  readonly stride: number
  readonly padding: 'same' | 'valid'

  constructor(inputs: number, outputs: number, size: number, options: Conv2dOptions = {}) {
    super()
    this.weight = parameter([size, size, inputs, outputs], init.linear(size * size * inputs))
    this.bias = parameter([outputs], init.linear(size * size * inputs))
    this.stride = options.stride ?? 1
    this.padding = options.padding ?? 'same'
  }

  override get torchAxes() {
    return { weight: [3, 2, 0, 1] }
  }

  forward(images: tf.Tensor4D): tf.Tensor4D {
    const weight = this.weight as tf.Tensor4D
    return tf.conv2d(images, weight, this.stride, this.padding).add(this.bias)
  }
}
