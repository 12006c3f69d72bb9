// A link that holds the whole workspace: made, copied, and kept to be shown.
import { loadLinks, pointerOf, sizeOf } from '#workspace'
import { Share2 } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'
import { engineStore } from '../store/store.ts'
import { workspaceStore } from '../workspace/workspace.ts'

/** What a link holds and what stays behind, for those who share it. */
interface Held {
  files: number
  sizeBytes: number
  /** Large data files, of which a link carries notes. */
  notes: readonly string[]
  /** Whether the results of a run are in it. */
  hasSummary: boolean
}

export type Shared =
  | { state: 'copied' | 'not-copied'; link: string; held: Held }
  | { state: 'failed'; message: string }

/** The address of this page, without what is of this visit alone. */
export const pageAddress = (): string => location.origin + location.pathname

/** What the newest run came to: its length and the last value of each metric. */
export function runSummary(): string | undefined {
  const { current, previous } = engineStore.getState().run
  const run = current ?? previous
  if (!run || run.step === 0) return undefined
  const metrics = Object.entries(run.series).flatMap(([name, { values, length }]) => {
    const last = values[length - 1]
    return last === undefined ? [] : `${name} ${Number(last.toPrecision(4))}`
  })
  return `${run.step} steps; ${metrics.join(', ')}`.slice(0, 500)
}

/** The address of this page with the open workspace in its hash. Rejects when it would be too long. */
export async function linkToWorkspace(summary?: string): Promise<string> {
  const { encodeLink } = await loadLinks()
  const { entry, files, active } = workspaceStore.getState()
  const isOwnFile = active !== null && files.has(active)
  const hash = encodeLink({
    name: entry?.name ?? 'shared',
    files,
    active: isOwnFile ? active : undefined,
    summary,
  })
  return pageAddress() + hash
}

function heldNow(summary: string | undefined): Held {
  const files = [...workspaceStore.getState().files]
  return {
    files: files.length,
    sizeBytes: files.reduce((sum, [, content]) => sum + sizeOf(content), 0),
    notes: files.flatMap(([path, content]) => (pointerOf(content) ? path : [])),
    hasSummary: summary !== undefined,
  }
}

async function share(summary?: string): Promise<Shared> {
  let link: string
  try {
    link = await linkToWorkspace(summary)
  } catch (error) {
    return { state: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
  const held = heldNow(summary)
  try {
    await navigator.clipboard.writeText(link)
    return { state: 'copied', link, held }
  } catch {
    // No clipboard without permission or outside a secure context: the field below is there to copy from.
    return { state: 'not-copied', link, held }
  }
}

/** What is shown beside the button. */
export const sharing = createStore<{ shared: Shared | null }>(() => ({ shared: null }))

export const closeShare = (): void => sharing.setState({ shared: null })

/** Makes the link and copies it, with what the last run came to if that is wanted. */
export const shareLink = (withSummary = false): void =>
  void share(withSummary ? runSummary() : undefined).then((shared) => sharing.setState({ shared }))

export const shareAction: Action = {
  id: 'workspace.share',
  title: 'Share: copy a link to this workspace',
  group: 'Workspace',
  icon: Share2,
  isEnabled: () => workspaceStore.getState().entry !== null,
  run: () => shareLink(),
}
