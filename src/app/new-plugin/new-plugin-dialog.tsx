// Asks for kind and name of a new plugin and shows what would be made.
import { CloseButton } from '../ui/close-button.tsx'
import { loadTemplates } from '#workspace'
import { Dialog } from 'radix-ui'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { useStore } from 'zustand'
import { leaveDialog } from '../ui/dialog.ts'
import { makingPlugin } from './new-plugin-action.ts'
import { NewPluginForm, type Templates } from './new-plugin-form.tsx'
import './new-plugin.css'

const close = (): void => makingPlugin.setState({ isOpen: false })

/** The dialog, while it is asked for. */
export function NewPlugin() {
  const { isOpen } = useStore(makingPlugin)
  const templates = useTemplates(isOpen)
  return (
    <Dialog.Root open={isOpen && templates !== undefined} onOpenChange={(isOn) => !isOn && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content
          className="dialog new-plugin"
          aria-describedby={undefined}
          onCloseAutoFocus={leaveDialog}
        >
          <Dialog.Title>New plugin</Dialog.Title>
          {templates && <NewPluginForm templates={templates} onClose={close} />}
          <CloseButton onClose={close} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** The templates, loaded when they are wanted first. */
function useTemplates(areWanted: boolean): Templates | undefined {
  const [templates, setTemplates] = useState<Templates>()
  useEffect(() => {
    if (!areWanted) return
    loadTemplates().then(setTemplates, (error: unknown) => {
      toast.error(`The templates could not be loaded: ${String(error)}`)
      close()
    })
  }, [areWanted])
  return templates
}
