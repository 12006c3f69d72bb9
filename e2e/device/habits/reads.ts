// Reads values inside of the step, and branches on those of steps before.
import type * as tf from '@tensorflow/tfjs'
import { type HookArgs, plugin } from 'plugboard'
import { Small } from './small.ts'

/** By step. */
const sums = new Map<number, Promise<Float32Array>>()
const norms = new Map<number, Promise<Float32Array>>()
let now = 0
let last = 0

class Model extends Small {
  override between(x: tf.Tensor) {
    const y = last > 0.1 ? x.tanh().mul(1 + last) : x.sigmoid().sub(last)
    sums.set(now, y.sum().data<'float32'>())
    return y
  }
}

export default class extends plugin({
  manifest: { name: 'reads', version: '1.0.0', category: 'model', provides: ['model/reads'] },
}) {
  initialize() {
    this.ctx.provide('model', 'reads', () => new Model())
  }
  onStepBegin({ step }: HookArgs<'onStepBegin'>) {
    now = step
  }
  async onMetrics({ step }: HookArgs<'onMetrics'>) {
    const [sum] = (await sums.get(step))!
    const [norm] = (await norms.get(step))!
    last = Math.sin(sum! + norm!)
  }
  onBackwardEnd({ gradients }: HookArgs<'onBackwardEnd'>) {
    norms.set(now, gradients.get('last.bias')!.abs().max().data<'float32'>())
    return new Map([...gradients].map(([path, it]) => [path, it.mul(0.9)]))
  }
}
