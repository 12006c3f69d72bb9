// A learning rate that falls by a factor every so many epochs or steps.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  step_size: z.int().min(1).default(10).describe('epochs or steps between two falls'),
  gamma: z.number().positive().default(0.1).describe('factor of each fall'),
  by: z.enum(['epoch', 'step']).default('epoch').describe('what `step_size` counts'),
})

export default class Step extends plugin({
  manifest: {
    name: 'step_schedule',
    version: '1.0.0',
    category: 'schedule',
    description: 'Multiplies the learning rate by a factor every so many epochs or steps',
    provides: ['schedule/step'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'schedule',
      'step',
      ({ step_size, gamma, by }) => ({
        factor: (at) => gamma ** Math.floor((at[by] - 1) / step_size),
      }),
      { config, description: 'falls in stairs' },
    )
  }
}
