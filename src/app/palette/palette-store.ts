// What the palette shows, if it is open.
import type { CommandInfo } from '#sdk'
import { Command, FileSearch } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'

export type PalettePage =
  | { kind: 'actions' }
  | { kind: 'files' }
  | { kind: 'arguments'; command: CommandInfo }

interface PaletteState {
  page: PalettePage | null
  /** What had the focus when it was opened. */
  opener: Element | null
}

export const palette = createStore<PaletteState>(() => ({ page: null, opener: null }))

export function openPalette(page: PalettePage): void {
  palette.setState(({ page: before, opener }) => ({
    page,
    opener: before ? opener : document.activeElement,
  }))
}

export const closePalette = (): void => palette.setState({ page: null })

const group = 'View'

export const paletteAction: Action = {
  id: 'palette',
  title: 'Command palette',
  group,
  icon: Command,
  // Firefox keeps Ctrl+Shift+P for itself.
  keys: ['Mod+Shift+P', 'Mod+K'],
  run() {
    if (palette.getState().page?.kind === 'actions') closePalette()
    else openPalette({ kind: 'actions' })
  },
}

export const goToFileAction: Action = {
  id: 'palette.files',
  title: 'Go to file…',
  group: 'Files',
  icon: FileSearch,
  keys: ['Mod+P'],
  staysInPalette: true,
  run: () => openPalette({ kind: 'files' }),
}
