// A learning rate that falls to 0 along a power of the steps that are left.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  power: z.number().positive().default(1).describe('1 falls evenly, more falls faster at first'),
})

export default class MySchedule extends plugin({
  manifest: {
    name: 'my_schedule',
    version: '1.0.0',
    category: 'schedule',
    description: 'Lets the learning rate fall to 0 along a power',
    provides: ['schedule/my_schedule'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'schedule',
      'my_schedule',
      ({ power }) => ({
        // Factor on the learning rate of the step to come; steps count from 1.
        factor: ({ step, totalSteps }) => Math.max(0, 1 - (step - 1) / totalSteps) ** power,
      }),
      { config, description: 'polynomial decay' },
    )
  }
}
