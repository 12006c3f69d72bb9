// What the gallery tells of each example: how hard, how long, what it teaches. In JSON, as scripts/gallery.mjs, which
// makes the pictures, reads it too.
import told from './entries.json' with { type: 'json' }

export interface GalleryEntry {
  readonly title: string
  /** `first steps`, `next steps`, `in depth`. */
  readonly level: string
  /** Of a whole run on an ordinary computer, in words. */
  readonly time: string
  readonly teaches: string
  readonly tags: readonly string[]
  /** The panel in its picture. */
  readonly pictured: string
}

/** By the folder in examples/, in the order in which one would open them. */
export const entries: Readonly<Record<string, GalleryEntry>> = told
