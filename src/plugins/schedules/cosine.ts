// A learning rate that climbs for some steps and then falls along half a cosine.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  warmup_steps: z.int().min(0).default(0).describe('steps until the full rate is reached'),
  final: z.number().min(0).max(1).default(0).describe('share of the rate left at the end'),
})

export default class Cosine extends plugin({
  manifest: {
    name: 'cosine',
    version: '1.0.0',
    category: 'schedule',
    description: 'Linear warm-up, then half a cosine down (Loshchilov & Hutter 2017, eq. 5)',
    provides: ['schedule/cosine'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'schedule',
      'cosine',
      ({ warmup_steps: warmup, final }) => ({
        warmupSteps: warmup,
        factor({ step, totalSteps }) {
          if (step <= warmup) return step / warmup
          const done = (step - 1 - warmup) / Math.max(1, totalSteps - warmup)
          return final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)))
        },
      }),
      { config, description: 'warm-up, then half a cosine' },
    )
  }
}
