// Dialogs whose code is fetched when they are opened first.
import { useStore } from 'zustand'
import { historyDialog } from '../history/history-action.ts'
import { spaceDialog } from '../space/space-action.ts'
import { late } from '../ui/late.tsx'

const HistoryDialog = late(
  async () => (await import('../history/history-dialog.tsx')).HistoryDialog,
)
const SpaceDialog = late(async () => (await import('../space/space-dialog.tsx')).SpaceDialog)

export function LateDialogs() {
  const isHistoryOpen = useStore(historyDialog, ({ isOpen }) => isOpen)
  const isSpaceOpen = useStore(spaceDialog, ({ isOpen }) => isOpen)
  return (
    <>
      {isHistoryOpen && <HistoryDialog />}
      {isSpaceOpen && <SpaceDialog />}
    </>
  )
}
