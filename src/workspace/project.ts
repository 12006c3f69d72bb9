// The workspace's files as the engine takes them.
import type { CompiledModule, Project } from '#protocol'
import type { Files } from './files.ts'

export const PROJECT_FILE = 'plugboard.yaml'
/** Paths that a workspace has no say in: the device loads its own binary by such a one. */
const RESERVED = 'wasm/'
/** Files that tell of plugins. */
const IS_MANIFEST = /(?:^|\/)plugin\.yaml$|^packages\/[^/]+\/package\.json$/

const isAsset = (path: string): boolean => !path.startsWith(RESERVED)

/** The project of a workspace; a missing project file reads as an empty one. */
export function projectOf(files: Files, modules: CompiledModule[]): Project {
  const config = files.get(PROJECT_FILE)
  return {
    config: typeof config === 'string' ? config : '',
    modules,
    manifests: [...files].flatMap(([path, text]) =>
      typeof text === 'string' && IS_MANIFEST.test(path) ? { path, text } : [],
    ),
    assets: [...files.keys()].filter(isAsset),
  }
}

/** Bytes of a file that the engine may ask for; a copy, because they are handed over. */
export function readFile(files: Files, path: string): ArrayBuffer | undefined {
  const content = isAsset(path) ? files.get(path) : undefined
  if (content === undefined) return undefined
  return typeof content === 'string'
    ? new TextEncoder().encode(content).buffer
    : content.slice().buffer
}
