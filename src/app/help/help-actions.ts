// Ways into the help: the panel, one of its sections, the list of keys.
import { CircleHelp, Keyboard } from 'lucide-react'
import { createStore } from 'zustand/vanilla'
import type { Action } from '../actions/action.ts'
import { showPanel } from '../shell/shown-panel.ts'

/** The section to lead to; a new object for each request. */
export const helpTarget = createStore<{ request: { section: string } | undefined }>(() => ({
  request: undefined,
}))

/** Shows a section of the help by its id: a heading of the guide in lower case, with "-" between words. */
export function showHelp(section: string): void {
  showPanel('help')
  helpTarget.setState({ request: { section } })
}

/** The section that tells what a panel is for. */
export const panelSection = (title: string): string =>
  `the-panel-${title.toLowerCase().replaceAll(' ', '-')}`

export const helpAction: Action = {
  id: 'help',
  title: 'Help',
  group: 'Help',
  hint: "the authors' guide, reference, panels",
  icon: CircleHelp,
  keys: ['F1'],
  run: () => showPanel('help'),
}

export const keysAction: Action = {
  id: 'help.keys',
  title: 'Keyboard shortcuts',
  group: 'Help',
  icon: Keyboard,
  keys: ['Shift+?'],
  run: () => showHelp('keys'),
}
