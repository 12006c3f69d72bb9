// Computes with a tensor of its own that is replaced, and with one whose values change; sets a parameter by hand.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, plugin } from 'plugboard'
import { Small } from './small.ts'

const row = (values: number[]) => tf.keep(tf.tensor1d(values))

let shift = row([1, 2, 3, 4])
const scale = tf.variable(row([1, 1, 1, 2]), false)

class Model extends Small {
  override between(x: tf.Tensor) {
    return x.mul(scale).add(shift).tanh()
  }
}

export default class extends plugin({
  manifest: { name: 'tensor', version: '1.0.0', category: 'model', provides: ['model/tensor'] },
}) {
  #model: Model | undefined

  initialize() {
    this.ctx.provide('model', 'tensor', () => (this.#model = new Model()))
  }
  onStepBegin({ step }: HookArgs<'onStepBegin'>) {
    if (step === 4) {
      shift.dispose()
      shift = row([4, 3, 2, 1])
    }
    if (step === 8) shift = row([0.5])
    if (step > 4 && step < 8) scale.assign(tf.tensor1d([step, 1, 0, -1]))
    if (step === 7) this.#model!.first.bias!.assign(tf.tensor1d([1, 0, -1, 2]))
  }
}
