// Trains each epoch on some of the rows, drawn anew.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  share: z.number().positive().max(1).default(0.5).describe('of the rows, in each epoch'),
})

export default class MySampler extends plugin({
  manifest: {
    name: 'my_sampler',
    version: '1.0.0',
    category: 'sampler',
    description: 'Trains each epoch on a share of the rows, drawn anew',
    provides: ['sampler/my_sampler'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'sampler',
      'my_sampler',
      ({ share }) => ({
        // Row numbers in the order of training. `random` is that of the run's seed and the epoch.
        order({ length }, { random }) {
          const count = Math.max(1, Math.round(share * length))
          return random.permutation(length).subarray(0, count)
        },
      }),
      { config, description: 'a share of the rows' },
    )
  }
}
