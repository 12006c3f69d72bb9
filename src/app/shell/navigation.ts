// Ways through the workbench that panels share: show a panel, go to a place in a file.
import { toast } from 'sonner'
import { canReveal, type FilePlace, reveal } from '../editor/index.ts'
import { showPanel, shownPanel } from './shown-panel.ts'

export { showPanel, shownPanel }

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
