// CNN: convolutions that halve the image, then one linear layer.
import type * as tf from '@tensorflow/tfjs'
import { EngineError, type ModelEnv, Module, nn, plugin, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  input: z.string().default('image').describe('column of images [height, width, channels]'),
  channels: z
    .array(z.int().min(1))
    .min(1)
    .default([8, 16])
    .describe('channels after each convolution; each halves height and width'),
  kernel: z.int().min(1).default(3).describe('height and width of the kernels'),
})

type CnnConfig = z.output<typeof config>

/** One column of images to `logits` [batch, classes]. */
class Cnn extends Module<TensorMap, TensorMap> {
  readonly convolutions: nn.Conv2d[] = []
  readonly head: nn.Linear
  readonly input: string

  constructor({ input, channels, kernel }: CnnConfig, { columns }: ModelEnv) {
    super()
    const [image, labels] = [columns[input], columns['labels']]
    if (image?.shape.length !== 3 || labels?.limit === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `cnn reads images [height, width, channels] from '${input}' and class numbers from 'labels'; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'set `input` to a column of images, or use mlp',
      })
    }
    this.input = input
    let [height, width, inputs] = image.shape as [number, number, number]
    for (const outputs of channels) {
      this.convolutions.push(new nn.Conv2d(inputs, outputs, kernel, { stride: 2 }))
      ;[height, width, inputs] = [Math.ceil(height / 2), Math.ceil(width / 2), outputs]
    }
    this.head = new nn.Linear(height * width * inputs, labels.limit)
  }

  forward(inputs: TensorMap): TensorMap {
    let x = inputs[this.input] as tf.Tensor4D
    for (const convolution of this.convolutions) x = convolution.forward(x).relu()
    return { logits: this.head.forward(x.reshape([x.shape[0], -1])) }
  }
}

export default class CnnPlugin extends plugin({
  manifest: {
    name: 'cnn',
    version: '1.0.0',
    category: 'model',
    description: 'Convolutions with stride 2, then one linear layer, for classes of images',
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
