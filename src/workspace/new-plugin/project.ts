// What becomes of plugboard.yaml when a plugin is made: a new one, a line more, or nothing where something is in the way.
import { nested, readConfig, setValue, valueAt } from '../yaml/index.ts'
import type { Edit, Template } from './catalog.ts'
import { baseText } from './texts.ts'

export interface ProjectChange {
  /** The whole text; `undefined` when the file stays as it is. */
  readonly text: string | undefined
  /** Lines that name the plugin. */
  readonly lines: string
  /** Whether somebody has to write `lines` before the plugin takes part. */
  readonly isLeft: boolean
  /** What the plugin takes, or would take, the place of. */
  readonly replaces: string | undefined
}

function withEdit(text: string, { path, value, isItem }: Edit): string {
  if (!isItem) return setValue(text, path, value)
  const list = valueAt(readConfig(text).value, path)
  return setValue(text, [...path, Array.isArray(list) ? list.length : 0], value)
}

/** The edit as lines that one could write. */
const linesOf = ({ path, value, isItem }: Edit): string =>
  nested(path, isItem ? [value] : value, '')

/** A project that trains with the plugin in it. */
function newProject(template: Template, name: string): string {
  const edits = [template.edit(name), template.also?.(name)]
  return edits.reduce((text, edit) => (edit ? withEdit(text, edit) : text), baseText(template))
}

/** `text`, which says `project`, with the plugin in its experiment: that of the template, where it has none. */
function withPlugin(text: string, project: unknown, template: Template, name: string): string {
  const edit = template.edit(name)
  if (valueAt(project, ['experiment']) !== undefined) return withEdit(text, reached(edit, project))
  const begun = withExperiment(text, newProject(template, name))
  // The experiment of the template has the plugin in it already.
  return valueAt(readConfig(begun).value, edit.path) === undefined ? withEdit(begun, edit) : begun
}

/** The experiment of `own` in front of what `text` says. */
function withExperiment(text: string, own: string): string {
  const [section] = /^experiment:\n(?: .*\n)+/m.exec(own)!
  const joined = `${section}\n${text}`
  const { experiment } = readConfig(own).value
  return readConfig(joined).problem ? setValue(text, ['experiment'], experiment) : joined
}

/** An edit inside of the config of a component that is named without one: `model: gpt`. */
function reached(edit: Edit, project: unknown): Edit {
  const config = edit.path.indexOf('config')
  const at = edit.path.slice(0, Math.max(0, config))
  const component = valueAt(project, at)
  if (typeof component !== 'string') return edit
  const keys = edit.path.slice(config + 1)
  const inside = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), edit.value)
  return { path: at, value: { name: component, config: inside } }
}

/** The name of a component; of anything else, how it would be written. */
function inWords(value: unknown): string {
  const name = typeof value === 'object' ? valueAt(value, ['name']) : value
  return typeof name === 'string' ? name : JSON.stringify(value)
}

/** `isUsed` as in `PluginRequest`; `text` is the project file, `undefined` when there is none. */
export function projectChange(
  text: string | undefined,
  template: Template,
  name: string,
  isUsed: boolean | undefined,
): ProjectChange {
  const edit = template.edit(name)
  const { value: project, problem } = readConfig(text ?? '')
  const there = edit.isItem ? undefined : valueAt(project, edit.path)
  const experiment = valueAt(project, ['experiment'])
  const { needs, fits = () => needs === undefined } = template
  const isWanted =
    isUsed ?? (there === undefined && (experiment === undefined || fits(Object(experiment))))

  let changed: string | undefined
  if (text === undefined) changed = newProject(template, name)
  else if (!problem && isWanted) changed = attempt(() => withPlugin(text, project, template, name))
  return {
    text: changed,
    lines: linesOf(edit),
    isLeft: changed === undefined && edit.path[0] !== 'plugins',
    replaces: there === undefined ? undefined : inWords(there),
  }
}

/** Nothing where something that is no map stands in the way: the engine tells that at its line. */
function attempt(change: () => string): string | undefined {
  try {
    return change()
  } catch {
    return undefined
  }
}
