// CNN: convolutions that halve the image, then linear layers.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  init,
  type ModelEnv,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  input: z.string().default('image').describe('column of images [height, width, channels]'),
  channels: z
    .array(z.int().min(1))
    .min(1)
    .default([8, 16])
    .describe('channels after each convolution; each halves height and width'),
  kernel: z.int().min(1).default(3).describe('height and width of the kernels'),
  halving: z
    .enum(['stride', 'max'])
    .default('stride')
    .describe('convolve every second place, or all of them and keep the largest of four'),
  hidden: z
    .array(z.int().min(1))
    .default([])
    .describe('width of each linear layer between convolutions and output'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of values before each linear layer zeroed while training'),
})

type CnnConfig = z.output<typeof config>

/** One column of images to `logits` [batch, classes]; for a head, to `hidden_states` [batch, width]. */
class Cnn extends Module<TensorMap, TensorMap> {
  readonly convolutions: nn.Conv2d[] = []
  /** Absent where convolutions halve by themselves. */
  readonly pool: nn.MaxPool2d | undefined
  readonly layers: nn.Linear[]
  readonly drop: nn.Dropout
  /** Absent for a head of the experiment. */
  readonly head: nn.Linear | undefined
  readonly input: string
  /** Of what goes into the last layer. */
  readonly width: number

  constructor(options: CnnConfig, { columns, hasHead }: ModelEnv) {
    super()
    const { input, channels, kernel, halving, hidden, dropout } = options
    const [image, labels] = [columns[input], columns['labels']]
    if (image?.shape.length !== 3 || (!hasHead && labels?.limit === undefined)) {
      throw new EngineError({
        code: 'model.forward',
        message: `cnn reads images [height, width, channels] from '${input}'${hasHead ? '' : " and class numbers from 'labels'"}; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'set `input` to a column of images, or use mlp',
      })
    }
    this.input = input
    if (halving === 'max') this.pool = new nn.MaxPool2d(2, { padding: 'same' })
    const stride = halving === 'stride' ? 2 : 1
    let [height, width, inputs] = image.shape as [number, number, number]
    for (const outputs of channels) {
      this.convolutions.push(new nn.Conv2d(inputs, outputs, kernel, { stride }))
      ;[height, width, inputs] = [Math.ceil(height / 2), Math.ceil(width / 2), outputs]
    }
    const widths = [height * width * inputs, ...hidden]
    this.layers = hidden.map((size, i) => new nn.Linear(widths[i]!, size, { weight: init.he() }))
    this.drop = new nn.Dropout(dropout)
    this.width = widths.at(-1)!
    if (!hasHead) this.head = new nn.Linear(this.width, labels!.limit!)
  }

  forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
    let image = inputs[this.input] as tf.Tensor4D
    for (const convolution of this.convolutions) {
      const seen = convolution.forward(image).relu<tf.Tensor4D>()
      image = this.pool?.forward(seen) ?? seen
    }
    let x = this.drop.forward(image.reshape([image.shape[0], -1]), ctx)
    for (const layer of this.layers) x = this.drop.forward(layer.forward(x).relu(), ctx)
    return this.head ? { logits: this.head.forward(x) } : { hidden_states: x }
  }
}

export default class CnnPlugin extends plugin({
  manifest: {
    name: 'cnn',
    version: '1.1.0',
    category: 'model',
    description: 'Convolutions that halve the image, then linear layers, for classes of images',
    tags: ['images', 'classification'],
    provides: ['model/cnn'],
  },
}) {
  initialize() {
    this.ctx.provide('model', 'cnn', (options, env) => new Cnn(options, env), {
      config,
      description: 'convolutional network for images',
    })
  }
}
