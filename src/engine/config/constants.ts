// Constants read from a syntax tree: literals, and names that stand for them.
import type {
  AssignmentExpression,
  Expression,
  ForInStatement,
  ForOfStatement,
  Node,
  ObjectExpression,
  Pattern,
  Property,
  SpreadElement,
  TryStatement,
  UpdateExpression,
} from 'acorn'
import { boundNames, type ParsedModule, visit } from '../modules/index.ts'

/** Thrown for what only running the code would tell. */
export class NotConstant {
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

/** The property that an object literal gives a key. */
export function propertyOf(object: ObjectExpression, key: string): Property | undefined {
  return object.properties.find((property): property is Property => keyOf(property) === key)
}

/** Names that the module writes to after they were declared, with how often. */
function countWrites({ program }: ParsedModule): Map<string, number> {
  const counts = new Map<string, number>()
  const count = (target: Pattern): void => {
    for (const name of boundNames(target)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  visit(program.body, (node) => {
    if (node.type === 'AssignmentExpression') count((node as AssignmentExpression).left)
    else if (node.type === 'UpdateExpression') count((node as UpdateExpression).argument as Pattern)
    else if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') {
      const { left } = node as ForOfStatement | ForInStatement
      if (left.type !== 'VariableDeclaration') count(left)
    }
  })
  return counts
}

/** Most values and levels of one constant: names can stand for more than a text could hold, or for themselves. */
const MAX_VALUES = 10_000
const MAX_DEPTH = 50

/** Reads constants; names of constants at the top of the module count as constants. */
export class ConstantReader {
  readonly #constants = new Map<string, Expression>()
  #count = 0

  constructor(parsed: ParsedModule) {
    for (const node of parsed.program.body) {
      const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node
      if (declaration?.type === 'VariableDeclaration' && declaration.kind === 'const') {
        for (const { id, init } of declaration.declarations)
          if (id.type === 'Identifier' && init) this.#constants.set(id.name, init)
      } else if (node.type === 'TryStatement') this.#addHoisted(node, parsed)
    }
  }

  /** Beside a `using`, constants become variables that are written once, in a `try` at the top of the module. */
  #addHoisted({ block }: TryStatement, parsed: ParsedModule): void {
    const writes = countWrites(parsed)
    for (const statement of block.body) {
      if (statement.type !== 'ExpressionStatement') continue
      const { expression } = statement
      if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') continue
      const { left, right } = expression
      if (left.type === 'Identifier' && writes.get(left.name) === 1)
        this.#constants.set(left.name, right)
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
    this.#count = 0
    return this.#read(written, 0)
  }

  #read(written: Expression, depth: number): unknown {
    const node = this.follow(written)
    if (++this.#count > MAX_VALUES || depth > MAX_DEPTH) throw new NotConstant(node)
    const inside = depth + 1
    switch (node.type) {
      case 'Literal':
        if (node.regex || node.bigint !== undefined) throw new NotConstant(node)
        return node.value
      case 'TemplateLiteral':
        if (node.expressions.length > 0) throw new NotConstant(node)
        return node.quasis[0]?.value.cooked
      case 'UnaryExpression': {
        const value = this.#read(node.argument, inside)
        if (node.operator !== '-' || typeof value !== 'number') throw new NotConstant(node)
        return -value
      }
      case 'ArrayExpression':
        return node.elements.map((element) => {
          if (!element || element.type === 'SpreadElement') throw new NotConstant(element ?? node)
          return this.#read(element, inside)
        })
      case 'ObjectExpression': {
        const entries = node.properties.map((property): [string, unknown] => {
          const key = keyOf(property)
          if (key === undefined || property.type !== 'Property') throw new NotConstant(property)
          return [key, this.#read(property.value, inside)]
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
        const property = propertyOf(at, String(key))
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
