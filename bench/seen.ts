// What bench/workbench.mjs notes in the page it watches. Times are in ms.

export interface Seen {
  /** When the editor first showed text, and the engine was up, since the page was asked for. */
  editor?: number
  engine?: number
  /** From each key to the frame that shows it. */
  keys: number[]
  /** Of each long task. */
  tasks: number[]
  pastedAt: number
  /** From each paste to the word of the plugin that it was swapped in. */
  swaps: number[]
}

declare global {
  var seen: Seen
}
