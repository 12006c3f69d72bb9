// What was built, as a file again: the text of a graph whose defaults are the settings that it was built with.
import { type Document, isMap, parseDocument, visit } from 'yaml'
import { graphYaml } from '#sdk'
import type { GraphFile } from './graph-file.ts'

type Config = Readonly<Record<string, unknown>>

const isAlike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const isDescribed = (entry: unknown): entry is { default?: unknown } =>
  typeof entry === 'object' && entry !== null && !Array.isArray(entry)

/** An entry of `config` with another default. One that has a default is not required. */
function withDefault(entry: unknown, value: unknown): unknown {
  if (!isDescribed(entry)) return value
  const { required: _, ...rest } = entry as Config
  return { ...rest, default: value }
}

/** The text as it was read, comments and all, with the defaults that differ from `config` changed. */
export function textWith({ text, value }: GraphFile, config: Config): string {
  const changed = Object.entries(config).filter(([name, given]) => {
    const entry = value.config[name]
    return !isAlike(isDescribed(entry) ? entry.default : entry, given)
  })
  if (changed.length === 0) return text
  const document = parseDocument(text, { schema: 'core' })
  // What an alias stands for has one value in all places.
  if (hasAliases(document)) {
    const entries = changed.map(([name, given]) => [name, withDefault(value.config[name], given)])
    return graphYaml({ ...value, config: { ...value.config, ...Object.fromEntries(entries) } })
  }
  for (const [name, given] of changed) {
    const entry: unknown = document.getIn(['config', name])
    if (isMap(entry)) entry.delete('required')
    const isPlain = typeof given !== 'object' || given === null
    document.setIn(
      isMap(entry) ? ['config', name, 'default'] : ['config', name],
      isPlain ? given : document.createNode(given, { flow: true }),
    )
  }
  return document.toString({ lineWidth: 0 })
}

function hasAliases(document: Document): boolean {
  let isFound = false
  visit(document, {
    Alias() {
      isFound = true
      return visit.BREAK
    },
  })
  return isFound
}
