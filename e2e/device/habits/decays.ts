// Computes with small parameters by hand after each step: tfjs does that on the CPU where their values are at hand.
import { type HookArgs, plugin } from 'plugboard'
import { Small } from './small.ts'

export default class extends plugin({
  manifest: { name: 'decays', version: '1.0.0', category: 'model', provides: ['model/decays'] },
}) {
  #model: Small | undefined

  initialize() {
    this.ctx.provide('model', 'decays', () => (this.#model = new Small()))
  }
  onStepEnd({ step }: HookArgs<'onStepEnd'>) {
    for (const { bias } of [this.#model!.first, this.#model!.last])
      bias!.assign(bias!.mul(step % 2 === 0 ? 0.9 : 1.1))
  }
}
