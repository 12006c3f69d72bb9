// Takes another branch in later steps, then another one every step.
import type * as tf from '@tensorflow/tfjs'
import { type HookArgs, plugin } from 'plugboard'
import { Small } from './small.ts'

let now = 0

class Model extends Small {
  override between(x: tf.Tensor) {
    if (now < 4) return x.tanh()
    if (now < 6) return x.relu().add(x)
    return now % 2 === 0 ? x.sigmoid() : x.tanh()
  }
}

export default class extends plugin({
  manifest: { name: 'branch', version: '1.0.0', category: 'model', provides: ['model/branch'] },
}) {
  initialize() {
    this.ctx.provide('model', 'branch', () => new Model())
  }
  onStepBegin({ step }: HookArgs<'onStepBegin'>) {
    now = step
  }
}
