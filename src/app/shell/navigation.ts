// Ways through the workbench that panels share: show a panel, go to a place in a file.
import { createStore } from 'zustand/vanilla'
import { toast } from 'sonner'
import { canReveal, type FilePlace, reveal } from '../editor/index.ts'

/** The panel that should come to the front; a new object for each request. */
export const shownPanel = createStore<{ request: { id: string } | undefined }>(() => ({
  request: undefined,
}))

export function showPanel(id: string): void {
  shownPanel.setState({ request: { id } })
}

/** Brings the editor to the front and opens the place in it. */
export function goTo(location: FilePlace): void {
  if (!canReveal(location)) {
    toast.info(`${location.file} is not a file of this workspace.`)
    return
  }
  // First the panel: a move in the page takes the focus away.
  showPanel('editor')
  reveal(location)
}
