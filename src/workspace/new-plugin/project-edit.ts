// Changes of plugboard.yaml that leave all else as it was written: every comment, every blank line.
import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  stringify,
} from 'yaml'

/** A value to put at a path; `isItem`: at the end of the list there. */
export interface Edit {
  readonly path: readonly string[]
  readonly value: unknown
  readonly isItem?: boolean
}

/** No project file is longer; to look for keys that stand twice takes the parser quadratic time. */
const MAX_LENGTH = 200_000

/** What a project file says, or `undefined` when it has mistakes or is no map. */
export function readProject(text: string): Record<string, unknown> | undefined {
  if (text.length > MAX_LENGTH) return undefined
  try {
    const document = parseDocument(text)
    if (document.errors.length > 0) return undefined
    if (document.contents === null) return {}
    return isMap(document.contents) ? (document.toJS() as Record<string, unknown>) : undefined
  } catch {
    // Nested too deep for the parser, or with aliases of aliases that stand for too much: the engine says where.
    return undefined
  }
}

/** What stands at a path of a project; `undefined` for nothing. */
export function valueAt(project: unknown, path: readonly string[]): unknown {
  let value = project
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value ?? undefined
}

/**
 * `text`, in which `readProject` finds no mistakes, with the edit. Throws an `Error` where the path leads through
 * something that has nothing inside.
 */
export function withEdit(text: string, edit: Edit): string {
  const changed = parseDocument(text)
  set(changed, edit)
  const project: unknown = changed.toJS()
  const spliced = splice(text, parseDocument(text), edit, project)
  const isRight = JSON.stringify(readProject(spliced)) === JSON.stringify(project)
  // Rare forms are left to the library, which keeps comments but writes all of the file in its own way.
  return isRight ? spliced : changed.toString({ lineWidth: 0 })
}

/** The edit as lines that one could write. */
export const linesOf = ({ path, value, isItem }: Edit): string =>
  nested(path, isItem ? [value] : value, '')

function set(document: Document, { path, value, isItem }: Edit): void {
  // A key with nothing after it has room for all that may come.
  for (const [depth] of path.entries()) {
    const at = path.slice(0, depth)
    if (document.getIn(at) === null) document.setIn(at, document.createNode({}))
  }
  const isAppended = isItem && isSeq(document.getIn(path))
  if (isAppended) document.addIn(path, document.createNode(value))
  else document.setIn(path, document.createNode(isItem ? [value] : value))
}

/** `{ a: 1, b: [2, 3] }`, on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return stringify(value).trim()
  const entries = Object.entries(value).map(([key, each]) => `${flow(key)}: ${flow(each)}`)
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}'
}

/** Keys of a path one below the other, the value on the line of the last. */
function nested([key, ...rest]: readonly string[], value: unknown, indent: string): string {
  if (rest.length === 0) return `${indent}${flow(key)}: ${flow(value)}`
  return `${indent}${flow(key)}:\n${nested(rest, value, `${indent}  `)}`
}

/**
 * The text with the edit written into it: a new line where there is room for one, else in place of the value that
 * holds it. `project` is what it comes to.
 */
function splice(text: string, document: Document, edit: Edit, project: unknown): string {
  const { path, isItem } = edit
  const value = isItem ? [edit.value] : edit.value
  let map: unknown = document.contents
  for (const [depth, key] of path.entries()) {
    if (!isMap(map)) break
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key)
    if (!pair)
      return addLines(text, map.items, (indent) => nested(path.slice(depth), value, indent))
    const isLast = depth === path.length - 1
    if (isLast && isItem && isSeq(pair.value) && !pair.value.flow)
      return addLines(text, pair.value.items, (indent) => `${indent}- ${flow(edit.value)}`)
    if (isLast || !isMap(pair.value) || pair.value.flow)
      return replaceValue(text, pair, flow(valueAt(project, path.slice(0, depth + 1))))
    map = pair.value
  }
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${linesOf(edit)}\n`
}

/** Lines after those of `items`, which stand one below the other. */
function addLines(text: string, items: unknown[], lines: (indent: string) => string): string {
  const [first, last] = [items[0], items.at(-1)]
  const start = startOf(first)
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).replace(/-\s*$/, '')
  // A text of several lines ends where the next line begins.
  const end = text.slice(0, endOf(last)).trimEnd().length
  const lineEnd = text.indexOf('\n', end)
  const at = lineEnd < 0 ? text.length : lineEnd
  return `${text.slice(0, at)}\n${lines(indent)}${text.slice(at)}`
}

/** `value` after the key of `pair`, in place of what is there. */
function replaceValue(text: string, pair: Pair, value: string): string {
  const colon = text.indexOf(':', endOf(pair.key)) + 1
  const end = Math.max(colon, endOf(pair.value))
  return `${text.slice(0, colon)} ${value}${text.slice(end)}`
}

interface Ranged {
  range?: readonly [start: number, end: number, next: number] | null
}

const isPair = (node: unknown): node is Pair =>
  typeof node === 'object' && node !== null && 'key' in node && 'value' in node

const startOf = (node: unknown): number =>
  isPair(node) ? startOf(node.key) : ((node as Ranged).range?.[0] ?? 0)

/** Where a node ends, without the space, comments and lines after it; 0 for nothing. */
function endOf(node: unknown): number {
  if (isPair(node)) return Math.max(endOf(node.key), endOf(node.value))
  if (node === null || (isScalar(node) && node.value === null && node.source === '')) return 0
  if (isCollection(node) && !node.flow && node.items.length > 0) return endOf(node.items.at(-1))
  return (node as Ranged).range?.[1] ?? 0
}
