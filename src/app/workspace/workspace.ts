// The page's one workspace store, its storage, and how it starts: from a link, from storage, or from an example.
import { isShareLink, loadLinks } from '#workspace'
import { toast } from 'sonner'
import { isEmbedded } from '../embed/embedded.ts'
import { forgetBlobs } from '../data/blobs.ts'
import { autosave } from './autosave.ts'
import { type Example, examples } from './examples.ts'
import { workspaceDatabase } from './database.ts'
import { type HoldMessage, holdWorkspace } from './hold.ts'
import { memoryStorage } from './memory-storage.ts'
import { announce, type StorageNews } from './other-tabs.ts'
import { type BrowserStorage, browserStorage } from './storage.ts'
import { createWorkspaceStore } from './store.ts'
import { withMemory } from './with-memory.ts'

const otherTabs = new BroadcastChannel('plugboard.workspaces')
/** Workspaces and their history. */
export const openDatabase = workspaceDatabase()
// A frame in a page shows what its address holds, and leaves nothing behind.
const stored: BrowserStorage = isEmbedded()
  ? memoryStorage()
  : browserStorage(openDatabase, tellDamaged)
const storage = announce(withMemory(stored), (news) => otherTabs.postMessage(news))

export const workspaceStore = createWorkspaceStore(storage)

const saver = autosave(workspaceStore, storage)

/** Writes unsaved edits now. */
export const flushWorkspace = (): Promise<void> => saver.flush()

const COPY = 'Edits that were not saved are kept in this copy: another tab has the workspace now.'

/** The open workspace as one of its own. */
export async function copyWorkspace(): Promise<void> {
  const { entry, files, active, newWorkspace } = workspaceStore.getState()
  if (!entry) return
  const { name, origin } = entry
  await newWorkspace({ name: `${name} (copy)`, origin, files, active: active ?? undefined })
}

/** Not there outside secure contexts, nor in Node: tabs then show each other what they save, and the last one wins. */
const locks = (globalThis as { navigator?: Partial<Navigator> }).navigator?.locks

const hold = locks
  ? holdWorkspace(locks, {
      onHolder(holder, before) {
        const isRefused = before === 'here' && workspaceStore.getState().saving === 'failed'
        const isToBeKept = holder === 'elsewhere' && (isRefused || saver.hasUnsaved())
        workspaceStore.setState({ holder })
        if (isToBeKept) void copyWorkspace().then(() => toast.info(COPY, { duration: Infinity }))
      },
      beforeHold: () => saver.reread(),
      beforeRelease: () => saver.flush(),
      tell: (message) => otherTabs.postMessage(message),
    })
  : undefined

/** Makes this tab the one that may change the open workspace. */
export const takeOver = async (): Promise<void> => hold?.takeOver()

otherTabs.onmessage = ({ data }: MessageEvent<StorageNews | HoldMessage>) => {
  if (data.kind === 'take-over' || data.kind === 'released') hold?.receive(data)
  else saver.adopt(data)
}

function tellDamaged(names: readonly string[]): void {
  const description = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and others' : ''}. What is stored of it is left as it is.`
  toast.error('Some of what this browser stored is damaged and left out', {
    id: `damaged ${names.join()}`,
    description,
    duration: Infinity,
  })
}

/** A new workspace with the files of an example. */
export async function openExample({ name, load }: Example): Promise<void> {
  const files = await load()
  const origin = { kind: 'example', example: name } as const
  await workspaceStore.getState().newWorkspace({ name, origin, files })
}

/** An empty workspace: a project file and nothing else. */
export function newEmptyWorkspace(): Promise<void> {
  const config = 'plugins:\n  use: {}\n'
  return workspaceStore.getState().newWorkspace({
    name: 'untitled',
    origin: { kind: 'own' },
    files: new Map([['plugboard.yaml', config]]),
  })
}

/**
 * Opens the workspace of a link as a new entry, or tells why it cannot. Own workspaces stay as they are.
 * Returns whether a workspace was opened. Nothing of it runs.
 */
async function openLink(hash: string): Promise<boolean> {
  const { newWorkspace, setNotice } = workspaceStore.getState()
  const link = (await loadLinks()).decodeLink(hash)
  if (link.ok) {
    const { summary } = link.workspace
    await newWorkspace({ ...link.workspace, origin: { kind: 'link', summary } })
    return true
  }
  const { salvaged } = link
  const title = 'This link could not be opened'
  if (!salvaged) {
    setNotice({ tone: 'error', title, text: `${link.message} Your own workspaces are untouched.` })
    return false
  }
  await newWorkspace({ ...salvaged, origin: { kind: 'link' } })
  const kept = salvaged.files.size === 1 ? 'One file' : `${salvaged.files.size} files`
  const text = `${link.message} ${kept} could be saved and are shown here; the rest is missing.`
  setNotice({ tone: 'error', title: 'Only a part of this link could be opened', text })
  return true
}

const openFirstExample = (): Promise<void> =>
  examples[0] ? openExample(examples[0]) : newEmptyWorkspace()

/** Opens the workspace used last; on a first visit, the first example. */
async function openLast(): Promise<void> {
  const { refreshEntries, openWorkspace } = workspaceStore.getState()
  try {
    await refreshEntries()
    const [last] = workspaceStore.getState().entries
    await (last ? openWorkspace(last.id) : openFirstExample())
  } catch (error) {
    // Without storage one can still work, and share; what is refused then is told while it lasts.
    await openFirstExample()
    if (workspaceStore.getState().saving !== 'failed') tellFailure(error)
  }
}

/** Takes a share link out of the address, so that a reload shows the reader's edits and not the link again. */
async function takeLink(): Promise<boolean> {
  const { hash, pathname, search } = location
  if (!isShareLink(hash)) return false
  const isOpened = await openLink(hash)
  history.replaceState(null, '', pathname + search)
  return isOpened
}

function tellFailure(error: unknown): void {
  workspaceStore.getState().setNotice({
    tone: 'error',
    title: 'Your workspaces could not be opened',
    text: `${error instanceof Error ? error.message : String(error)} Check that this browser allows storage for this page, then reload.`,
  })
}

async function openFirst(): Promise<void> {
  if (await takeLink()) return
  const { notice } = workspaceStore.getState()
  await openLast()
  if (notice) workspaceStore.getState().setNotice(notice)
}

/** Makes room: large data files that no stored workspace has a note of. Without storage there is nothing to forget. */
function forgetUnusedData(): void {
  if (isEmbedded()) return
  stored
    .dataHashes()
    .then(forgetBlobs)
    .catch(() => undefined)
}

/** Asks the browser to keep what is stored also when it runs out of space: once there is work of the user's own. */
function askToPersist(): void {
  const undo = workspaceStore.subscribe(({ saving }) => {
    if (saving !== 'pending') return
    undo()
    // Whether it agrees or not changes nothing here; the view of space shows it.
    void navigator.storage?.persist?.().catch(() => false)
  })
}

/** Opens the first workspace and saves edits from here on; a failure is shown. Call once, when the page starts. */
export function startWorkspace(): Promise<void> {
  const flush = (): void => void saver.flush()
  addEventListener('pagehide', flush)
  document.addEventListener('visibilitychange', flush)
  addEventListener('hashchange', () => void takeLink().catch(tellFailure))
  workspaceStore.subscribe(({ entry }) => hold?.follow(entry?.id))
  askToPersist()
  return openFirst().catch(tellFailure).finally(forgetUnusedData)
}
