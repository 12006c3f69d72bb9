// Sources that can be read but not edited: built-in plugins, and the types of the libraries once they are loaded.
import { baseName, freePath, LIBRARY_FOLDER } from '#workspace'
import { workspaceStore } from '../workspace/workspace.ts'

const BUILTIN_FOLDER = `${LIBRARY_FOLDER}plugboard-plugins/`

const builtins: Record<string, string> = import.meta.glob(
  ['/src/plugins/*/*.ts', '!/src/plugins/**/*.test.ts', '!/src/plugins/testing/**'],
  { query: '?raw', import: 'default', eager: true },
)

/** Text of read-only files by path. Grows when the library types arrive. */
export const libraryFiles = new Map(
  Object.entries(builtins).map(([path, text]) => [
    path.replace('/src/plugins/', BUILTIN_FOLDER),
    text,
  ]),
)

const MANIFEST_NAME = /manifest: \{[^}]*?name: '([^']+)'/

/** Path of the source of a built-in plugin, found by the name in its manifest. */
export function builtinSource(plugin: string): string | undefined {
  for (const [path, text] of libraryFiles) {
    if (isBuiltinSource(path) && MANIFEST_NAME.exec(text)?.[1] === plugin) return path
  }
  return undefined
}

export const isBuiltinSource = (path: string): boolean => path.startsWith(BUILTIN_FOLDER)

/**
 * Copies the source of a built-in plugin into the workspace's plugins/ and opens the copy, which stands in for
 * the built-in from then on. Returns its path. Throws when the workspace has no room for it.
 */
export function forkBuiltin(path: string): string {
  const text = libraryFiles.get(path)
  if (text === undefined) throw new Error(`There is no built-in source ${path}.`)
  const { files, create } = workspaceStore.getState()
  const copy = freePath(`plugins/${baseName(path)}`, files)
  create(copy, text)
  return copy
}
