// A text of YAML as it is edited: its values, what is wrong with it, and which place in the text is which setting.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
} from 'yaml'

/** Keys and indexes that lead to a setting. */
export type Path = readonly (string | number)[]

/** Line and column, both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

export interface ConfigDocument {
  /** Settings by name; empty where the text has a `problem`. */
  readonly value: Readonly<Record<string, unknown>>
  /** Why the text cannot be read, and where. */
  readonly problem: (Place & { readonly message: string }) | undefined
  /** Where a setting is written, or the nearest one around it that is; its key, of an item its value. */
  placeOf(path: Path): Place
  /** The innermost setting that is written at a place; the empty path for none. */
  pathAt(place: Place): Path
}

/** What the engine reads of a project; to look for keys that stand twice takes the parser quadratic time. */
const MAX_LENGTH = 100_000
const MAX_ALIASES = 100

/** The text as a tree, read as the engine reads it: plain data only. Throws an `Error` where it is too long or deep. */
export function parse(text: string, lines?: LineCounter): Document {
  if (text.length > MAX_LENGTH) {
    const [length, limit] = [text.length, MAX_LENGTH].map((count) => count.toLocaleString('en'))
    throw new Error(`It has ${length} characters; at most ${limit} are read.`)
  }
  return parseDocument(text, {
    prettyErrors: false,
    schema: 'core',
    resolveKnownTags: false,
    ...(lines && { lineCounter: lines }),
  })
}

/** The data of a tree. Throws where aliases make too much of it. */
export const dataOf = (document: Document): unknown =>
  document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown

export function readConfig(text: string): ConfigDocument {
  const start = { line: 1, column: 1 }
  const broken = (message: string, place: Place = start): ConfigDocument => ({
    value: {},
    problem: { message, ...place },
    placeOf: () => place,
    pathAt: () => [],
  })
  const lines = new LineCounter()
  try {
    const document = parse(text, lines)
    const placeAt = (offset: number): Place => {
      const { line, col } = lines.linePos(offset)
      return { line: Math.max(1, line), column: Math.max(1, col) }
    }
    const [mistake] = document.errors
    if (mistake) return broken(mistake.message, placeAt(mistake.pos[0]))
    const { contents } = document
    if (contents !== null && !isMap(contents) && !(isScalar(contents) && contents.value === null))
      return broken('It must hold settings by name, such as `experiment:`.')
    return {
      value: (dataOf(document) ?? {}) as Record<string, unknown>,
      problem: undefined,
      placeOf: (path) => placeAt(offsetOf(document, path)),
      pathAt: ({ line, column }) => {
        const offset = (lines.lineStarts[line - 1] ?? text.length) + column - 1
        return innermost(document.contents, offset)
      },
    }
  } catch (thrown) {
    // Too long, nested too deeply for the parser's stack, or aliases without bound.
    return broken(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

interface Ranged {
  range?: readonly [start: number, end: number, next: number] | null
}

export const startOf = (node: unknown): number => (node as Ranged | null)?.range?.[0] ?? 0
const endOf = (node: unknown): number => (node as Ranged | null)?.range?.[1] ?? 0

/** The entry of a map with this key. */
export const pairOf = (map: { items: Pair[] }, key: string | number): Pair | undefined =>
  map.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = startOf(node)
  for (const key of path) {
    if (isAlias(node)) return offset
    const pair = isMap(node) ? pairOf(node, key) : undefined
    const next = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined
    if (!pair && next === undefined) return offset
    offset = startOf(pair ? pair.key : next)
    node = next
  }
  return offset
}

/** Of two that touch, the later one: a map in lines ends where the next key begins. */
function innermost(node: unknown, offset: number): Path {
  if (isMap(node)) {
    const pair = node.items.findLast(
      ({ key, value }) =>
        isScalar(key) && offset >= startOf(key) && offset <= Math.max(endOf(key), endOf(value)),
    )
    if (pair && isScalar(pair.key))
      return [String(pair.key.value), ...innermost(pair.value, offset)]
  }
  if (isSeq(node)) {
    const isHere = (item: unknown): boolean => offset >= startOf(item) && offset <= endOf(item)
    const index = node.items.findLastIndex(isHere)
    if (index >= 0) return [index, ...innermost(node.items[index], offset)]
  }
  return []
}
