// Values as text to read and to compare line by line, whatever they are.
import * as tf from '@tensorflow/tfjs'

/** The rest of deeper, longer or larger values is left out. */
const MAX_DEPTH = 8
const MAX_ITEMS = 200
const MAX_STRING = 2000
/** Arrays of numbers up to this length of text stand on one line. */
const SHORT = 80

/** A value as indented lines, one for each key, so that a difference shows as a line. Never throws. */
export function readable(value: unknown): string {
  return textOf(value, '', [])
}

/** `around` are the objects that this one lies in. */
function textOf(value: unknown, indent: string, around: readonly object[]): string {
  try {
    if (typeof value === 'string') return JSON.stringify(clipped(value))
    if (typeof value === 'bigint') return `${value}n`
    if (Object.is(value, -0)) return '-0'
    if (typeof value === 'function') return `[function ${value.name || 'without a name'}]`
    if (typeof value !== 'object' || value === null) return String(value)
    if (around.includes(value)) return '[circular]'
    if (around.length === MAX_DEPTH) return '…'
    return objectText(value, indent, [...around, value])
  } catch {
    // A getter or a proxy that throws.
    return '[unreadable]'
  }
}

const clipped = (text: string): string =>
  text.length > MAX_STRING ? `${text.slice(0, MAX_STRING)}…` : text

function objectText(value: object, indent: string, around: readonly object[]): string {
  const inner = `${indent}  `
  const nested = (item: unknown): string => textOf(item, inner, around)
  if (value instanceof tf.Tensor) return `Tensor(${value.dtype} [${value.shape.join(', ')}])`
  if (value instanceof Date || value instanceof RegExp) return String(value)
  if (value instanceof Error) return `[${clipped(`${value.name}: ${value.message}`)}]`
  const matcher = Reflect.get(value, 'toAsymmetricMatcher')
  if (typeof matcher === 'function') return clipped(String(Reflect.apply(matcher, value, [])))
  const name = Object.getPrototypeOf(value)?.constructor?.name
  const title = name === undefined || name === 'Object' || name === 'Array' ? '' : `${name} `
  if (Array.isArray(value) || isTyped(value)) {
    const items = list(value.length, (index) => nested(value[index]))
    const line = `${title}[${items.join(', ')}]`
    const isPlain = items.every((item) => !item.includes('\n'))
    return isPlain && line.length <= SHORT ? line : `${title}${block('[', items, ']', indent)}`
  }
  if (value instanceof Map) {
    const items = taken(value).map(([key, item]) => `${nested(key)} => ${nested(item)}`)
    return `${title}${block('{', withRest(items, value.size), '}', indent)}`
  }
  if (value instanceof Set) {
    return `${title}${block('{', withRest(taken(value).map(nested), value.size), '}', indent)}`
  }
  // Keys in one order: the order they were set in is no difference.
  const keys = Object.keys(value).toSorted()
  const items = list(keys.length, (index) => {
    const key = keys[index]!
    return `${/^[\w$]+$/.test(key) ? key : JSON.stringify(clipped(key))}: ${nested(Reflect.get(value, key))}`
  })
  return `${title}${block('{', items, '}', indent)}`
}

const isTyped = (value: object): value is Float32Array =>
  ArrayBuffer.isView(value) && 'length' in value

function taken<T>(items: Iterable<T>): T[] {
  const first: T[] = []
  for (const item of items) if (first.push(item) === MAX_ITEMS) break
  return first
}

const list = (length: number, text: (index: number) => string): string[] =>
  withRest(
    Array.from({ length: Math.min(length, MAX_ITEMS) }, (_, index) => text(index)),
    length,
  )

const withRest = (items: string[], total: number): string[] =>
  total > items.length ? [...items, `… ${total - items.length} more`] : items

function block(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return open + close
  return `${open}\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}${close}`
}
