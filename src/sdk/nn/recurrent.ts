// Recurrent layers: position after position, with the names, gates and initial values of PyTorch.
import * as tf from '@tensorflow/tfjs'
import type { LayerInput } from '../model-kinds.ts'
import { type ForwardContext, init, Module, parameter } from '../module.ts'
import { requireWidth } from './layers.ts'
import { takeMask } from './take-mask.ts'

/** What a recurrent layer carries from one position to the next, each [batch, hidden]. */
export interface RecurrentState {
  readonly hidden: tf.Tensor2D
  /** The memory of an LSTM. */
  readonly cell?: tf.Tensor2D
}

export interface RecurrentOptions {
  /** From the last position to the first, as the other half of a bidirectional layer. */
  reverse?: boolean
}

/**
 * A layer of [batch, time, inputs] to the state at each position, [batch, time, hidden]. Positions that the mask
 * leaves out (`ctx.mask` [batch, time], or a second input) change nothing: the state before them stays. Inputs of all
 * positions go through one product; what remains for each position is one product and some ten small kernels.
 * Weights are [inputs or hidden, gates × hidden], the transpose of PyTorch's, the gates in its order.
 */
abstract class Recurrent extends Module<LayerInput, tf.Tensor> {
  readonly weight_ih_l0: tf.Variable
  readonly weight_hh_l0: tf.Variable
  readonly bias_ih_l0: tf.Variable
  readonly bias_hh_l0: tf.Variable
  readonly hidden: number
  readonly reverse: boolean

  constructor(
    inputs: number,
    hidden: number,
    gates: number,
    { reverse = false }: RecurrentOptions,
  ) {
    super()
    const start = init.linear(hidden)
    this.weight_ih_l0 = parameter([inputs, gates * hidden], start)
    this.weight_hh_l0 = parameter([hidden, gates * hidden], start)
    this.bias_ih_l0 = parameter([gates * hidden], start)
    this.bias_hh_l0 = parameter([gates * hidden], start)
    this.hidden = hidden
    this.reverse = reverse
  }

  override get torchAxes() {
    return { weight_ih_l0: [1, 0], weight_hh_l0: [1, 0] }
  }

  forward(input: LayerInput, ctx: ForwardContext): tf.Tensor3D {
    const [x, { mask }] = takeMask(input, ctx)
    const [batch, time] = x.shape as [number, number, number]
    const projected = this.#project(x).reshape([batch, time, -1])
    const inputs = tf.unstack(projected, 1) as tf.Tensor2D[]
    const kept = mask && (tf.unstack(mask.toFloat().expandDims(2), 1) as tf.Tensor2D[])
    const positions = inputs.map((_, at) => (this.reverse ? time - 1 - at : at))
    const states: tf.Tensor2D[] = []
    let state: RecurrentState | undefined
    for (const at of positions) {
      const next = this.step(inputs[at]!, state)
      state = kept ? blend(state, next, kept[at]!) : next
      states[at] = state.hidden
    }
    return tf.stack(states, 1) as tf.Tensor3D
  }

  /** One position, [batch, inputs]: the cell of the layer. The first has no state before it. */
  next(x: tf.Tensor2D, state?: RecurrentState): RecurrentState {
    return this.step(this.#project(x), state)
  }

  /** From inputs times their weight, [batch, gates × hidden]. */
  protected abstract step(projected: tf.Tensor2D, state: RecurrentState | undefined): RecurrentState

  /** The state times its weight, [batch, gates × hidden]; undefined for the first position, where it is all zero. */
  protected recur(state: RecurrentState | undefined): tf.Tensor2D | undefined {
    return state && tf.matMul(state.hidden, this.weight_hh_l0)
  }

  /** What is added to the products of a position; the same for all of them. */
  protected get bias(): tf.Tensor {
    return this.bias_ih_l0.add(this.bias_hh_l0)
  }

  #project(x: tf.Tensor): tf.Tensor2D {
    const [inputs] = this.weight_ih_l0.shape as [number, number]
    requireWidth('a recurrent layer', x, inputs)
    const rows = x.reshape<tf.Tensor2D>([-1, inputs])
    return tf.matMul(rows, this.weight_ih_l0 as tf.Tensor2D).add(this.bias)
  }
}

/** The next state where `kept` [batch, 1] is 1, the one before (zero at the start) where it is 0. */
function blend(
  before: RecurrentState | undefined,
  next: RecurrentState,
  kept: tf.Tensor2D,
): RecurrentState {
  const mix = (old: tf.Tensor2D | undefined, made: tf.Tensor2D): tf.Tensor2D =>
    old ? old.add(made.sub(old).mul(kept)) : made.mul(kept)
  const hidden = mix(before?.hidden, next.hidden)
  return next.cell ? { hidden, cell: mix(before?.cell, next.cell) } : { hidden }
}

const plus = (a: tf.Tensor2D, b: tf.Tensor2D | undefined): tf.Tensor2D => (b ? a.add(b) : a)

/** h' = tanh(W x + U h + b) (Elman 1990). */
export class RNN extends Recurrent {
  constructor(inputs: number, hidden: number, options: RecurrentOptions = {}) {
    super(inputs, hidden, 1, options)
  }

  protected step(projected: tf.Tensor2D, state: RecurrentState | undefined): RecurrentState {
    return { hidden: plus(projected, this.recur(state)).tanh() }
  }
}

/** Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000); gates i, f, g, o. */
export class LSTM extends Recurrent {
  constructor(inputs: number, hidden: number, options: RecurrentOptions = {}) {
    super(inputs, hidden, 4, options)
  }

  protected step(projected: tf.Tensor2D, state: RecurrentState | undefined): RecurrentState {
    const sum = plus(projected, this.recur(state))
    const [input, forget, made, output] = tf.split(sum, 4, 1) as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ]
    const written = input.sigmoid().mul<tf.Tensor2D>(made.tanh())
    const cell = plus(written, state?.cell?.mul(forget.sigmoid()))
    return { cell, hidden: output.sigmoid().mul(cell.tanh()) }
  }
}

/**
 * Gated recurrent unit (Cho et al. 2014) as PyTorch has it, with the reset gate after the product; gates r, z, n:
 * h' = (1 - z) n + z h with n = tanh(W x + b + r (U h + c)).
 */
export class GRU extends Recurrent {
  constructor(inputs: number, hidden: number, options: RecurrentOptions = {}) {
    super(inputs, hidden, 3, options)
  }

  protected override get bias(): tf.Tensor {
    return this.bias_ih_l0
  }

  protected step(projected: tf.Tensor2D, state: RecurrentState | undefined): RecurrentState {
    const { hidden } = this
    const recurred = this.recur(state)?.add<tf.Tensor2D>(this.bias_hh_l0)
    const parts = (x: tf.Tensor): [tf.Tensor2D, tf.Tensor2D] =>
      tf.split(x, [2 * hidden, hidden], -1) as [tf.Tensor2D, tf.Tensor2D]
    const [gated, made] = parts(projected)
    const [gatedBefore, madeBefore] = parts(recurred ?? this.bias_hh_l0)
    const gates = tf.split(gated.add(gatedBefore).sigmoid(), 2, 1)
    const [reset, update] = gates as [tf.Tensor2D, tf.Tensor2D]
    const fresh = made.add<tf.Tensor2D>(reset.mul(madeBefore)).tanh()
    const stays = state ? state.hidden.sub(fresh) : fresh.neg()
    return { hidden: fresh.add(update.mul(stays)) }
  }
}
