// The same learning rate from first to last step.
import { plugin } from 'plugboard'

export default class Constant extends plugin({
  manifest: {
    name: 'constant',
    version: '1.0.0',
    category: 'schedule',
    description: 'Leaves the learning rate as it is',
    provides: ['schedule', 'schedule/constant'],
  },
}) {
  initialize() {
    this.ctx.provide('schedule', 'constant', () => ({ factor: () => 1 }), {
      default: true,
      description: 'the same rate throughout',
    })
  }
}
