// The command palette: every action and every command of a plugin, found by typing.
import { Dialog } from 'radix-ui'
import { useRef } from 'react'
import { useStore } from 'zustand'
import type { Action } from '../actions/action.ts'
import { late } from '../ui/late.tsx'
import { closePalette, openPalette, palette, type PalettePage } from './palette-store.ts'
import { keepRecent } from './recent.ts'
import './palette.css'

const TITLES = {
  actions: 'Command palette',
  files: 'Go to file',
  arguments: 'Arguments',
} satisfies Record<PalettePage['kind'], string>

const Actions = late(async () => (await import('./palette-lists.tsx')).Actions)
const FileList = late(async () => (await import('./palette-lists.tsx')).FileList)
const CommandForm = late(async () => (await import('../commands/command-form.tsx')).CommandForm)

/** Fetches the lists ahead, so that the first keys typed find them. */
export async function loadPalette(): Promise<void> {
  await Promise.allSettled([Actions.load(), FileList.load()])
}

export function Palette() {
  const { page, opener } = useStore(palette)
  /** Done once the palette is gone and the focus is back. */
  const chosen = useRef<Action>(undefined)

  const choose = (action: Action): void => {
    if (page?.kind === 'actions') keepRecent(action.id)
    if (action.staysInPalette) return action.run()
    chosen.current = action
    closePalette()
  }
  const onGone = (event: Event): void => {
    event.preventDefault()
    if (opener instanceof HTMLElement) opener.focus()
    chosen.current?.run()
    chosen.current = undefined
  }

  return (
    <Dialog.Root open={page !== null} onOpenChange={(isOpen) => !isOpen && closePalette()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content className="palette" aria-describedby={undefined} onCloseAutoFocus={onGone}>
          {page === null ? null : (
            <Dialog.Title className="visually-hidden">{TITLES[page.kind]}</Dialog.Title>
          )}
          {page?.kind === 'actions' ? <Actions onChoose={choose} /> : null}
          {page?.kind === 'files' ? <FileList onChoose={choose} /> : null}
          {page?.kind === 'arguments' ? (
            <CommandForm
              command={page.command}
              onDone={closePalette}
              onBack={() => openPalette({ kind: 'actions' })}
            />
          ) : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
