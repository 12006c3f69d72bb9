// Sources that can be read but not edited: built-in plugins and the types of the libraries, once they are loaded.
import { useEffect, useState } from 'react'
import { baseName, freePath, LIBRARY_FOLDER } from '#workspace'
import { workspaceStore } from '../workspace/workspace.ts'

export const BUILTIN_FOLDER = `${LIBRARY_FOLDER}plugboard-plugins/`

/** Text of read-only files by path. Empty until the editor, or what shows a built-in plugin, fetches them. */
export const libraryFiles = new Map<string, string>()

const MANIFEST_NAME = /manifest: \{[^}]*?name: '([^']+)'/

/** Path of the source of a built-in plugin, found by the name in its manifest, among those that are loaded. */
export function builtinSource(plugin: string): string | undefined {
  for (const [path, text] of libraryFiles) {
    if (isBuiltinSource(path) && MANIFEST_NAME.exec(text)?.[1] === plugin) return path
  }
  return undefined
}

/** The same for React, which loads them; `undefined` until they are there. */
export function useBuiltinSource(plugin: string): string | undefined {
  const [path, setPath] = useState(() => builtinSource(plugin))
  useEffect(() => {
    let isGone = false
    // Without them there is nothing to open; the editor says that the network is missing.
    import('./builtin-sources.ts').then(
      () => !isGone && setPath(builtinSource(plugin)),
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [plugin])
  return path
}

/** The same for what can wait; `undefined` where they cannot be fetched. */
export async function findBuiltinSource(plugin: string): Promise<string | undefined> {
  await import('./builtin-sources.ts').catch(() => undefined)
  return builtinSource(plugin)
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
