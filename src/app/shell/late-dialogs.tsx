// Dialogs whose code is fetched when they are opened first.
import { useStore } from 'zustand'
import { gallery } from '../gallery/gallery-actions.ts'
import { historyDialog } from '../history/history-action.ts'
import { makingPlugin } from '../new-plugin/new-plugin-action.ts'
import { shareDialog } from '../share/dialog-store.ts'
import { spaceDialog } from '../space/space-action.ts'
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

export function LateDialogs() {
  const isGalleryOpen = useStore(gallery, ({ isOpen }) => isOpen)
  const isHistoryOpen = useStore(historyDialog, ({ isOpen }) => isOpen)
  const isMakingPlugin = useStore(makingPlugin, ({ isOpen }) => isOpen)
  const isSpaceOpen = useStore(spaceDialog, ({ isOpen }) => isOpen)
  const isSharing = useStore(shareDialog, ({ open }) => open !== null)
  return (
    <>
      {isGalleryOpen && <GalleryDialog />}
      {isHistoryOpen && <HistoryDialog />}
      {isMakingPlugin && <NewPlugin />}
      {isSpaceOpen && <SpaceDialog />}
      {isSharing && <ShareDialogs />}
    </>
  )
}
