// The open workspace as a zip file on the user's disk, where the browser does not store it.
import { allowedName } from '#workspace'
import { workspaceStore } from '../workspace/workspace.ts'

/** Rejects when the part that packs cannot be fetched. */
export async function downloadWorkspace(): Promise<void> {
  const { strToU8, zipSync } = await import('fflate')
  const { entry, files } = workspaceStore.getState()
  const bytes = [...files].map(([path, content]) => [
    path,
    typeof content === 'string' ? strToU8(content) : content,
  ])
  const zip = new Blob([zipSync(Object.fromEntries(bytes))], { type: 'application/zip' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(zip)
  link.download = `${allowedName(entry?.name ?? 'workspace')}.zip`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
