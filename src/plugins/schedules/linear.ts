// A learning rate that climbs for some steps and then falls along a line.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  warmup_steps: z.int().min(0).default(0).describe('steps until the full rate is reached'),
  final: z.number().min(0).max(1).default(0).describe('share of the rate left at the end'),
})

export default class LinearSchedule extends plugin({
  manifest: {
    name: 'linear_schedule',
    version: '1.0.0',
    category: 'schedule',
    description: 'Linear warm-up, then a line down to the end of the run',
    provides: ['schedule/linear'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'schedule',
      'linear',
      ({ warmup_steps: warmup, final }) => ({
        warmupSteps: warmup,
        factor({ step, totalSteps }) {
          if (step <= warmup) return step / warmup
          const done = (step - 1 - warmup) / Math.max(1, totalSteps - warmup)
          return 1 + (final - 1) * Math.min(1, done)
        },
      }),
      { config, description: 'warm-up, then down along a line' },
    )
  }
}
