// Edits of single settings in a text of YAML that leave the rest as it was written: every comment, every blank line.
import { type Document, isMap, isSeq } from 'yaml'
import { dataOf, parse, type Path } from './document.ts'
import { addition, removal, replacement, type Splice, swap } from './splice.ts'
import { emptyFor, valueAt, withoutValue, withSwapped, withValue } from './values.ts'

const read = (text: string): { document: Document; data: unknown } => {
  const document = parse(text)
  const [mistake] = document.errors
  if (mistake) throw new Error(`The text has a mistake; correct it first: ${mistake.message}`)
  return { document, data: dataOf(document) ?? {} }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What a text comes to, or nothing where it is broken. */
function meaningOf(text: string): unknown {
  try {
    return read(text).data
  } catch {
    return undefined
  }
}

/**
 * The text with one place changed so that it says `wanted`. Where the place is written in a way that cannot be
 * spliced, the library writes the file anew, which keeps comments; throws where that says something else too, as with
 * an alias that another setting shares.
 */
function edited(
  text: string,
  wanted: unknown,
  spliceOf: () => Splice | undefined,
  change: (document: Document) => void,
  path: Path,
): string {
  const splice = spliceOf()
  if (splice) {
    const next = text.slice(0, splice.start) + splice.text + text.slice(splice.end)
    if (isSame(meaningOf(next), wanted)) return next
  }
  try {
    const { document } = read(text)
    change(document)
    const next = document.toString({ lineWidth: 0, flowCollectionPadding: true })
    if (isSame(meaningOf(next), wanted)) return next
  } catch {
    // Told below.
  }
  throw new Error(
    `${nameOf(path)} is written with an alias or in a way that cannot be changed from here; change it in the text.`,
  )
}

const nameOf = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')

/** Throws an `Error` where a path leads through something that has no such place. */
function refuseDeadEnd(data: unknown, path: Path): void {
  for (const [depth, key] of path.entries()) {
    const [name, parent] = [nameOf(path.slice(0, depth)), valueAt(data, path.slice(0, depth))]
    if (parent === undefined) return
    if (typeof parent !== 'object')
      throw new Error(
        `${name} is ${JSON.stringify(parent)}, which has nothing inside. Set ${name} itself, such as { name: …, config: {…} }.`,
      )
    if (Array.isArray(parent) && !(typeof key === 'number' && key <= parent.length))
      throw new Error(
        `${name} is a list of ${parent.length}, which has no '${key}'. Name one of it as ${name}[0], or the next as ${name}[${parent.length}].`,
      )
  }
}

/**
 * The text with `value` at `path`; what is missing on the way is made. Throws an `Error` for a broken text, and where
 * something that has no such place stands in the way.
 */
export function setValue(text: string, path: Path, value: unknown): string {
  const { document, data } = read(text)
  refuseDeadEnd(data, path)
  const wanted = withValue(data, path, value)
  if (isSame(data, wanted)) return text
  return edited(
    text,
    wanted,
    () => replacement(text, document, path, value) ?? addition(text, document, path, value),
    (changed) => {
      for (const [depth] of path.entries()) {
        const at = path.slice(0, depth)
        const there = changed.getIn(at)
        if (!isMap(there) && !isSeq(there))
          changed.setIn(at, changed.createNode(emptyFor(path[depth]!)))
      }
      changed.setIn(path, changed.createNode(value))
    },
    path,
  )
}

/** The text without the key or item at `path`. */
export function removeValue(text: string, path: Path): string {
  const { document, data } = read(text)
  const wanted = withoutValue(data, path)
  if (isSame(data, wanted)) return text
  return edited(
    text,
    wanted,
    () => removal(text, document, path),
    (changed) => void changed.deleteIn(path),
    path,
  )
}

/** The text in which the item at `path` and the next one have changed places. */
export function swapWithNext(text: string, path: Path): string {
  const { document, data } = read(text)
  const wanted = withSwapped(data, path)
  const parent = path.slice(0, -1)
  return edited(
    text,
    wanted,
    () => swap(text, document, path),
    (changed) => changed.setIn(parent, changed.createNode(valueAt(wanted, parent))),
    path,
  )
}
