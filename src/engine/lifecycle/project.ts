// A project as opened: its config, the plugins found, how they stand on each other, all problems.
import type { Project } from '#protocol'
import type { EngineError, PluginClass } from '#sdk'
import { type Locate, parseProject, type ProjectConfig, projectSchema } from '../config/index.ts'
import { isTestPath, type ModuleGraph } from '../modules/index.ts'
import { type Definition, discover } from './definition.ts'
import { resolve, type Resolution } from './resolution.ts'

export interface OpenProject {
  readonly config: ProjectConfig
  readonly locate: Locate
  readonly definitions: ReadonlyMap<string, Definition>
  readonly resolution: Resolution
  /** Versions of the files that plugins may read, by path. */
  readonly assets: ReadonlyMap<string, string>
  /** Of files, manifests, config and requirements. */
  readonly problems: readonly EngineError[]
}

const nothing: Resolution = {
  order: [],
  requirements: new Map(),
  dependencies: new Map(),
  problems: new Map(),
}

/** Reads a project. Runs no plugin code and changes nothing. */
export function readProject(
  project: Project,
  builtins: readonly PluginClass[],
  modules: ModuleGraph,
): OpenProject {
  const plan = modules.plan(project.modules)
  const { config, problems: ofConfig, locate } = parseProject(project.config)
  const settings = config ?? projectSchema.parse({})
  const { definitions, problems: ofPlugins } = discover(
    builtins,
    modules,
    plan,
    project.manifests,
    settings,
    locate,
  )
  // Without a valid project file nothing is known to be wanted.
  const resolution = config ? resolve(definitions, config) : nothing
  const found = [...resolution.problems.values()].flat().map(({ error }) => error)
  // All members of a circle or a conflict carry the same problem; it is told once.
  const once = new Map(found.map((error) => [error.message, error]))
  // What is wrong with tests is told when they run; a project runs without them.
  const ofFiles = plan.problems.filter(({ source }) => !isTestPath(source?.file ?? ''))
  const problems = [...ofFiles, ...ofConfig, ...ofPlugins, ...once.values()]
  const assets = new Map(project.assets.map(({ path, version }) => [path, version]))
  return { config: settings, locate, definitions, resolution, assets, problems }
}
