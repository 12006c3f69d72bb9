// The docking layout, kept between visits.
import type { SerializedDockview } from 'dockview-react'

const KEY = 'plugboard.layout.1'

/** Components may listen for this event of the window to lay out anew. */
export const LAYOUT_RESET = 'plugboard.layout-reset'

export function loadLayout(): SerializedDockview | undefined {
  try {
    const text = localStorage.getItem(KEY)
    return text === null ? undefined : (JSON.parse(text) as SerializedDockview)
  } catch {
    // No storage, or no layout in it: the default one is taken.
    return undefined
  }
}

export function saveLayout(layout: SerializedDockview): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(layout))
  } catch {
    // Without storage the layout lasts as long as the page.
  }
}

export function resetLayout(): void {
  dispatchEvent(new Event(LAYOUT_RESET))
}
