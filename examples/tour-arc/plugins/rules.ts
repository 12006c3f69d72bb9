// Rules for models and settings: a validator by name, and hooks before and after a model is built.
import {
  type Finding,
  type HookArgs,
  type HookWrapper,
  modulesOf,
  parameterCount,
  plugin,
  z,
} from 'plugboard'

const rule = z.strictObject({
  most: z.int().min(1).default(20_000).describe('most parameters of one node'),
})

export default class Rules extends plugin({
  manifest: {
    name: 'rules',
    version: '1.0.0',
    category: 'validator',
    description: 'Looks at models and settings before anything trains',
    provides: ['validator/custom.node_size'],
  },
}) {
  initialize() {
    // Named under `validators` in plugboard.yaml. Nodes are fields of the model, by the names in its file.
    this.ctx.provide(
      'validator',
      'custom.node_size',
      ({ most }) => ({
        check: ({ model }): Finding[] =>
          [...modulesOf(model)]
            .filter(([path, module]) => path !== '' && parameterCount(module) > most)
            .map(([path, module]) => ({
              severity: 'error',
              message: `node \`${path}\` has ${parameterCount(module)} parameters, more than ${most}`,
              hint: 'make `width` or `hidden` smaller',
              module: path,
            })),
      }),
      { config: rule, description: 'a limit on the parameters of each node' },
    )
    this.ctx.around('onModelBuild', this.#timed)
  }

  /** Runs before and after the model is built. */
  readonly #timed: HookWrapper<'onModelBuild'> = ({ experiment }, next) => {
    const name = typeof experiment.model === 'string' ? experiment.model : experiment.model.name
    this.ctx.log.info(`building ${name}`)
    const model = next()
    this.ctx.log.info(`built ${name}: ${parameterCount(model)} parameters`)
    return model
  }

  /** Judges the settings of any layer, also of those of other plugins. */
  onConfigCheck({ kind, name, config }: HookArgs<'onConfigCheck'>): Finding[] {
    const { hidden } = config as { hidden?: unknown }
    if (kind !== 'layer' || typeof hidden !== 'number' || hidden % 8 === 0) return []
    const message = `${hidden} units of ${name} are no multiple of 8, which devices like best`
    return [{ severity: 'warning', message }]
  }
}
