/// <reference types="vite/types/importMeta.d.ts" />
// The texts of src/workspace/templates, with the names of a plugin to be in place of theirs.
import type { Template } from './catalog.ts'
import type { PluginKind } from './kinds.ts'
import { namesOf, pathOf, type PluginNames } from './names.ts'

const sources: Record<string, string> = import.meta.glob(
  ['../templates/plugins/*.ts', '../templates/tests/*.ts', '../templates/**/*.yaml'],
  { query: '?raw', import: 'default', eager: true },
)

const source = (path: string): string => sources[`../templates/${path}`]!

/** The template of a kind is a plugin named `my_<kind>`. */
const placeholdersOf = (kind: PluginKind): PluginNames => namesOf(`my_${kind}`)

export interface PluginTexts {
  readonly plugin: string
  readonly test: string
}

/** The plugin and its test, under the names given. */
export function pluginTexts(kind: PluginKind, names: PluginNames): PluginTexts {
  const { snake, kebab, pascal, title } = placeholdersOf(kind)
  const plugin = source(pathOf(kind, placeholdersOf(kind)))
  const test = source(`tests/${kebab}.test.ts`)
  const placeholders = new RegExp([snake, kebab, pascal, title].join('|'), 'g')
  // A class must not be named as something else in its file: the class of `module` would be Module.
  const others = `${plugin}${test}`.replaceAll(placeholders, '')
  const isTaken = new RegExp(`\\b${names.pascal}\\b`).test(others)
  const own: Record<string, string> = {
    [snake]: names.snake,
    [kebab]: names.kebab,
    [pascal]: isTaken ? `My${names.pascal}` : names.pascal,
    [title]: names.title,
  }
  const renamed = (text: string): string => text.replaceAll(placeholders, (found) => own[found]!)
  return { plugin: renamed(plugin), test: renamed(test) }
}

/** What the template of a kind does, in one sentence, as it says itself. */
export function sampleOf(kind: PluginKind): string {
  const text = source(pathOf(kind, placeholdersOf(kind)))
  const said = /^(?:\/\/|description:) (.+)$/m.exec(text)
  if (!said) throw new Error(`The template of ${kind} does not say what it does.`)
  return said[1]!
}

/** The project that an experiment of a template begins with. */
export const baseText = ({ base }: Pick<Template, 'base'>): string => source(`${base}.yaml`)
