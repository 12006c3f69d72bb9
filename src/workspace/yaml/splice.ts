// Where in a text of YAML a setting is added, replaced or removed. Nothing here is trusted: the result is read again.
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { pairOf, type Path, startOf } from './document.ts'
import { behindKey, flow, inside, item, nested } from './flow.ts'

/** `text` in place of what stands from `start` to `end`. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

type Collection = YAMLMap | YAMLSeq

/** The map or list that has the last key of a path, with what it has there. */
interface Found {
  readonly parent: Collection
  /** Of a map. */
  readonly pair: Pair | undefined
  readonly node: unknown
  readonly index: number
}

function find(document: Document, path: Path): Found | undefined {
  let node: unknown = document.contents
  let found: Found | undefined
  for (const key of path) {
    if (isMap(node)) {
      const pair = pairOf(node, key)
      if (!pair) return undefined
      found = { parent: node, pair, node: pair.value, index: node.items.indexOf(pair) }
    } else if (isSeq(node)) {
      const index = Number(key)
      if (!(index < node.items.length)) return undefined
      found = { parent: node, pair: undefined, node: node.items[index], index }
    } else return undefined
    node = found.node
  }
  return found
}

interface Ranged {
  range?: readonly [start: number, end: number, next: number] | null
}

const isEmpty = (node: unknown): boolean =>
  node === null || (isScalar(node) && node.value === null && node.source === '')

const isInLines = ({ flow: isFlow, items }: Collection): boolean => !isFlow && items.length > 0

const isBlock = (node: unknown): node is Collection => isCollection(node) && isInLines(node)

/** Where a node ends, without space, comments and lines after it. */
function endOf(node: unknown): number {
  if (isEmpty(node)) return 0
  if (isBlock(node)) return endOfItem(node.items.at(-1))
  return (node as Ranged).range?.[1] ?? 0
}

const isPair = (item: unknown): item is Pair =>
  typeof item === 'object' && item !== null && 'key' in item && 'value' in item

const endOfItem = (item: unknown): number =>
  isPair(item) ? Math.max(endOf(item.key), endOf(item.value)) : endOf(item)
const startOfItem = (item: unknown): number => startOf(isPair(item) ? item.key : item)

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1
const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

/** Behind the text that ends at `end`; of a text in several lines before the end of the last. */
const trimmed = (text: string, end: number): number => text.slice(0, end).trimEnd().length

/** `value` where the setting stands now. */
export function replacement(
  text: string,
  document: Document,
  path: Path,
  value: unknown,
): Splice | undefined {
  const found = find(document, path)
  return found && inPlace(text, found, value)
}

/** What a line begins with, up to the key that stands at `offset`. */
const indentAt = (text: string, offset: number): string =>
  text.slice(lineStart(text, offset), offset).replaceAll(/[-?]/g, ' ')

function inPlace(text: string, found: Found, value: unknown): Splice | undefined {
  const { parent, pair, node } = found
  const written = flow(value)
  if (isAlias(node)) return { start: startOf(node), end: endOf(node), text: written }
  if (!pair) {
    if (isEmpty(node)) return undefined
    return { start: startOf(node), end: trimmed(text, endOf(node)), text: written }
  }
  const colon = text.indexOf(':', endOf(pair.key)) + 1
  const start = isEmpty(node) ? colon : startOf(node)
  const end = isEmpty(node) ? colon : trimmed(text, endOf(node))
  // What stands between a key and its lines are comments.
  const between = isBlock(node) ? text.slice(colon, start).trimEnd() : ''
  const key = startOf(pair.key)
  const indent = indentAt(text, key)
  const behind = behindKey(value, indent + text.slice(key, colon - 1), indent).slice(1)
  if (behind.startsWith('\n') && !parent.flow)
    return { start: colon, end, text: between + behind.replaceAll('\n', eolOf(text)) }
  if (isEmpty(node) || isBlock(node)) return { start: colon, end, text: ` ${written}${between}` }
  return { start, end, text: written }
}

/** `value` where nothing of its name stands: in the innermost part of the path that there is. */
export function addition(
  text: string,
  document: Document,
  path: Path,
  value: unknown,
): Splice | undefined {
  if (isEmpty(document.contents)) {
    const isEnded = text === '' || text.endsWith('\n')
    const lines = nested(path, value, '').replaceAll('\n', eolOf(text)) + eolOf(text)
    return { start: text.length, end: text.length, text: (isEnded ? '' : eolOf(text)) + lines }
  }
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const found = find(document, path.slice(0, depth))
    const node = depth === 0 ? document.contents : found?.node
    const rest = path.slice(depth)
    if (isMap(node) || isSeq(node)) {
      if (isInLines(node)) return newLines(text, node, rest, value)
      if (node.items.length > 0) return newInFlow(text, node, rest, value)
      return found && inPlace(text, found, inside(rest, value))
    }
    // A key with nothing after it has room for all that may come.
    if (found) return isEmpty(node) ? inPlace(text, found, inside(rest, value)) : undefined
  }
  return undefined
}

/** Lines behind the last of a map or list whose entries stand one below the other. */
function newLines(text: string, node: Collection, rest: Path, value: unknown): Splice {
  const first = startOfItem(node.items[0])
  const before = text.slice(lineStart(text, first), first)
  const end = trimmed(text, endOfItem(node.items.at(-1)))
  const lineEnd = text.indexOf('\n', end)
  const at = lineEnd < 0 ? text.length : text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd
  const lines = isSeq(node)
    ? item(inside(rest.slice(1), value), before.replace(/-\s*$/, ''))
    : nested(rest, value, indentAt(text, first))
  const eol = eolOf(text)
  return { start: at, end: at, text: eol + lines.replaceAll('\n', eol) }
}

/** Behind the last entry between brackets. */
function newInFlow(text: string, node: Collection, rest: Path, value: unknown): Splice {
  const end = endOfItem(node.items.at(-1))
  const [key, ...inner] = rest
  const written = flow(inside(inner, value))
  return { start: end, end, text: isSeq(node) ? `, ${written}` : `, ${flow(key)}: ${written}` }
}

/** Takes the setting out, with its own line and the comment on it. */
export function removal(text: string, document: Document, path: Path): Splice | undefined {
  const found = find(document, path)
  if (!found) return undefined
  const { parent, index } = found
  const item = parent.items[index]
  const [start, end] = [startOfItem(item), trimmed(text, endOfItem(item))]
  if (parent.items.length === 1) {
    const holder = find(document, path.slice(0, -1))
    if (holder) return inPlace(text, holder, isSeq(parent) ? [] : {})
  }
  if (parent.flow) {
    const after = /^\s*,[ \t]*/.exec(text.slice(end))?.[0].length ?? 0
    if (index < parent.items.length - 1) return { start, end: end + after, text: '' }
    const before = /,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0
    return { start: start - before, end, text: '' }
  }
  const line = lineStart(text, start)
  const isAlone = /^\s*(?:-\s+)?$/.test(text.slice(line, start))
  const isDashed = text.slice(line, start).trim() !== ''
  // `- name: a` is also the line of its list, and `- - a` that of two.
  if (!isAlone || isDashed !== isSeq(parent)) return undefined
  const lineEnd = text.indexOf('\n', end)
  return { start: line, end: lineEnd < 0 ? text.length : lineEnd + 1, text: '' }
}

/** An item and the next one, each in the place of the other. */
export function swap(text: string, document: Document, path: Path): Splice | undefined {
  const found = find(document, path)
  const next = found?.parent.items[found.index + 1]
  if (!found || next === undefined) return undefined
  const [a, b] = [found.node, next]
  const [start, endA] = [startOf(a), trimmed(text, endOf(a))]
  const [startB, end] = [startOf(b), trimmed(text, endOf(b))]
  const swapped = text.slice(startB, end) + text.slice(endA, startB) + text.slice(start, endA)
  return { start, end, text: swapped }
}
