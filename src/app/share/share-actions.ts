// What a user can do to take work in and out: links, packages, archives, folders, addresses.
import {
  Archive,
  Code2,
  FolderInput,
  FolderSync,
  Globe,
  Package,
  PackageOpen,
  Puzzle,
} from 'lucide-react'
import { toast } from 'sonner'
import type { Action } from '../actions/action.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { openDialog } from './dialog-store.ts'

const group = 'Workspace'
const isOpen = (): boolean => workspaceStore.getState().entry !== null

/** Runs what is fetched first; a failure is shown. */
function attempt(act: () => Promise<unknown>): void {
  act().catch((error: unknown) => {
    // Whoever closes the browser's own dialog changed their mind.
    if (error instanceof DOMException && error.name === 'AbortError') return
    toast.error(error instanceof Error ? error.message : String(error), { duration: 10_000 })
  })
}

export const packagesAction: Action = {
  id: 'packages.open',
  title: 'Packages…',
  group,
  icon: Package,
  hint: 'plugins of others: browse, install, update, remove',
  isEnabled: isOpen,
  run: () => openDialog({ kind: 'packages' }),
}

const sharePluginAction: Action = {
  id: 'plugin.share',
  title: 'Share one plugin…',
  group,
  icon: Puzzle,
  hint: 'a link that adds it to somebody’s workspace',
  isEnabled: isOpen,
  run: () => openDialog({ kind: 'share', tab: 'plugin' }),
}

const embedAction: Action = {
  id: 'workspace.embed',
  title: 'Embed in a page…',
  group,
  icon: Code2,
  isEnabled: isOpen,
  run: () => openDialog({ kind: 'share', tab: 'embed' }),
}

const packAction: Action = {
  id: 'plugin.pack',
  title: 'Make an npm package of a plugin…',
  group,
  icon: PackageOpen,
  isEnabled: isOpen,
  run: () => openDialog({ kind: 'share', tab: 'package' }),
}

export const saveZipAction: Action = {
  id: 'workspace.zip',
  title: 'Download workspace as zip',
  group,
  icon: Archive,
  isEnabled: isOpen,
  run: () => attempt(async () => (await import('./zip.ts')).downloadZip()),
}

export const importAction: Action = {
  id: 'workspace.import',
  title: 'Import a workspace…',
  group,
  icon: Globe,
  hint: 'from a gist, GitHub, an address, a zip or a folder',
  run: () => openDialog({ kind: 'import' }),
}

/** Chromium alone has folders that can be written. */
const hasFolders = (): boolean => 'showDirectoryPicker' in globalThis

export const saveFolderAction: Action = {
  id: 'workspace.folder.save',
  title: 'Save to a folder…',
  group,
  icon: FolderInput,
  isEnabled: () => isOpen() && hasFolders(),
  run: () => attempt(async () => (await import('./folder.ts')).saveToFolder()),
}

export const reloadFolderAction: Action = {
  id: 'workspace.folder.reload',
  title: 'Reload from its folder…',
  group,
  icon: FolderSync,
  hint: 'shows what changed there first',
  isEnabled: () => isOpen() && hasFolders(),
  run: () => attempt(async () => (await import('./folder.ts')).compareWithFolder()),
}

export const shareActions: readonly Action[] = [
  sharePluginAction,
  embedAction,
  packAction,
  packagesAction,
  importAction,
  saveZipAction,
  saveFolderAction,
  reloadFolderAction,
]
