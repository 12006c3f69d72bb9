// What bench/workbench.mjs notes in the page it watches. Times are in ms.

export interface Seen {
  /** When the editor first showed text, and the engine was up, since the page was asked for. */
  editor?: number
  engine?: number
  /** From each key to the frame that shows it. */
  keys: number[]
  /** Of each long task. */
  tasks: number[]
  /** When the last key was pressed. */
  editedAt: number
  /** What the next version of the plugin says; nothing once it was said. */
  wanted: string
  /** From the last key of each edit to the word of the plugin that it was swapped in. */
  swaps: number[]
}

declare global {
  var seen: Seen
}
