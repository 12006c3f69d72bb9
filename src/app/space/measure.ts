// How much of this browser's space the page uses, and for what.
import { sizeOf } from '#workspace'
import { checkpointStorage, isCheckpoint } from '../checkpoints/index.ts'
import { keptBlobs } from '../data/blobs.ts'
import { runStorage } from '../runs/page-keeper.ts'
import { isContent, isEntry } from '../workspace/entry.ts'
import { openDatabase } from '../workspace/workspace.ts'
import { storedSize } from './size-of.ts'

/** What one workspace takes, in bytes; texts count a byte a character. */
export interface WorkspaceUse {
  id: string
  name: string
  files: number
  history: number
  states: number
  checkpoints: number
  runs: number
  runCount: number
}

export interface SpaceUse {
  /** Largest first. */
  workspaces: WorkspaceUse[]
  /** Large files of the user's, whichever workspaces use them. */
  data: { count: number; sizeBytes: number }
  /** All of the page's storage, and what the browser allows, in bytes; 0 where it does not tell. */
  usage: number
  quota: number
  /** Whether the browser promised to keep it when space runs out. */
  isPersisted: boolean
}

export const totalOf = ({ files, history, checkpoints, runs }: WorkspaceUse): number =>
  files + history + checkpoints + runs

/** A list of runs that can't be read counts for nothing: it keeps nobody from cleaning up the rest. */
async function runsOf(workspace: string): Promise<Pick<WorkspaceUse, 'runs' | 'runCount'>> {
  let runs = 0
  const list = await runStorage.list(workspace).catch(() => [])
  await runStorage.visit(workspace, (record) => (runs += storedSize(record))).catch(() => undefined)
  return { runs, runCount: list.length }
}

const contentSize = (content: unknown): number => (isContent(content) ? sizeOf(content) : 0)

export async function measureSpace(): Promise<SpaceUse> {
  const db = await openDatabase()
  const uses = new Map<string, WorkspaceUse>()
  for (const entry of await db.getAll('workspaces')) {
    if (!isEntry(entry)) continue
    const { id, name } = entry
    const checkpoints = (await checkpointStorage.list(id).catch((): unknown[] => [])).filter(
      isCheckpoint,
    )
    const sum = checkpoints.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
    const use = {
      id,
      name,
      files: 0,
      history: 0,
      states: 0,
      checkpoints: sum,
      ...(await runsOf(id)),
    }
    uses.set(id, use)
  }
  // One record at a time: all contents together may be large.
  const tx = db.transaction(['files', 'contents', 'states'])
  for (let at = await tx.objectStore('files').openCursor(); at; at = await at.continue()) {
    const use = uses.get(at.value.id)
    if (use) use.files += contentSize(at.value.content)
  }
  for (let at = await tx.objectStore('contents').openCursor(); at; at = await at.continue()) {
    const use = uses.get(at.value.id)
    if (use) use.history += contentSize(at.value.content)
  }
  for (const [id] of await tx.objectStore('states').getAllKeys()) {
    const use = uses.get(id)
    if (use) use.states++
  }
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {}
  return {
    data: await keptBlobs(),
    workspaces: [...uses.values()].toSorted((a, b) => totalOf(b) - totalOf(a)),
    usage,
    quota,
    isPersisted: (await navigator.storage?.persisted?.()) ?? false,
  }
}
