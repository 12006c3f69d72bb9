// Writes a set of changes into the open workspace, all or nothing, and can take them back.
import type { FileContent } from '#workspace'
import { workspaceStore } from '../workspace/workspace.ts'

export type FileChanges = ReadonlyMap<string, FileContent | null>

function write(changes: FileChanges): void {
  const { files, create, edit, remove } = workspaceStore.getState()
  // What goes first makes room for what comes: a file may become a folder.
  for (const [path, content] of changes) if (content === null && files.has(path)) remove(path)
  for (const [path, content] of changes) {
    if (content === null) continue
    if (files.has(path)) edit(path, content)
    else create(path, content, { open: false })
  }
}

/** Throws an `Error` that names the rule which a file breaks; nothing is changed then. Returns its undo. */
export function applyChanges(changes: FileChanges): () => void {
  const { files, entry } = workspaceStore.getState()
  const undo = new Map<string, FileContent | null>()
  for (const path of changes.keys()) undo.set(path, files.get(path) ?? null)
  try {
    write(changes)
  } catch (error) {
    write(undo)
    throw error
  }
  return () => {
    if (workspaceStore.getState().entry?.id === entry?.id) write(undo)
  }
}
