// The keys of an experiment that configure built-in callbacks, as settings of those plugins.
import { EngineError } from '#sdk'
import type { ProjectConfig } from './project.ts'
import type { Locate } from './yaml.ts'

/** Settings by plugin; in `training` each stands behind the prefix. */
const CALLBACKS = {
  early_stopping: { prefix: 'early_stopping_', keys: ['patience', 'monitor', 'mode'] },
  checkpointing: {
    prefix: 'checkpoint_',
    keys: ['every_steps', 'every_epochs', 'monitor', 'mode', 'keep'],
  },
} as const

/** A project in which such keys are settings of their plugins, which take part; a setting given twice is a problem. */
export function withCallbackKeys(
  config: ProjectConfig,
  locate: Locate,
): { config: ProjectConfig; problems: EngineError[] } {
  const training: Record<string, unknown> = config.experiment?.training ?? {}
  const use = { ...config.plugins.use }
  const problems: EngineError[] = []
  for (const [plugin, { prefix, keys }] of Object.entries(CALLBACKS)) {
    const given = keys.filter((key) => training[prefix + key] !== undefined)
    if (given.length === 0) continue
    const used = use[plugin] ?? { enabled: true, config: {} }
    for (const key of given) {
      if (!Object.hasOwn(used.config, key)) continue
      const error = new EngineError({
        code: 'config.invalid',
        message: `\`experiment.training.${prefix}${key}\` is set, and so is \`plugins.use.${plugin}.config.${key}\``,
        source: locate(['experiment', 'training', prefix + key]),
        hint: 'keep one of the two',
      })
      problems.push(error)
    }
    const settings = Object.fromEntries(given.map((key) => [key, training[prefix + key]]))
    use[plugin] = { ...used, config: { ...used.config, ...settings } }
  }
  return { config: { ...config, plugins: { ...config.plugins, use } }, problems }
}
