// Sequential: all rows in their order, the same in each epoch.
import { plugin } from 'plugboard'

export default class Sequential extends plugin({
  manifest: {
    name: 'sequential',
    version: '1.0.0',
    category: 'sampler',
    description: 'All rows in their order, the same in each epoch',
    tags: ['time series'],
    provides: ['sampler/sequential'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'sampler',
      'sequential',
      () => ({ order: ({ length }) => Int32Array.from({ length }, (_, row) => row) }),
      { description: 'rows in order, without chance' },
    )
  }
}
