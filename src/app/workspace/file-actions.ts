// What the file tree does, with a word to the user: failures are said, deletions can be undone.
import { baseName, contentOf, freePath } from '#workspace'
import { toast } from 'sonner'
import { initialText } from './new-file.ts'
import { workspaceStore } from './workspace.ts'

const tell = (error: unknown): void =>
  void toast.error(error instanceof Error ? error.message : String(error))

/** Runs `act`; what it throws is shown. */
function attempt(act: () => void): void {
  try {
    act()
  } catch (error) {
    tell(error)
  }
}

/** Resolves when the file is there. */
export async function makeFile(path: string): Promise<void> {
  try {
    const text = await initialText(path)
    workspaceStore.getState().create(path, text)
  } catch (error) {
    tell(error)
  }
}

export function moveFile(from: string, to: string): void {
  attempt(() => workspaceStore.getState().rename(from, to))
}

export function deleteFile(path: string): void {
  attempt(() => {
    const undo = workspaceStore.getState().remove(path)
    toast(`Deleted ${path}`, { action: { label: 'Undo', onClick: () => attempt(undo) } })
  })
}

/** A name that the path rules allow. */
const allowedName = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]+/g, '-') || 'file'

const folderOf = (name: string): string =>
  name.endsWith('.ts') ? 'plugins/' : /^(README\.md|plugboard\.yaml)$/.test(name) ? '' : 'data/'

/** Copies files of the user's computer into the workspace: code to plugins/, everything else to data/. */
export async function addFiles(picked: readonly File[]): Promise<void> {
  for (const file of picked) {
    const content = contentOf(new Uint8Array(await file.arrayBuffer()))
    const name = allowedName(baseName(file.name))
    attempt(() => {
      const { files, create } = workspaceStore.getState()
      const path = freePath(folderOf(name) + name, files)
      create(path, content)
      toast.success(`Added ${path}`)
    })
  }
}
