// Which panel should come to the front. Apart from the panels themselves, so that each of them can ask.
import { createStore } from 'zustand/vanilla'

/** A new object for each request. */
export const shownPanel = createStore<{ request: { id: string } | undefined }>(() => ({
  request: undefined,
}))

export function showPanel(id: string): void {
  shownPanel.setState({ request: { id } })
}
