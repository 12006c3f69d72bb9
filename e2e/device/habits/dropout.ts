// Drops another share of values in later steps.
import type * as tf from '@tensorflow/tfjs'
import { type ForwardContext, type HookArgs, nn, plugin } from 'plugboard'
import { Small } from './small.ts'

class Model extends Small {
  drop = new nn.Dropout(0.2)

  override between(x: tf.Tensor, ctx: ForwardContext) {
    return this.drop.forward(x.tanh(), ctx)
  }
}

export default class extends plugin({
  manifest: { name: 'dropout', version: '1.0.0', category: 'model', provides: ['model/dropout'] },
}) {
  #model: Model | undefined

  initialize() {
    this.ctx.provide('model', 'dropout', () => (this.#model = new Model()))
  }
  onStepBegin({ step }: HookArgs<'onStepBegin'>) {
    const rate = { 4: 0.5, 6: 0, 8: 0.2 }[step]
    if (rate !== undefined) Object.assign(this.#model!.drop, { rate })
  }
}
