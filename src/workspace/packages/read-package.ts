// A package of plugins read from an archive, a folder or a set of files. Nothing of it runs.
import { z } from '#sdk'
import type { FileContent, Files } from '../files.ts'
import { unpackArchive, withoutTop } from './archive.ts'
import { type PackageJson, packageJsonSchema } from './package-json.ts'

/** A package that could be installed. */
export interface PluginPackage {
  json: PackageJson
  /** All files that are installed, by path in the package; package.json and README.md among them. */
  files: Files
  /** Files whose default exports are plugins, by path in the package. */
  entries: readonly string[]
}

/** Compiled code: Plugboard compiles the sources itself. */
const IS_BUILT = /^dist\//

/** Reads an archive as npm packs it, or a zip of a package's folder. Throws an `Error` that names `what` and the reason. */
export async function readPackage(
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
): Promise<PluginPackage> {
  let files: Files
  try {
    files = withoutTop(await unpackArchive(bytes))
  } catch (thrown) {
    throw new Error(`${what} cannot be opened: ${(thrown as Error).message}.`, { cause: thrown })
  }
  return packageOf(files, what)
}

/** A package of files that are there already. Throws an `Error` that names `what` and what is missing. */
export function packageOf(all: Files, what: string): PluginPackage {
  const text = all.get('package.json')
  if (typeof text !== 'string') throw new Error(`${what} is no package: it has no package.json.`)
  const json = parse(text, what)
  const files = new Map<string, FileContent>([...all].filter(([path]) => !IS_BUILT.test(path)))
  const entries = json.plugboard.entries.map((entry) => entry.slice(2))
  const missing = entries.find((entry) => typeof files.get(entry) !== 'string')
  if (missing !== undefined) {
    throw new Error(`${what} names ${missing} as code of a plugin, which it does not have.`)
  }
  return { json, files, entries }
}

function parse(text: string, what: string): PackageJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    throw new Error(`package.json of ${what} is no JSON: ${(thrown as Error).message}.`, {
      cause: thrown,
    })
  }
  if (typeof value === 'object' && value !== null && !('plugboard' in value)) {
    throw new Error(
      `${what} brings no plugins: its package.json has no \`plugboard\` entry that names them.`,
    )
  }
  const parsed = packageJsonSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`package.json of ${what} cannot be used: ${z.prettifyError(parsed.error)}`)
}
