// Which dialog of sharing and packages is open: one at a time, its code fetched when it is asked for.
import type { LinkResult } from '#workspace'
import { createStore } from 'zustand/vanilla'

export type ShareTab = 'plugin' | 'embed' | 'package' | 'files'

export type ShareDialog =
  | { kind: 'share'; tab: ShareTab; plugin?: string | undefined }
  | { kind: 'import'; address?: string | undefined }
  /** A plugin of a link, to be looked at and added. */
  | { kind: 'plugin'; link: LinkResult }
  | { kind: 'packages'; archive?: File | undefined }
  | { kind: 'folder' }

export const shareDialog = createStore<{ open: ShareDialog | null }>(() => ({ open: null }))

export const openDialog = (open: ShareDialog): void => shareDialog.setState({ open })
export const closeDialog = (): void => shareDialog.setState({ open: null })
