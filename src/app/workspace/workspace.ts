// The page's one workspace store, its storage, and how it starts: from a link, from storage, or from an example.
import { decodeLink, isShareLink } from '#workspace'
import { forgetBlobs } from '../data/blobs.ts'
import { autosave } from './autosave.ts'
import { type Example, examples } from './examples.ts'
import { announce, type StorageNews } from './other-tabs.ts'
import { browserStorage } from './storage.ts'
import { createWorkspaceStore } from './store.ts'

const otherTabs = new BroadcastChannel('plugboard.workspaces')
const stored = browserStorage()
const storage = announce(stored, (news) => otherTabs.postMessage(news))

export const workspaceStore = createWorkspaceStore(storage)

const saver = autosave(workspaceStore, storage)
otherTabs.onmessage = ({ data }: MessageEvent<StorageNews>) => saver.adopt(data)

/** Writes unsaved edits now. */
export const flushWorkspace = (): Promise<void> => saver.flush()

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
  const link = decodeLink(hash)
  if (link.ok) {
    await newWorkspace({ ...link.workspace, origin: { kind: 'link' } })
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
    // Without storage one can still work, and share.
    await openFirstExample()
    tellFailure(error)
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
  stored
    .dataHashes()
    .then(forgetBlobs)
    .catch(() => undefined)
}

/** Opens the first workspace and saves edits from here on; a failure is shown. Call once, when the page starts. */
export function startWorkspace(): Promise<void> {
  const flush = (): void => void saver.flush()
  addEventListener('pagehide', flush)
  document.addEventListener('visibilitychange', flush)
  addEventListener('hashchange', () => void takeLink().catch(tellFailure))
  return openFirst().catch(tellFailure).finally(forgetUnusedData)
}
