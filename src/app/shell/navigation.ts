// Ways through the workbench that panels share: show a panel, go to a place in a file.
import { createStore } from 'zustand/vanilla'
import type { SourceLocation } from '#sdk'
import { toast } from 'sonner'
import { reveal } from '../editor/index.ts'

/** The panel that should come to the front; a new object for each request. */
export const shownPanel = createStore<{ request: { id: string } | undefined }>(() => ({
  request: undefined,
}))

export function showPanel(id: string): void {
  shownPanel.setState({ request: { id } })
}

/** Opens the place in the editor and brings the editor to the front. */
export function goTo(location: SourceLocation): void {
  if (reveal(location)) showPanel('editor')
  else toast.info(`${location.file} is not a file of this workspace.`)
}
