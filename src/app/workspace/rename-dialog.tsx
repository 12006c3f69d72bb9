// Asks for a new name of the open workspace.
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { workspaceStore } from './workspace.ts'

export function RenameDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [text, setText] = useState(name)
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>Rename workspace</Dialog.Title>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              workspaceStore.getState().renameWorkspace(text)
              onClose()
            }}
          >
            <input
              className="field"
              value={text}
              maxLength={100}
              aria-label="Name of the workspace"
              onFocus={(event) => event.target.select()}
              onChange={(event) => setText(event.target.value)}
            />
            <div className="dialog-actions">
              <Dialog.Close asChild>
                <Button>Cancel</Button>
              </Dialog.Close>
              <Button type="submit" variant="primary" disabled={text.trim() === ''}>
                Rename
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
