// One compiled module parsed: what it imports and exports, and where in the user's source.
import {
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping'
import { type ImportExpression, type Node, type Pattern, type Program, parse } from 'acorn'
import type { CompiledModule } from '#protocol'
import { EngineError, type SourceLocation } from '#sdk'
import { LastKnown } from '../last-known.ts'

export interface ImportRequest {
  specifier: string
  /** Range of the quoted specifier in the code. */
  start: number
  end: number
  /** Named imports; `default` included, `*` left out. */
  names: { name: string; location: SourceLocation }[]
  location: SourceLocation
}

export interface ParsedModule {
  module: CompiledModule
  program: Program
  imports: ImportRequest[]
  exports: Set<string>
  /** Specifiers of `export * from`. */
  exportsAllOf: string[]
  /** Place in the user's source of a node of `program`. */
  locationOf(node: Node): SourceLocation
}

/** Maps positions of compiled code to the source: the nearest mapped position on the line. Columns from 1. */
export class SourceMapper {
  readonly #path: string
  readonly #map: TraceMap | undefined

  constructor(module: CompiledModule) {
    this.#path = module.path
    this.#map = module.map ? new TraceMap(module.map) : undefined
  }

  /** `line` from 1, `column` from 0. */
  locate(line: number, column: number): SourceLocation {
    if (!this.#map) return { file: this.#path, line, column: column + 1 }
    for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
      const found = originalPositionFor(this.#map, { line, column, bias })
      if (found.line !== null)
        return { file: this.#path, line: found.line, column: found.column + 1 }
    }
    return { file: this.#path, line, column: column + 1 }
  }
}

function nameOf(node: { type: string; name?: string; value?: unknown }): string {
  return node.type === 'Identifier' ? (node.name ?? '') : String(node.value)
}

/** Names that a pattern such as `{ a, b: [c] }` declares or assigns to. */
export function* boundNames(pattern: Pattern): Generator<string> {
  switch (pattern.type) {
    case 'Identifier':
      yield pattern.name
      break
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        yield* boundNames(property.type === 'RestElement' ? property.argument : property.value)
      }
      break
    case 'ArrayPattern':
      for (const element of pattern.elements) if (element) yield* boundNames(element)
      break
    case 'AssignmentPattern':
      yield* boundNames(pattern.left)
      break
    case 'RestElement':
      yield* boundNames(pattern.argument)
      break
    default:
      break
  }
}

/** Visits every node below `node`. */
export function visit(node: unknown, see: (node: Node) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const child of node) visit(child, see)
    return
  }
  if (!('type' in node) || typeof node.type !== 'string') return
  see(node as Node)
  for (const child of Object.values(node)) visit(child, see)
}

const known = new LastKnown<ParsedModule>()

/** Parses compiled code. Throws 'module.syntax' at the user's line. The same object for the same code: not to be written to. */
export function parseModule(module: CompiledModule): ParsedModule {
  const { path, code, map } = module
  return known.get(path, `${code}\n${map}`, () => parsedAnew(module))
}

function parsedAnew(module: CompiledModule): ParsedModule {
  const mapper = new SourceMapper(module)
  let program: Program
  try {
    program = parse(module.code, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
  } catch (thrown) {
    const at = (thrown as { loc?: { line: number; column: number } }).loc
    throw new EngineError({
      code: 'module.syntax',
      message: `${module.path} has a syntax error: ${(thrown as Error).message.replace(/ \(\d+:\d+\)$/, '')}`,
      source: at && mapper.locate(at.line, at.column),
      hint: 'fix the error at this line',
      cause: thrown,
    })
  }
  const locationOf = (node: Node): SourceLocation =>
    mapper.locate(node.loc!.start.line, node.loc!.start.column)
  const parsed: ParsedModule = {
    module,
    program,
    imports: [],
    exports: new Set(),
    exportsAllOf: [],
    locationOf,
  }
  const request = (
    node: Node,
    source: Node & { value?: unknown },
    names: ImportRequest['names'],
  ): void => {
    parsed.imports.push({
      specifier: String(source.value),
      start: source.start,
      end: source.end,
      names,
      location: locationOf(node),
    })
  }

  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      const names = node.specifiers.flatMap((specifier) => {
        if (specifier.type === 'ImportNamespaceSpecifier') return []
        const name =
          specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier.imported)
        return [{ name, location: locationOf(specifier) }]
      })
      request(node, node.source, names)
    } else if (node.type === 'ExportAllDeclaration') {
      request(node, node.source, [])
      if (node.exported) parsed.exports.add(nameOf(node.exported))
      else parsed.exportsAllOf.push(String(node.source.value))
    } else if (node.type === 'ExportDefaultDeclaration') {
      parsed.exports.add('default')
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const specifier of node.specifiers) parsed.exports.add(nameOf(specifier.exported))
      if (node.source) {
        const names = node.specifiers.map((s) => ({
          name: nameOf(s.local),
          location: locationOf(s),
        }))
        request(node, node.source, names)
      }
      const declaration = node.declaration
      if (declaration?.type === 'VariableDeclaration') {
        for (const { id } of declaration.declarations)
          for (const name of boundNames(id)) parsed.exports.add(name)
      } else if (declaration) {
        parsed.exports.add(declaration.id.name)
      }
    }
  }
  visit(program.body, (node) => {
    const source = node.type === 'ImportExpression' ? (node as ImportExpression).source : undefined
    if (source?.type === 'Literal' && typeof source.value === 'string') request(node, source, [])
  })
  return parsed
}
