// A learning rate that climbs for some steps and then stays.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  warmup_steps: z.int().min(1).default(100).describe('steps until the full rate is reached'),
})

export default class WarmUp extends plugin({
  manifest: {
    name: 'warmup_schedule',
    version: '1.0.0',
    category: 'schedule',
    description: 'Climbs to the full learning rate along a line, then stays there',
    provides: ['schedule/warmup'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'schedule',
      'warmup',
      ({ warmup_steps: warmup }) => ({
        warmupSteps: warmup,
        factor: ({ step }) => Math.min(1, step / warmup),
      }),
      { config, description: 'warm-up, then the full rate' },
    )
  }
}
