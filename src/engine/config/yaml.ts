// YAML with places: every value of a document leads to its line and column.
import { isMap, isSeq, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { EngineError, type SourceLocation } from '#sdk'

/** Position of a value path in the file; of its nearest parent when it is not there. */
export type Locate = (path: readonly PropertyKey[]) => SourceLocation

export interface YamlDocument {
  value: unknown
  problems: EngineError[]
  locate: Locate
}

/** More aliases than this are taken for an attempt to blow up memory. */
const MAX_ALIASES = 100

/** Whether a value holds itself, as an alias inside of its own anchor does. */
function isCircular(value: unknown, above: readonly object[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (above.includes(value)) return true
  return Object.values(value).some((child) => isCircular(child, [...above, value]))
}

/** Parses YAML text. Syntax errors and duplicate keys are problems with their place; `value` is then what could be read. */
export function parseYaml(text: string, file: string): YamlDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  })
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems = document.errors.map(
    (error) =>
      new EngineError({
        code: 'config.syntax',
        message: `${file}: ${error.message}`,
        source: at(error.pos[0]),
        hint: 'check indentation, quotes and colons at this line',
      }),
  )
  const locate: Locate = (path) => {
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
    return at(offset)
  }
  const refuseAliases = (reason: string): YamlDocument => {
    const error = new EngineError({
      code: 'config.syntax',
      message: `${file}: ${reason}`,
      source: at(0),
      hint: 'write the value out where it is used, or use fewer aliases',
    })
    return { value: undefined, problems: [...problems, error], locate }
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return isCircular(value) ? refuseAliases('a value holds itself') : { value, problems, locate }
  } catch (thrown) {
    return refuseAliases((thrown as Error).message)
  }
}
