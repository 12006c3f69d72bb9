// Manifests read from the syntax tree of compiled code: constants only, nothing is run.
import type {
  CallExpression,
  Expression,
  Node,
  ObjectExpression,
  Property,
  SpreadElement,
} from 'acorn'
import { EngineError, type Manifest, manifestSchema, type SourceLocation } from '#sdk'
import { type ParsedModule, visit } from '../modules/index.ts'
import { issuesOf } from './issues.ts'

interface FoundManifest {
  manifest: Manifest
  source: SourceLocation
}

const MAKERS = new Set(['plugin', 'definePlugin'])

class NotConstant {
  readonly node: Node
  constructor(node: Node) {
    this.node = node
  }
}

function keyOf(property: Property | SpreadElement): string | undefined {
  if (property.type !== 'Property' || property.computed) return undefined
  const { key } = property
  return key.type === 'Identifier'
    ? key.name
    : key.type === 'Literal'
      ? String(key.value)
      : undefined
}

function find(object: ObjectExpression, key: string): Property | undefined {
  return object.properties.find((property): property is Property => keyOf(property) === key)
}

/** Reads constants; names of constants at the top of the module count as constants. */
class ConstantReader {
  readonly #constants = new Map<string, Expression>()

  constructor({ program }: ParsedModule) {
    for (const node of program.body) {
      const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node
      if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue
      for (const { id, init } of declaration.declarations) {
        if (id.type === 'Identifier' && init) this.#constants.set(id.name, init)
      }
    }
  }

  /** The expression behind a name. */
  follow(node: Expression): Expression {
    let at = node
    for (let steps = 0; at.type === 'Identifier' && steps < 20; steps++) {
      const next = this.#constants.get(at.name)
      if (!next) break
      at = next
    }
    return at
  }

  /** The value of a constant expression. Throws `NotConstant`. */
  read(written: Expression): unknown {
    const node = this.follow(written)
    switch (node.type) {
      case 'Literal':
        if (node.regex || node.bigint !== undefined) throw new NotConstant(node)
        return node.value
      case 'TemplateLiteral':
        if (node.expressions.length > 0) throw new NotConstant(node)
        return node.quasis[0]?.value.cooked
      case 'UnaryExpression': {
        const value = this.read(node.argument)
        if (node.operator !== '-' || typeof value !== 'number') throw new NotConstant(node)
        return -value
      }
      case 'ArrayExpression':
        return node.elements.map((element) => {
          if (!element || element.type === 'SpreadElement') throw new NotConstant(element ?? node)
          return this.read(element)
        })
      case 'ObjectExpression': {
        const entries = node.properties.map((property): [string, unknown] => {
          const key = keyOf(property)
          if (key === undefined || property.type !== 'Property') throw new NotConstant(property)
          return [key, this.read(property.value)]
        })
        return Object.fromEntries(entries)
      }
      default:
        throw new NotConstant(node)
    }
  }

  /** The node that a path of keys leads to, or the nearest one above it. */
  nodeAt(root: Expression, path: readonly PropertyKey[]): Node {
    let at: Expression = this.follow(root)
    for (const key of path) {
      if (at.type === 'ObjectExpression') {
        const property = find(at, String(key))
        if (!property) return at
        at = this.follow(property.value)
      } else if (at.type === 'ArrayExpression') {
        const element = at.elements[Number(key)]
        if (!element || element.type === 'SpreadElement') return at
        at = this.follow(element)
      } else return at
    }
    return at
  }
}

/** Calls of `plugin` and `definePlugin` as this module has imported them. */
function makerCalls({ program }: ParsedModule): CallExpression[] {
  const locals = new Set<string>()
  const namespaces = new Set<string>()
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration' || node.source.value !== 'plugboard') continue
    for (const specifier of node.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') namespaces.add(specifier.local.name)
      else if (specifier.type === 'ImportSpecifier') {
        const { imported } = specifier
        if (imported.type === 'Identifier' && MAKERS.has(imported.name))
          locals.add(specifier.local.name)
      }
    }
  }
  const calls: CallExpression[] = []
  visit(program.body, (node) => {
    if (node.type !== 'CallExpression') return
    const { callee } = node as CallExpression
    const isMaker =
      (callee.type === 'Identifier' && locals.has(callee.name)) ||
      (callee.type === 'MemberExpression' &&
        callee.object.type === 'Identifier' &&
        namespaces.has(callee.object.name) &&
        callee.property.type === 'Identifier' &&
        MAKERS.has(callee.property.name))
    if (isMaker) calls.push(node as CallExpression)
  })
  return calls
}

/**
 * The manifests of all plugins that a module defines, in source order. Every problem is located in the
 * user's file; a module that defines no plugin gives neither.
 */
export function readManifests(parsed: ParsedModule): {
  manifests: FoundManifest[]
  problems: EngineError[]
} {
  const reader = new ConstantReader(parsed)
  const manifests: FoundManifest[] = []
  const problems: EngineError[] = []
  const file = parsed.module.path
  for (const call of makerCalls(parsed)) {
    const argument = call.arguments[0]
    const spec = argument && argument.type !== 'SpreadElement' ? reader.follow(argument) : undefined
    const written = spec?.type === 'ObjectExpression' ? find(spec, 'manifest')?.value : undefined
    if (!written) {
      problems.push(
        new EngineError({
          code: 'manifest.missing',
          message: `a plugin in ${file} has no manifest that can be read without running it`,
          source: parsed.locationOf(call),
          hint: 'write the manifest as an object literal: `plugin({ manifest: { name: …, version: … } })`',
        }),
      )
      continue
    }
    try {
      const result = manifestSchema.safeParse(reader.read(written))
      if (result.success) {
        manifests.push({
          manifest: result.data,
          source: parsed.locationOf(reader.nodeAt(written, ['name'])),
        })
        continue
      }
      for (const { path, message } of issuesOf(result.error, reader.read(written))) {
        problems.push(
          new EngineError({
            code: 'manifest.invalid',
            message: `manifest in ${file}: ${message}`,
            source: parsed.locationOf(reader.nodeAt(written, path)),
          }),
        )
      }
    } catch (thrown) {
      if (!(thrown instanceof NotConstant)) throw thrown
      problems.push(
        new EngineError({
          code: 'manifest.invalid',
          message: `the manifest in ${file} is computed, but it must be known without running code`,
          source: parsed.locationOf(thrown.node),
          hint: 'use literals here, or names of constants at the top of this file',
        }),
      )
    }
  }
  return { manifests, problems }
}
