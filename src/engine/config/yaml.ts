// YAML with places: every value of a document leads to its line and column. Holds against any text.
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  Parser,
} from 'yaml'
import { EngineError, type SourceLocation } from '#sdk'
import { LastKnown } from '../last-known.ts'

/** Position of a value path in the file; of its nearest parent when it is not there. */
export type Locate = (path: readonly PropertyKey[]) => SourceLocation

export interface YamlDocument {
  /** Plain data; `undefined` when there are problems. */
  value: unknown
  problems: EngineError[]
  locate: Locate
}

/** Longest text that is read: the parser takes a second for it. */
const MAX_LENGTH = 100_000
/** Most levels of lists and maps inside each other. */
const MAX_DEPTH = 50
/** More aliases than this, or uses of one anchor, are taken for an attempt to blow up memory. */
const MAX_ALIASES = 100
/** Problems told of one file: what comes after a few is mostly noise of the first. */
const MAX_PROBLEMS = 20

interface Finding {
  message: string
  offset: number
  hint?: string | undefined
}

/**
 * Parses YAML text, JSON included. Nothing is dropped or replaced in silence: unknown tags, keys that are there
 * twice, aliases without an anchor are problems at their place, as are texts too long or nested too deeply.
 */
export function parseYaml(text: string, file: string): YamlDocument {
  const document = known.get(file, text, () => parsedAnew(text, file))
  // What plugins are given of it is theirs to change.
  return { ...document, value: structuredClone(document.value) }
}

const known = new LastKnown<YamlDocument>()

function parsedAnew(text: string, file: string): YamlDocument {
  const lines = new LineCounter()
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const refuse = (findings: readonly Finding[], locate: Locate = () => at(0)): YamlDocument => {
    const problems = findings.slice(0, MAX_PROBLEMS).map(
      ({ message, offset, hint = 'check indentation, quotes and colons at this line' }) =>
        new EngineError({
          code: 'config.syntax',
          message: `${file}: ${message}`,
          source: at(offset),
          hint,
        }),
    )
    return { value: undefined, problems, locate }
  }
  const limit = limitOf(text, lines)
  if (limit) return refuse([limit])

  const document = parseDocument(text, {
    prettyErrors: false,
    // Its own check takes quadratic time.
    uniqueKeys: false,
    // Whatever version a text says it is: plain data only, no dates, sets or bytes.
    schema: 'core',
    resolveKnownTags: false,
  })
  const locate = locator(document, at)
  const broken = [...document.errors, ...document.warnings].map(
    ({ code, message, pos: [offset] }): Finding =>
      // The parser goes on to tell which function of its own to call.
      code === 'MULTIPLE_DOCS'
        ? { message: 'there is more than one document', offset, hint: ONE }
        : { message, offset },
  )
  const findings = broken.length > 0 ? broken : findingsOf(document)
  if (findings.length > 0) return refuse(findings, locate)
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    const excess = excessOf(value)
    if (!excess) return { value, problems: [], locate }
    const offset = offsetOf(document, excess.path)
    return refuse([{ message: excess.message, offset, hint: FEWER }], locate)
  } catch (thrown) {
    return refuse([{ message: (thrown as Error).message, offset: 0, hint: FEWER }], locate)
  }
}

const TOO_DEEP = `lists and maps are nested deeper than ${MAX_DEPTH} levels`
const ONE = 'take out the line `---` and what does not belong here'
const FEWER = 'use fewer levels and fewer aliases'

/** What keeps a text from being parsed at all. A deep one would overflow the parser's stack, which ends the engine. Fills `lines`. */
function limitOf(text: string, lines: LineCounter): Finding | undefined {
  if (text.length > MAX_LENGTH) {
    return {
      message: `the file has ${text.length} characters, but at most ${MAX_LENGTH} are read`,
      offset: 0,
      hint: 'move data into files under data/',
    }
  }
  lines.addNewLine(0)
  const parser = new Parser(lines.addNewLine)
  let offset = 0
  for (const lexeme of new Lexer().lex(text)) {
    offset += lexeme.length
    for (const _ of parser.next(lexeme)) continue
    // Up to three entries a level.
    if (parser.stack.length > 3 * MAX_DEPTH + 3) return { message: TOO_DEEP, offset, hint: FEWER }
  }
  return undefined
}

/** Keys that would be lost or change their meaning, and aliases that lead nowhere or into themselves. */
function findingsOf(document: Document): Finding[] {
  const findings: Finding[] = []
  const anchors = new Map<string, unknown>()
  let aliases = 0

  function visitAlias({ source, range }: Alias, above: readonly unknown[]): void {
    const target = anchors.get(source)
    const [message, hint] =
      ++aliases > MAX_ALIASES
        ? [`there are more than ${MAX_ALIASES} aliases`, FEWER]
        : !target
          ? [`there is no anchor \`${source}\``, 'an anchor stands before its aliases']
          : above.includes(target)
            ? ['a value holds itself', 'write the value out']
            : []
    if (message) findings.push({ message, offset: range?.[0] ?? 0, hint })
  }

  function keyProblem(key: unknown, seen: Set<string>): string | undefined {
    if (!isScalar(key)) return 'a key is a list, a map or an alias'
    const name = String(key.value)
    if (name === '__proto__') return '`__proto__` cannot be a key'
    return seen.has(name) ? `\`${name}\` is there twice` : void seen.add(name)
  }

  function visit(node: unknown, above: readonly unknown[]): void {
    if (isAlias(node)) return visitAlias(node, above)
    if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node)
    if (!isCollection(node)) return
    const inside = [...above, node]
    const seen = new Set<string>()
    for (const item of node.items) {
      const message = isPair(item) ? keyProblem(item.key, seen) : undefined
      const at = (isPair(item) ? (item.key as Node | null) : null) ?? node
      if (message !== undefined)
        findings.push({
          message,
          offset: at.range?.[0] ?? 0,
          hint: 'keys are names, each one once',
        })
      visit(isPair(item) ? item.value : item, inside)
    }
  }

  visit(document.contents, [])
  return findings
}

/** What aliases make too much of, though the text itself is within bounds: levels, or values in all. */
function excessOf(value: unknown): { message: string; path: readonly string[] } | undefined {
  let count = 0
  const visit = (at: unknown, path: readonly string[]): ReturnType<typeof excessOf> => {
    if (++count > MAX_LENGTH) return { message: `there are more than ${MAX_LENGTH} values`, path }
    if (typeof at !== 'object' || at === null) return undefined
    if (path.length >= MAX_DEPTH) return { message: TOO_DEEP, path }
    for (const [key, child] of Object.entries(at)) {
      const found = visit(child, [...path, key])
      if (found) return found
    }
    return undefined
  }
  return visit(value, [])
}

/** Offset in the text of a value path, or of its nearest parent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      )
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined
      if (!item) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}

const locator =
  (document: Document, at: (offset: number) => SourceLocation): Locate =>
  (path) =>
    at(offsetOf(document, path))
