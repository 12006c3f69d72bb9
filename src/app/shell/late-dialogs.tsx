// Dialogs whose code is fetched when they are opened first.
import type { ReactNode } from 'react'
import { toast } from 'sonner'
import { type StoreApi, useStore } from 'zustand'
import { gallery } from '../gallery/gallery-actions.ts'
import { historyDialog } from '../history/history-action.ts'
import { makingPlugin } from '../new-plugin/new-plugin-action.ts'
import { closeDialog, shareDialog } from '../share/dialog-store.ts'
import { spaceDialog } from '../space/space-action.ts'
import { Boundary } from '../ui/boundary.tsx'
import { late } from '../ui/late.tsx'

const GalleryDialog = late(
  async () => (await import('../gallery/gallery-dialog.tsx')).GalleryDialog,
)
const HistoryDialog = late(
  async () => (await import('../history/history-dialog.tsx')).HistoryDialog,
)
const NewPlugin = late(async () => (await import('../new-plugin/new-plugin-dialog.tsx')).NewPlugin)
const SpaceDialog = late(async () => (await import('../space/space-dialog.tsx')).SpaceDialog)

const ShareDialogs = late(async () => (await import('../share/dialogs.tsx')).Dialogs)

interface HeldProps {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ReactNode
}

/** A dialog that fails is closed and told of: the page goes on. */
function Held({ title, isOpen, onClose, children }: HeldProps) {
  if (!isOpen) return null
  const onFail = (message: string): void => {
    onClose()
    toast.error(`${title} could not be shown`, { description: message, duration: 10_000 })
  }
  return (
    <Boundary title={title} onFail={onFail}>
      {children}
    </Boundary>
  )
}

/** Whether such a dialog is open, and what closes it. */
function useDialog(store: StoreApi<{ isOpen: boolean }>): Pick<HeldProps, 'isOpen' | 'onClose'> {
  const isOpen = useStore(store, (state) => state.isOpen)
  return { isOpen, onClose: () => store.setState({ isOpen: false }) }
}

export function LateDialogs() {
  const isSharing = useStore(shareDialog, ({ open }) => open !== null)
  return (
    <>
      <Held title="The gallery" {...useDialog(gallery)}>
        <GalleryDialog />
      </Held>
      <Held title="The history" {...useDialog(historyDialog)}>
        <HistoryDialog />
      </Held>
      <Held title="The dialog of a new plugin" {...useDialog(makingPlugin)}>
        <NewPlugin />
      </Held>
      <Held title="The view of storage" {...useDialog(spaceDialog)}>
        <SpaceDialog />
      </Held>
      <Held title="The dialog" isOpen={isSharing} onClose={closeDialog}>
        <ShareDialogs />
      </Held>
    </>
  )
}
