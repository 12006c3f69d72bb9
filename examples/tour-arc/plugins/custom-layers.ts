// Four layers of this workspace: GELU, SwiGLU, RMS norm and rotary positions, for models/reader.yaml.
import * as tf from '@tensorflow/tfjs'
import { constant, EngineError, init, Module, nn, parameter, plugin, z } from 'plugboard'

/** x Φ(x), with the normal distribution itself and not its tanh form (Hendrycks & Gimpel 2016). */
class GELU extends Module<tf.Tensor, tf.Tensor> {
  forward(x: tf.Tensor): tf.Tensor {
    const share = x.mul(nn.scalar(Math.SQRT1_2)).erf().add(nn.scalar(1)).mul(nn.scalar(0.5))
    return x.mul(share)
  }
}

/** W (silu(U x) ⊙ V x) over the last axis, whose size stays (Shazeer 2020, eq. 6). */
class SwiGLU extends Module<tf.Tensor, tf.Tensor> {
  readonly gate: nn.Linear
  readonly value: nn.Linear
  readonly out: nn.Linear

  constructor(width: number, hidden: number) {
    super()
    this.gate = new nn.Linear(width, hidden, { bias: false })
    this.value = new nn.Linear(width, hidden, { bias: false })
    this.out = new nn.Linear(hidden, width, { bias: false })
  }

  forward(x: tf.Tensor): tf.Tensor {
    const gate = this.gate.forward(x)
    return this.out.forward(gate.mul(gate.sigmoid()).mul(this.value.forward(x)))
  }
}

/** x / rms(x), scaled by a learned weight: layer norm without the mean (Zhang & Sennrich 2019). */
class RMSNorm extends Module<tf.Tensor, tf.Tensor> {
  readonly weight: tf.Variable
  readonly epsilon: number

  constructor(width: number, epsilon: number) {
    super()
    this.weight = parameter([width], init.ones())
    this.epsilon = epsilon
  }

  forward(x: tf.Tensor): tf.Tensor {
    const scale = x.square().mean(-1, true).add(nn.scalar(this.epsilon)).rsqrt()
    return x.mul(scale).mul(this.weight)
  }
}

/**
 * Turns each pair (i, i + width / 2) of the values at position t by the angle t base^(-2i / width) (Su et al. 2021).
 * [batch, time, width] stays what it is; it has no parameters.
 */
class RotaryEmbedding extends Module<tf.Tensor, tf.Tensor> {
  /** [time, width]: cosines, and sines with their sign. */
  readonly cos: tf.Tensor
  readonly sin: tf.Tensor

  constructor(time: number, width: number, base: number) {
    super()
    const half = width / 2
    const angle = (t: number, i: number) => t * base ** ((-2 * (i % half)) / width)
    const table = (value: (t: number, i: number) => number) =>
      Float32Array.from({ length: time * width }, (_, at) => {
        return value(Math.floor(at / width), at % width)
      })
    this.cos = constant(
      [time, width],
      table((t, i) => Math.cos(angle(t, i))),
    )
    this.sin = constant(
      [time, width],
      table((t, i) => (i < half ? -1 : 1) * Math.sin(angle(t, i))),
    )
  }

  forward(x: tf.Tensor): tf.Tensor {
    const [first, second] = tf.split(x, 2, -1)
    return x.mul(this.cos).add(tf.concat([second!, first!], -1).mul(this.sin))
  }
}

const width = ([...shape]: readonly number[]): number => shape.at(-1)!

export default class CustomLayers extends plugin({
  manifest: {
    name: 'custom_layers',
    version: '1.0.0',
    category: 'layer',
    description: 'GELU, SwiGLU, RMS norm and rotary positions',
    tags: ['activation', 'normalization', 'transformer'],
    provides: [
      'layer/custom.GELU',
      'layer/custom.SwiGLU',
      'layer/custom.RMSNorm',
      'layer/custom.RotaryEmbedding',
    ],
  },
}) {
  // Names begin with a namespace of their own; an alias is a shorter way to the same layer.
  initialize() {
    this.ctx.provide('layer', 'custom.GELU', () => new GELU(), {
      aliases: ['GELU'],
      description: 'GELU with the normal distribution itself',
    })
    this.ctx.provide(
      'layer',
      'custom.SwiGLU',
      ({ hidden }, { shape }) => new SwiGLU(width(shape), hidden),
      {
        aliases: ['SwiGLU'],
        config: z.strictObject({
          hidden: z.int().min(1).describe('units between gate and output'),
        }),
        description: 'a gated network at each position',
      },
    )
    this.ctx.provide(
      'layer',
      'custom.RMSNorm',
      ({ epsilon }, { shape }) => new RMSNorm(width(shape), epsilon),
      {
        aliases: ['RMSNorm'],
        config: z.strictObject({
          epsilon: z.number().positive().default(1e-6).describe('added to the mean square'),
        }),
        description: 'mean square 1 along the last axis, then scaled',
      },
    )
    this.ctx.provide(
      'layer',
      'custom.RotaryEmbedding',
      ({ base }, { shape }) => {
        const [time, size] = shape
        if (shape.length === 2 && size! % 2 === 0) return new RotaryEmbedding(time!, size!, base)
        // The engine adds the node, its line and where its input comes from.
        throw new EngineError({
          code: 'model.forward',
          message: `rotary positions take [time, width] with an even width, not [${shape.join(', ')}]`,
          hint: 'give it rows of vectors, as a linear layer before it makes them',
        })
      },
      {
        aliases: ['RotaryEmbedding'],
        config: z.strictObject({
          base: z
            .number()
            .gt(1)
            .default(10_000)
            .describe('the slowest pair turns once in 2π of it'),
        }),
        description: 'tells positions apart by turning pairs of values',
      },
    )
  }
}
