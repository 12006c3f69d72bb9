// What the file tree does, with a word to the user: failures are said, deletions can be undone.
import { allowedName, contentOf, freePath } from '#workspace'
import { toast } from 'sonner'
import { addDataFiles } from '../data/index.ts'
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

/** Where a file that is no data belongs; `undefined` for data. */
const folderOf = (name: string): string | undefined =>
  name.endsWith('.ts') ? 'plugins/' : /^(README\.md|plugboard\.yaml)$/.test(name) ? '' : undefined

/** Copies files of the user's computer into the workspace: code to plugins/, everything else to data/. */
export async function addFiles(picked: readonly File[]): Promise<void> {
  const data: File[] = []
  for (const file of picked) {
    const name = allowedName(file.name)
    const folder = folderOf(name)
    if (folder === undefined) {
      data.push(file)
      continue
    }
    const content = contentOf(new Uint8Array(await file.arrayBuffer()))
    attempt(() => {
      const { files, create } = workspaceStore.getState()
      const path = freePath(folder + name, files)
      create(path, content)
      toast.success(`Added ${path}`)
    })
  }
  await addDataFiles(data)
}
