// A learning rate that falls by the same factor in every epoch or step.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  gamma: z.number().positive().max(1).default(0.95).describe('factor from one to the next'),
  by: z.enum(['epoch', 'step']).default('epoch').describe('when it is applied'),
})

export default class Exponential extends plugin({
  manifest: {
    name: 'exponential_schedule',
    version: '1.0.0',
    category: 'schedule',
    description: 'Multiplies the learning rate by the same factor in every epoch or step',
    provides: ['schedule/exponential'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'schedule',
      'exponential',
      ({ gamma, by }) => ({ factor: (at) => gamma ** (at[by] - 1) }),
      { config, description: 'falls by the same factor each time' },
    )
  }
}
