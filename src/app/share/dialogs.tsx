// The dialog of sharing, importing or packages that is open.
import { Dialog } from 'radix-ui'
import { useStore } from 'zustand'
import { CloseButton } from '../ui/close-button.tsx'
import { PackagesDialog } from '../packages/packages-dialog.tsx'
import { leaveDialog } from '../ui/dialog.ts'
import { closeDialog, type ShareDialog, shareDialog } from './dialog-store.ts'
import { FolderReview } from './folder-review.tsx'
import { ImportForm } from './import-form.tsx'
import { PluginLook } from './plugin-look.tsx'
import { ShareTabs } from './share-tabs.tsx'
import './dialogs.css'

const TITLES = {
  share: 'Share',
  import: 'Import a workspace',
  plugin: 'A plugin from a link',
  packages: 'Packages',
  folder: 'What changed in the folder',
} satisfies Record<ShareDialog['kind'], string>

export function Dialogs() {
  const { open } = useStore(shareDialog)
  if (!open) return null
  const isWide = open.kind === 'packages'
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && closeDialog()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content
          className={`dialog share-dialog ${isWide ? 'share-wide' : ''}`}
          aria-describedby={undefined}
          onCloseAutoFocus={leaveDialog}
        >
          <Dialog.Title>{TITLES[open.kind]}</Dialog.Title>
          <Content open={open} />
          <CloseButton onClose={closeDialog} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Content({ open }: { open: ShareDialog }) {
  switch (open.kind) {
    case 'share':
      return <ShareTabs tab={open.tab} plugin={open.plugin} />
    case 'import':
      return <ImportForm address={open.address} />
    case 'plugin':
      return <PluginLook link={open.link} />
    case 'packages':
      return <PackagesDialog archive={open.archive} />
    case 'folder':
      return <FolderReview />
  }
}
