// A link that holds the whole workspace: made, copied, and kept to be shown.
import { encodeLink } from '#workspace'
import { Share2 } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'
import { workspaceStore } from '../workspace/workspace.ts'

export type Shared =
  | { state: 'copied' | 'not-copied'; link: string }
  | { state: 'failed'; message: string }

/** The address of this page with the open workspace in its hash. Throws when it would be too long. */
function linkToWorkspace(): string {
  const { entry, files, active } = workspaceStore.getState()
  const isOwnFile = active !== null && files.has(active)
  const hash = encodeLink({
    name: entry?.name ?? 'shared',
    files,
    active: isOwnFile ? active : undefined,
  })
  return location.href.replace(/#.*$/, '') + hash
}

async function share(): Promise<Shared> {
  let link: string
  try {
    link = linkToWorkspace()
  } catch (error) {
    return { state: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
  try {
    await navigator.clipboard.writeText(link)
    return { state: 'copied', link }
  } catch {
    // No clipboard without permission or outside a secure context: the field below is there to copy from.
    return { state: 'not-copied', link }
  }
}

/** What is shown beside the button. */
export const sharing = createStore<{ shared: Shared | null }>(() => ({ shared: null }))

export const closeShare = (): void => sharing.setState({ shared: null })

export const shareAction: Action = {
  id: 'workspace.share',
  title: 'Share: copy a link to this workspace',
  group: 'Workspace',
  icon: Share2,
  isEnabled: () => workspaceStore.getState().entry !== null,
  run: () => void share().then((shared) => sharing.setState({ shared })),
}
