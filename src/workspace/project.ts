// The workspace's files as the engine takes them.
import type { CompiledModule, Project } from '#protocol'
import { isSource } from './compile.ts'
import { type FileContent, type Files, MAX_TEXT_LENGTH } from './files.ts'
import { crc32 } from './link/crc32.ts'

export const PROJECT_FILE = 'plugboard.yaml'
/** Paths that a workspace has no say in: the device loads its own binary by such a one. */
const RESERVED = 'wasm/'
/** Files that tell of plugins, or are ones: model graphs. */
const IS_MANIFEST = /(?:^|\/)plugin\.yaml$|^packages\/[^/]+\/package\.json$|^models\/[^/]+\.yaml$/

const isAsset = (path: string): boolean => !path.startsWith(RESERVED)

const known = new WeakMap<Uint8Array, string>()

/** Tells contents apart. Bytes, which are never changed in place, are gone through once. */
function versionOf(content: FileContent): string {
  if (typeof content === 'string') return crc32(new TextEncoder().encode(content)).toString(36)
  const version = known.get(content) ?? `${content.length}-${crc32(content).toString(36)}`
  known.set(content, version)
  return version
}

/** The project of a workspace; a missing project file reads as an empty one. */
export function projectOf(files: Files, modules: CompiledModule[]): Project {
  const config = files.get(PROJECT_FILE)
  return {
    config: typeof config === 'string' ? config : '',
    modules,
    manifests: [...files].flatMap(([path, text]) =>
      typeof text === 'string' && IS_MANIFEST.test(path) ? { path, text } : [],
    ),
    assets: [...files].flatMap(([path, content]) =>
      isAsset(path) ? { path, version: versionOf(content) } : [],
    ),
  }
}

/** Says which file would be passed over in silence, because it should be text and is none. */
export function textProblem(files: Files): string | undefined {
  const isText = (path: string): boolean =>
    path === PROJECT_FILE || IS_MANIFEST.test(path) || (isSource(path) && !path.startsWith('data/'))
  const found = [...files].find(([path, content]) => typeof content !== 'string' && isText(path))
  if (!found) return undefined
  const [path, { length }] = found
  return length > MAX_TEXT_LENGTH
    ? `${path} has ${length} bytes; a text file may have ${MAX_TEXT_LENGTH}.`
    : `${path} is no text in UTF-8. Save it as UTF-8, not as UTF-16 or in a code page.`
}

/** Bytes of a file that the engine may ask for; a copy, because they are handed over. */
export function readFile(files: Files, path: string): ArrayBuffer | undefined {
  const content = isAsset(path) ? files.get(path) : undefined
  if (content === undefined) return undefined
  return typeof content === 'string'
    ? new TextEncoder().encode(content).buffer
    : content.slice().buffer
}
