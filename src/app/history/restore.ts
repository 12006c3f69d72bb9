// Brings back what a state had. What was before is a state too, so that nothing is lost by it.
import type { Files } from '#workspace'
import { toast } from 'sonner'
import { workspaceStore } from '../workspace/workspace.ts'
import { record } from './index.ts'

const tell = (error: unknown): void =>
  void toast.error(error instanceof Error ? error.message : String(error))

async function replace(files: Files): Promise<void> {
  await record('before')
  workspaceStore.getState().replaceFiles(files)
  await record('restored')
}

/** Puts `files` in the place of all files and offers to undo it; what keeps them out is shown. */
export async function restore(files: Files, what: string): Promise<void> {
  const { entry, files: before } = workspaceStore.getState()
  try {
    await replace(files)
  } catch (error) {
    tell(error)
    return
  }
  const undo = (): void => {
    if (workspaceStore.getState().entry?.id === entry?.id) replace(before).catch(tell)
  }
  toast.success(`Restored ${what}`, { action: { label: 'Undo', onClick: undo } })
}

/** Puts one file back, or takes it out where the state did not have it. */
export function restoreFile(path: string, then: Files): Promise<void> {
  const files = new Map(workspaceStore.getState().files)
  const content = then.get(path)
  if (content === undefined) files.delete(path)
  else files.set(path, content)
  return restore(files, path)
}
