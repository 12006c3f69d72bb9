// What is asked of the worker for files, and what it answers.
import type { ColumnType, ErrorInfo, TableForm, TableProfile } from '#sdk'

export type Job =
  | { kind: 'hash'; blob: Blob }
  | { kind: 'table'; blob: Blob; name: string; form: TableForm; types: Record<string, ColumnType> }
  | { kind: 'images'; blob: Blob; name: string }
  | { kind: 'text'; blob: Blob }
  | { kind: 'zip'; files: ReadonlyMap<string, Uint8Array<ArrayBuffer>> }

/** A small picture: red, green, blue, alpha of `THUMBNAIL` × `THUMBNAIL` pixels. */
export interface Thumbnail {
  path: string
  className: string
  pixels: Uint8ClampedArray<ArrayBuffer>
}

export interface ImageSummary {
  count: number
  /** Images by class. */
  classes: readonly (readonly [name: string, count: number])[]
  /** Images in folders that are held back for validation. */
  heldBack: number
  /** Files that are no images. */
  others: readonly string[]
  /** Of the first images of each class. */
  thumbnails: readonly Thumbnail[]
  /** Of those: images that could not be decoded. */
  faults: readonly string[]
}

export interface TextSummary {
  characters: number
  lines: number
  /** The first lines. */
  sample: readonly string[]
}

export interface Answers {
  hash: string
  table: TableProfile
  images: ImageSummary
  text: TextSummary
  zip: Uint8Array<ArrayBuffer>
}

export type Answer = { done: Answers[keyof Answers] } | { failed: ErrorInfo } | { share: number }

export const THUMBNAIL = 64
