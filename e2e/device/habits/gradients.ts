// Edits gradients in another way in later steps.
import { type HookArgs, plugin } from 'plugboard'
import { Small } from './small.ts'

export default class extends plugin({
  manifest: {
    name: 'gradients',
    version: '1.0.0',
    category: 'model',
    provides: ['model/gradients'],
  },
}) {
  limit = 0.2

  initialize() {
    this.ctx.provide('model', 'gradients', () => new Small())
  }
  onBackwardEnd({ step, gradients }: HookArgs<'onBackwardEnd'>) {
    if (step < 3) return undefined
    if (step === 6) return new Map([...gradients].filter(([path]) => !path.startsWith('first')))
    const edit = step < 5 ? 'half' : 'clip'
    return new Map(
      [...gradients].map(([path, it]) => [
        path,
        edit === 'half' ? it.mul(0.5) : it.clipByValue(-this.limit, this.limit),
      ]),
    )
  }
  onStepEnd({ step }: HookArgs<'onStepEnd'>) {
    if (step === 7) this.limit /= 2
  }
}
