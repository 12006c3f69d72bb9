// Computes with numbers that were captured in several ways, and that change between steps, or in every step.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, plugin } from 'plugboard'
import { Small } from './small.ts'

let factor = 1
const settings = new Map([['slope', 0.1]])
const shift = { by: [0.1, 0.2, 0.3, 0.4] }

class Model extends Small {
  power = 1

  override between(x: tf.Tensor) {
    const scaled = x.mul(factor).add(tf.scalar(this.power))
    const bent = tf.leakyRelu(scaled, settings.get('slope'))
    return bent.add(tf.tensor1d(shift.by)).sub(tf.fill([4], this.power))
  }
}

export default class extends plugin({
  manifest: { name: 'number', version: '1.0.0', category: 'model', provides: ['model/number'] },
}) {
  #model: Model | undefined

  initialize() {
    this.ctx.provide('model', 'number', () => (this.#model = new Model()))
  }
  onStepBegin({ step }: HookArgs<'onStepBegin'>) {
    if (step === 4) factor = 1.5
    if (step > 6) factor = step / 5
    if (step === 5) this.#model!.power = 0.25
    if (step === 8) settings.set('slope', 0.4)
    if (step === 9) shift.by[2] = -0.7
  }
}
