// What differs between two states of a workspace: files, and lines of texts.
import { type FileContent, type Files, isSameContent } from '#workspace'
import { diffLines } from 'diff'
import type { StateFile } from './state.ts'

export interface FileChange {
  path: string
  kind: 'added' | 'changed' | 'removed'
}

export interface LineCount {
  added: number
  removed: number
}

function compare<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  isSame: (a: T | undefined, b: T | undefined) => boolean,
): FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  return paths
    .filter((path) => !isSame(before.get(path), after.get(path)))
    .map((path) => ({
      path,
      kind: !before.has(path) ? 'added' : after.has(path) ? 'changed' : 'removed',
    }))
}

/** Files that differ, by their contents. */
export const changedFiles = (before: Files, after: Files): FileChange[] =>
  compare(before, after, isSameContent)

/** Files that differ, by the hashes that two states have of them. */
export function changedStateFiles(
  before: readonly StateFile[],
  after: readonly StateFile[],
): FileChange[] {
  const hashes = (files: readonly StateFile[]) =>
    new Map(files.map(({ path, hash }) => [path, hash]))
  return compare(hashes(before), hashes(after), (a, b) => a === b)
}

/** Texts that differ in more lines than this are told to differ, without a count: the count takes its square. */
const MAX_EDITS = 3_000

/** Lines added and removed; `undefined` for files that are no text, and for texts that have little in common. */
export function countLines(
  before: FileContent | undefined = '',
  after: FileContent | undefined = '',
): LineCount | undefined {
  if (typeof before !== 'string' || typeof after !== 'string') return undefined
  const parts = diffLines(before, after, { maxEditLength: MAX_EDITS })
  if (!parts) return undefined
  const sum = (kind: 'added' | 'removed'): number =>
    parts.filter((part) => part[kind]).reduce((total, { count }) => total + count, 0)
  return { added: sum('added'), removed: sum('removed') }
}
