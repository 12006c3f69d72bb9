// The command palette: every action and every command of a plugin, found by typing.
import { PowerOff } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Action } from '../actions/action.ts'
import { useAppActions, useFileActions } from '../shell/app-actions.ts'
import { arePluginsUp } from '../store/engine-slice.ts'
import { useEngineView } from '../store/store.ts'
import { late } from '../ui/late.tsx'
import { ActionList } from './action-list.tsx'
import { closePalette, openPalette, palette, type PalettePage } from './palette-store.ts'
import { keepRecent, recentFirst, recentIds } from './recent.ts'
import './palette.css'

const TITLES = {
  actions: 'Command palette',
  files: 'Go to file',
  arguments: 'Arguments',
} satisfies Record<PalettePage['kind'], string>

const CommandForm = late(async () => (await import('../commands/command-form.tsx')).CommandForm)

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

function Actions({ onChoose }: { onChoose: (action: Action) => void }) {
  const all = useAppActions()
  const [recent] = useState(recentIds)
  const actions = useMemo(() => recentFirst(all, recent), [all, recent])
  const areUp = useEngineView(({ engine }) => arePluginsUp(engine))
  return (
    <ActionList label="Find an action or a command" actions={actions} onChoose={onChoose}>
      {areUp ? null : (
        <p className="palette-note">
          <PowerOff size={14} aria-hidden="true" /> Plugins are not up: their commands appear here
          once they are.
        </p>
      )}
    </ActionList>
  )
}

function FileList({ onChoose }: { onChoose: (action: Action) => void }) {
  const actions = useFileActions()
  return <ActionList label="Go to file" actions={actions} onChoose={onChoose} />
}
