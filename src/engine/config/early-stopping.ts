// The keys of an experiment that configure the callback early_stopping, as settings of that plugin.
import { EngineError } from '#sdk'
import type { ProjectConfig } from './project.ts'
import type { Locate } from './yaml.ts'

const PLUGIN = 'early_stopping'
const KEYS = ['patience', 'monitor', 'mode'] as const

/** A project in which `training.early_stopping_…` are settings of the plugin; a setting given twice is a problem. */
export function withEarlyStopping(
  config: ProjectConfig,
  locate: Locate,
): { config: ProjectConfig; problems: EngineError[] } {
  const { experiment, plugins } = config
  const given = KEYS.flatMap((key) => {
    const value = experiment?.training[`early_stopping_${key}`]
    return value === undefined ? [] : [[key, value] as const]
  })
  if (given.length === 0) return { config, problems: [] }
  const used = plugins.use[PLUGIN] ?? { enabled: true, config: {} }
  const problems = given
    .filter(([key]) => Object.hasOwn(used.config, key))
    .map(
      ([key]) =>
        new EngineError({
          code: 'config.invalid',
          message: `\`experiment.training.early_stopping_${key}\` is set, and so is \`plugins.use.${PLUGIN}.config.${key}\``,
          source: locate(['experiment', 'training', `early_stopping_${key}`]),
          hint: 'keep one of the two',
        }),
    )
  const settings = { ...used, config: { ...used.config, ...Object.fromEntries(given) } }
  const use = { ...plugins.use, [PLUGIN]: settings }
  return { config: { ...config, plugins: { ...plugins, use } }, problems }
}
