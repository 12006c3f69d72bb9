// Where the crosshair of all charts stands: over the same step, epoch or time in each.
import { createStore } from 'zustand/vanilla'

/** In units of the x axis; `undefined` when it is nowhere. */
export const crosshair = createStore<{ x: number | undefined }>(() => ({ x: undefined }))

export const moveCrosshair = (x: number | undefined): void => {
  if (crosshair.getState().x !== x) crosshair.setState({ x })
}
