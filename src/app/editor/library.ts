// Sources that can be read but not edited: built-in plugins, and the types of the libraries once they are loaded.
import { freePath, LIBRARY_FOLDER } from '../workspace/path.ts'
import { workspaceStore } from '../workspace/workspace.ts'

const BUILTIN_FOLDER = `${LIBRARY_FOLDER}plugboard-plugins/`

const builtins: Record<string, string> = import.meta.glob(
  ['/src/plugins/**/*.ts', '!/src/plugins/index.ts', '!/src/plugins/**/*.test.ts'],
  { query: '?raw', import: 'default', eager: true },
)

/** Text of read-only files by path. Grows when the library types arrive. */
export const libraryFiles = new Map(
  Object.entries(builtins).map(([path, text]) => [
    path.replace('/src/plugins/', BUILTIN_FOLDER),
    text,
  ]),
)

/** Path of the source of a built-in plugin, found by the name in its manifest. */
export function builtinSource(plugin: string): string | undefined {
  const name = `name: '${plugin}'`
  for (const [path, text] of libraryFiles) {
    if (path.startsWith(BUILTIN_FOLDER) && text.includes(name)) return path
  }
  return undefined
}

export const isBuiltinSource = (path: string): boolean => path.startsWith(BUILTIN_FOLDER)

/** Opens the source of a built-in plugin. Returns false when there is no plugin of that name. */
export function openBuiltin(plugin: string): boolean {
  const path = builtinSource(plugin)
  if (path === undefined) return false
  workspaceStore.getState().openFile(path)
  return true
}

const IMPORT = /from '(\.{1,2}\/[^']+)'/g

/** The file and all that it imports by relative paths, itself first. */
function withImports(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found
  found.add(path)
  for (const [, specifier] of (libraryFiles.get(path) ?? '').matchAll(IMPORT)) {
    const target = new URL(specifier!, `file:///${path}`).pathname.slice(1)
    if (libraryFiles.has(target)) withImports(target, found)
  }
  return found
}

/**
 * Copies a built-in plugin, and what it imports, into the workspace's plugins/ and opens the copy. It stands in
 * for the built-in from then on. Returns the path of the copy. Throws when the workspace has no room for it.
 */
export function forkBuiltin(path: string): string {
  const { files, create, openFile } = workspaceStore.getState()
  const inPlugins = (source: string): string => source.replace(BUILTIN_FOLDER, 'plugins/')
  for (const source of withImports(path)) {
    const text = libraryFiles.get(source)!
    const target = inPlugins(source)
    // An imported file that is there already is the copy of an earlier fork.
    if (source !== path && files.has(target)) continue
    create(source === path ? freePath(target, files) : target, text, { open: false })
  }
  const copy = [...workspaceStore.getState().files.keys()].findLast(
    (file) => workspaceStore.getState().files.get(file) === libraryFiles.get(path),
  )!
  openFile(copy)
  return copy
}
