// What making a plugin from a template comes to: its files, and what becomes of the project file. Nothing is written.
import type { PluginInfo } from '#protocol'
import { type Files, MAX_FILES } from '../files.ts'
import { newPathProblem } from '../path.ts'
import { PROJECT_FILE } from '../project.ts'
import { templates } from './catalog.ts'
import type { PluginKind } from './kinds.ts'
import { nameProblem, namesOf, pathOf, type PluginNames } from './names.ts'
import { projectChange, type ProjectChange } from './project.ts'
import { pluginTexts } from './texts.ts'

export interface PluginRequest {
  readonly kind: PluginKind
  readonly name: string
  /** The workspace as it is. */
  readonly files: Files
  /** The plugins that are there, built-in ones among them. */
  readonly plugins: readonly Pick<PluginInfo, 'manifest' | 'origin' | 'file'>[]
  /**
   * Name it in the experiment, in place of what is there, or leave the experiment alone. Left out: it is named where
   * that takes the place of nothing and suits any experiment.
   */
  readonly isUsed?: boolean | undefined
}

export interface PluginPlan {
  readonly pluginPath: string
  readonly testPath: string
  /** Text of the new files, and of the project file when it changes, by path. */
  readonly files: ReadonlyMap<string, string>
  readonly project: ProjectChange
  /** What an experiment must have for it, in words. */
  readonly needs: string | undefined
}

const pathsOf = (kind: PluginKind, names: PluginNames) => ({
  pluginPath: pathOf(kind, names),
  testPath: `tests/${names.kebab}.test.ts`,
})

/** What its plugin provides: a model graph a model. */
const provided = (kind: PluginKind, { snake }: PluginNames): string =>
  `${kind === 'graph' ? 'model' : kind}/${snake}`

/** Says why a plugin cannot be made so; `undefined` when it can. */
export function planProblem({ kind, name, files, plugins }: PluginRequest): string | undefined {
  const problem = nameProblem(name)
  if (problem !== undefined) return problem
  const names = namesOf(name)
  const known = plugins.find(({ manifest }) => manifest.name.replaceAll('-', '_') === names.snake)
  if (known?.origin === 'builtin') {
    return `${names.snake} is a built-in plugin, and one of this name in plugins/ would stand in for it. Choose another name, or fork the built-in in the panel Plugins to change it.`
  }
  if (known) return `There is a plugin ${known.manifest.name} already, in ${known.file}.`
  const offer = provided(kind, names)
  const owner = plugins.find(({ manifest }) => manifest.provides.includes(offer))
  if (owner) {
    return `The ${offer.replace('/', ' ')} comes from the plugin ${owner.manifest.name}. Choose another name; only a plugin that provides it with { override: true } can take its place.`
  }
  const { pluginPath, testPath } = pathsOf(kind, names)
  if (new Set([...files.keys(), pluginPath, testPath, PROJECT_FILE]).size > MAX_FILES)
    return `A workspace holds at most ${MAX_FILES} files, and there is no room for those of a plugin.`
  return newPathProblem(pluginPath, files.keys()) ?? newPathProblem(testPath, files.keys())
}

/** Throws an `Error` with the `planProblem`, if there is one. */
export function planPlugin(request: PluginRequest): PluginPlan {
  const problem = planProblem(request)
  if (problem !== undefined) throw new Error(problem)
  const { kind, name, files, isUsed } = request
  const names = namesOf(name)
  const { pluginPath, testPath } = pathsOf(kind, names)
  const template = templates[kind]
  const text = files.get(PROJECT_FILE)
  const before = typeof text === 'string' ? text : undefined
  const project = projectChange(before, template, names.snake, isUsed)
  const { plugin, test } = pluginTexts(kind, names)
  const made = new Map([
    [pluginPath, plugin],
    [testPath, test],
  ])
  if (project.text !== undefined) made.set(PROJECT_FILE, project.text)
  return { pluginPath, testPath, files: made, project, needs: template.needs }
}
