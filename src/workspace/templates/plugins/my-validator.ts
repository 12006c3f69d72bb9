// A rule for models: no more parameters than one wants to wait for.
import { type Finding, plugin, z } from 'plugboard'

const config = z.strictObject({
  limit: z.int().min(1).default(20_000).describe('most parameters that are fine'),
})

export default class MyValidator extends plugin({
  manifest: {
    name: 'my_validator',
    version: '1.0.0',
    category: 'validator',
    description: 'Warns of models with too many parameters',
    provides: ['validator/my_validator'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'validator',
      'my_validator',
      ({ limit }) => ({
        check({ parameters }): Finding[] {
          const count = [...parameters.values()].reduce((sum, { size }) => sum + size, 0)
          if (count <= limit) return []
          // A warning goes to the console; an `error` would keep the run from starting.
          return [
            {
              severity: 'warning',
              message: `the model has ${count} parameters, more than ${limit}`,
            },
          ]
        },
      }),
      { config, description: 'a limit on the number of parameters' },
    )
  }
}
