// Plugin classes whose manifest is not in their code but in a plugin.yaml beside it.
import type { TextFile } from '#protocol'
import { EngineError, type PluginClass, pluginSpec } from '#sdk'
import { parsePluginFile, type PluginFile, saidTwice } from '../config/index.ts'
import { joined } from '../joined.ts'
import type { ModuleGraph, ModulePlan } from '../modules/index.ts'

const PLUGIN = Symbol.for('plugboard.plugin')

/** The workspace that tests are in. */
export interface TestedWorkspace {
  readonly modules: ModuleGraph
  readonly plan: ModulePlan
  readonly manifests: readonly TextFile[]
}

/**
 * The class with manifest and config as its plugin.yaml has them; itself where they are in the code. Throws
 * `plugin.export` when they are nowhere.
 */
export async function described(
  plugin: PluginClass,
  workspace: TestedWorkspace | undefined,
): Promise<PluginClass> {
  const spec = pluginSpec(plugin)
  if (spec?.manifest) return plugin
  const file = spec && workspace && (await fileOf(plugin, workspace))
  if (!file) {
    throw new EngineError({
      code: 'plugin.export',
      message: `${String(plugin).slice(0, 60)} is no plugin class with a manifest`,
      hint: 'give what the plugin file exports by default',
    })
  }
  const { manifest, schema, locate } = file
  if (spec.config && schema) throw saidTwice('config', file, locate(['configuration']))
  return class extends plugin {
    static readonly [PLUGIN] = { ...spec, manifest, ...(schema && { config: schema }) }
  }
}

/** The plugin.yaml whose entry is the module of the class. Throws what is wrong with one that may be it. */
async function fileOf(
  plugin: PluginClass,
  { modules, plan, manifests }: TestedWorkspace,
): Promise<PluginFile | undefined> {
  const problems: EngineError[] = []
  for (const { path, text } of manifests.filter((each) => each.path.endsWith('.yaml'))) {
    const { file, problems: found } = parsePluginFile(path, text)
    problems.push(...found)
    const entry = file && plan.resolve(path, file.entry)
    // Whose module is not evaluated has no class that could be given.
    if (entry === undefined || !modules.isEvaluated(plan, entry)) continue
    if ((await modules.load(plan, entry))['default'] === plugin) return file
  }
  if (problems.length > 0) throw joined(problems)
  return undefined
}
