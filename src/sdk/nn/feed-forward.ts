// Networks that work on each position alone, the second half of a transformer block.
import type * as tf from '@tensorflow/tfjs'
import { type ForwardContext, type Initializer, Module } from '../module.ts'
import { gelu } from './functions.ts'
import { swiglu } from './gates.ts'
import { Dropout, Linear } from './layers.ts'

export interface FeedForwardOptions {
  width: number
  /** Width of the hidden layer; 4 × width unless set. */
  hidden?: number
  dropout?: number
  weight?: Initializer
}

/** A two-layer network with GELU at each position: [batch, time, width] in and out. */
export class FeedForward extends Module<tf.Tensor3D, tf.Tensor3D> {
  readonly up: Linear
  readonly down: Linear
  readonly drop: Dropout

  constructor({ width, hidden = 4 * width, dropout = 0, weight }: FeedForwardOptions) {
    super()
    const options = weight ? { weight } : {}
    this.up = new Linear(width, hidden, options)
    this.down = new Linear(hidden, width, options)
    this.drop = new Dropout(dropout)
  }

  forward(x: tf.Tensor3D, ctx: ForwardContext): tf.Tensor3D {
    return this.drop.forward(this.down.forward(gelu(this.up.forward(x))), ctx) as tf.Tensor3D
  }
}

/**
 * A gated network at each position, down(silu(gate(x)) up(x)): [batch, time, width] in and out (Shazeer 2020, "GLU
 * Variants Improve Transformer", eq. 6, with names as in Llama: gate_proj, up_proj and down_proj).
 */
export class SwiGLU extends Module<tf.Tensor3D, tf.Tensor3D> {
  readonly gate_proj: Linear
  readonly up_proj: Linear
  readonly down_proj: Linear
  readonly drop: Dropout

  /** `hidden` is two thirds of 4 × width unless set: as many parameters as `FeedForward` has. */
  constructor(options: FeedForwardOptions) {
    super()
    const { width, hidden = Math.ceil((8 * width) / 3), dropout = 0, weight } = options
    const linear = weight ? { bias: false, weight } : { bias: false }
    this.gate_proj = new Linear(width, hidden, linear)
    this.up_proj = new Linear(width, hidden, linear)
    this.down_proj = new Linear(hidden, width, linear)
    this.drop = new Dropout(dropout)
  }

  forward(x: tf.Tensor3D, ctx: ForwardContext): tf.Tensor3D {
    const inner = swiglu(this.gate_proj.forward(x), this.up_proj.forward(x))
    return this.drop.forward(this.down_proj.forward(inner), ctx) as tf.Tensor3D
  }
}
