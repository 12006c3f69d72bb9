// Folders of the user's computer that workspaces are linked to. The link outlives the page; the browser's leave does not.
import type { DBSchema } from 'idb'
import { createStore } from 'zustand/vanilla'
import { database, storageError } from '../storage/database.ts'
import { workspaceStore } from '../workspace/workspace.ts'

/** The part of the File System Access API that TypeScript's library does not know yet. */
declare global {
  interface Window {
    showDirectoryPicker?(options: {
      mode: 'read' | 'readwrite'
    }): Promise<FileSystemDirectoryHandle>
  }
  interface FileSystemDirectoryHandle {
    entries(): AsyncIterableIterator<[string, FileSystemHandle]>
    queryPermission(options: { mode: 'readwrite' }): Promise<PermissionState>
    requestPermission(options: { mode: 'readwrite' }): Promise<PermissionState>
  }
}

export interface LinkedFolder {
  handle: FileSystemDirectoryHandle
  /** False where the browser wants the user to be asked again, as after a reload. */
  isConnected: boolean
}

interface Schema extends DBSchema {
  folders: { key: string; value: FileSystemDirectoryHandle }
}

const open = database<Schema>({
  name: 'plugboard-folders',
  version: 1,
  upgrade(db) {
    db.createObjectStore('folders')
  },
})

/** The folder of each workspace that was asked for; `null` for none. */
export const linkedFolders = createStore<Readonly<Record<string, LinkedFolder | null>>>(() => ({}))

const show = (id: string, folder: LinkedFolder | null): void =>
  linkedFolders.setState({ [id]: folder })

export const openId = (): string => workspaceStore.getState().entry?.id ?? ''

/** The folder that a workspace was linked to, also before a reload. Without storage there is none. */
export async function recallFolder(id: string): Promise<LinkedFolder | null> {
  const known = linkedFolders.getState()[id]
  if (known !== undefined) return known
  const stored: unknown = await open()
    .then((db) => db.get('folders', id))
    .catch(() => undefined)
  if (!(stored instanceof FileSystemDirectoryHandle)) {
    show(id, null)
    return null
  }
  const state = await stored.queryPermission({ mode: 'readwrite' })
  const folder = { handle: stored, isConnected: state === 'granted' }
  show(id, folder)
  return folder
}

/** Links a workspace to a folder, for as long as this browser keeps what is stored. */
export async function linkFolder(id: string, handle: FileSystemDirectoryHandle): Promise<void> {
  show(id, { handle, isConnected: true })
  // Where nothing can be stored, it is linked until the page is closed.
  await open()
    .then((db) => db.put('folders', handle, id))
    .catch(() => undefined)
}

/** The folder itself stays as it is. Rejects with a `StorageError`. */
export async function unlinkFolder(id: string): Promise<void> {
  show(id, null)
  await open()
    .then((db) => db.delete('folders', id))
    .catch((reason: unknown) => {
      throw storageError(reason)
    })
}

/** Asks the user to pick one. Rejects with an `AbortError` when they pick none. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle> {
  if (!window.showDirectoryPicker)
    throw new Error('This browser has no folders that pages may use. Download a zip instead.')
  return window.showDirectoryPicker({ mode: 'readwrite' })
}

/** Has the browser ask the user for its leave again; call it from a click. Rejects when that is refused. */
export async function reconnectFolder(id: string): Promise<FileSystemDirectoryHandle> {
  const folder = await recallFolder(id)
  if (!folder) throw new Error('This workspace is linked to no folder.')
  const { handle, isConnected } = folder
  if (isConnected) return handle
  const state = await handle.requestPermission({ mode: 'readwrite' })
  if (state !== 'granted')
    throw new Error(
      `The folder ${handle.name} stays closed until you allow this page to read and write it.`,
    )
  show(id, { handle, isConnected: true })
  return handle
}

/** The folder of the open workspace, ready for use; asks for one where there is none. */
export async function folderOfWorkspace(): Promise<FileSystemDirectoryHandle> {
  const id = openId()
  if (await recallFolder(id)) return reconnectFolder(id)
  const handle = await pickFolder()
  await linkFolder(id, handle)
  return handle
}
