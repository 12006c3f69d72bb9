// package.json of a package of plugins: what npm reads, and what Plugboard reads under `plugboard`.
import { z } from '#sdk'

/** Names that npm takes: lower-case, with a scope or without. */
export const PACKAGE_NAME = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/
const VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/
/** A file of the package, never above it. */
const ENTRY = /^\.\/(?!(?:.*\/)?\.\.\/)[\w./-]+\.ts$/

const text = z.string().max(2000)
const entry = z.string().max(200).regex(ENTRY, 'an entry is a file of the package: `./index.ts`')
const ranges = z.record(text, text)

const person = z.union([text, z.looseObject({ name: text }).transform(({ name }) => name)])

/** What a package says of a plugin in it; its code says it again, and that counts. */
const pluginFacts = z.object({
  name: text,
  version: text.default(''),
  description: text.default(''),
  category: text.default('other'),
  requires: ranges.default({}),
})

/** The short forms: `"./index.ts"`, or a list of such. */
function asObject(value: unknown): unknown {
  if (typeof value === 'string') return { entries: [value] }
  if (Array.isArray(value)) return { entries: value as unknown[] }
  if (typeof value !== 'object' || value === null) return value
  const { entries } = value as { entries?: unknown }
  return typeof entries === 'string' ? { ...value, entries: [entries] } : value
}

export const packageJsonSchema = z.looseObject({
  name: z.string().max(214).regex(PACKAGE_NAME, 'a name is lower-case: `plugboard-early-stopping`'),
  version: z.string().max(100).regex(VERSION, 'a version has the form 1.2.3'),
  description: text.default(''),
  license: text.optional().catch(undefined),
  author: person.optional().catch(undefined),
  homepage: text.optional().catch(undefined),
  keywords: z.array(text).max(100).default([]).catch([]),
  peerDependencies: ranges.default({}),
  plugboard: z.preprocess(
    asObject,
    z.looseObject({
      entries: z.array(entry).min(1).max(50),
      plugins: z.array(pluginFacts).max(100).default([]),
    }),
  ),
})
export type PackageJson = z.output<typeof packageJsonSchema>

/** Folder of a package under packages/. Scopes are written as DefinitelyTyped has them: `@acme/x` → `acme__x`. */
export const folderOf = (name: string): string =>
  `packages/${name.replace(/^@/, '').replace('/', '__')}`

/** Says what is wrong with a name for npm; `undefined` for a good one. */
export function nameProblem(name: string): string | undefined {
  if (name.length > 214) return `The name has ${name.length} characters; npm takes 214.`
  return PACKAGE_NAME.test(name)
    ? undefined
    : 'A package name has lower-case letters, digits, "-", "_" and ".", and may have a scope: @you/name.'
}
