// Rewrites a module so that all its state can be seen from outside: module variables, #fields, and what functions hold.
import type { Class, Identifier, Node, ObjectExpression, Program } from 'acorn'
import { type ParsedModule, visit } from '../parse.ts'
import { around, type Calls, closureEdits, declaredBy, heldBy, type Wrap } from './closure-edits.ts'
import type { Edit } from './edits.ts'
import { type Closure, type GlobalUse, moduleNames, scopesOf } from './scopes.ts'

/**
 * Globals that give the same for the same arguments. All others are told when they are read: the clock, chance, the
 * console, and what only the surroundings know.
 */
const PURE = new Set(
  `Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Error AggregateError EvalError RangeError
  ReferenceError SyntaxError TypeError URIError Float16Array Float32Array Float64Array Infinity Int16Array Int32Array
  Int8Array Iterator JSON Map NaN Number Object Promise Reflect RegExp Set String Symbol TextDecoder TextEncoder URL
  Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet decodeURI decodeURIComponent encodeURI
  encodeURIComponent isFinite isNaN parseFloat parseInt structuredClone undefined arguments`.split(
    /\s+/,
  ),
)

/** What makes code or objects that no rewriting reaches. */
const OPAQUE: ReadonlySet<string> = new Set(['eval', 'Function', 'Proxy'])

type Fields = Record<string, unknown>

/** Names of the module and how it calls what looks at it. */
interface Visible {
  readonly edits: Edit[]
  /** Goes behind the code, on lines of its own. */
  readonly footer: string
  /** Uses of globals that leave no way to see what code does. */
  readonly opaque: Identifier[]
}

/** `sight` is the address of a module with the exports of `sight.ts`; `key` names the version of the module. */
export function makeVisible(parsed: ParsedModule, sight: string, key: string): Visible {
  const { program, module } = parsed
  let name = 'plugboard$'
  while (module.code.includes(name)) name += '$'
  const { closures, globals } = scopesOf(program)
  const calls = { name, key: JSON.stringify(key) }
  const edits: Edit[] = [
    ...classEdits(program, closures, calls),
    ...closures.flatMap((closure) => closureEdits(closure, calls)),
    ...globals.flatMap((use) => globalEdits(use, name)),
    ...spreadEdits(program, name),
    ...awaitEdits(program, name),
    ...defaultEdits(program, name, key),
  ]
  const readers = moduleNames(program).map((each) => `[${JSON.stringify(each)},()=>${each}]`)
  const top = program.body.flatMap((node) => declaredBy(node) ?? [])
  const footer = `import * as ${name} from ${JSON.stringify(sight)}\n${name}.scope(${calls.key},[${readers.join()}]);${name}.declared(${calls.key},[${top.join()}])`
  return {
    edits: nested(edits),
    footer,
    opaque: globals.map(({ node }) => node).filter((node) => OPAQUE.has(node.name)),
  }
}

function nested(edits: readonly Wrap[]): Edit[] {
  const [closing, between, opening, replacing] = [0, 1, 2, 3]
  const rank = ({ start, end, other }: Wrap): number => {
    if (other === undefined) return end > start ? replacing : between
    return other < start ? closing : opening
  }
  return [...edits.entries()]
    .toSorted(
      ([i, a], [j, b]) =>
        a.start - b.start ||
        rank(a) - rank(b) ||
        (b.other ?? 0) - (a.other ?? 0) ||
        // Two wraps of one node: the first is the outer one.
        (rank(a) === closing ? j - i : i - j),
    )
    .map(([, edit]) => edit)
}

/** A block at the end of each class: it may name #fields. */
function classEdits(program: Program, closures: readonly Closure[], { name, key }: Calls): Wrap[] {
  const held = new Map(closures.map((closure) => [closure.node, closure]))
  const edits: Wrap[] = []
  visit(program.body, (node) => {
    if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return
    const { body } = node as Class
    const fields = body.body.flatMap((member) => {
      if (member.type !== 'PropertyDefinition' || member.key.type !== 'PrivateIdentifier') return []
      const field = `#${member.key.name}`
      return [`[${JSON.stringify(field)},o=>${field} in o?o.${field}:void 0]`]
    })
    const closure = held.get(node)
    const captured = heldBy(closure ?? { names: new Set<string>(), usesThis: false })
    const at = body.end - 1
    const text = `;static{${name}.fields(this,${key},[${fields.join()}],${captured})}`
    edits.push({ start: at, end: at, text })
  })
  return edits
}

function globalEdits({ node, parents }: GlobalUse, name: string): Wrap[] {
  const parent = parents.at(-1) as (Node & Fields) | undefined
  if (!parent || PURE.has(node.name) || isAssigned(node, parent, parents.at(-2))) return []
  if (parent.type === 'BinaryExpression' && parent['operator'] === 'instanceof') {
    if (parent['right'] === node) return []
  }
  let what = node.name
  if (what === 'Math' && parent.type === 'MemberExpression' && parent['computed'] !== true) {
    if ((parent['property'] as { name?: string }).name !== 'random') return []
    what = 'Math.random'
  }
  const begin = `${name}.read(${JSON.stringify(what)},()=>`
  // A global that is not there has a type.
  if (parent.type === 'UnaryExpression' && parent['operator'] === 'typeof')
    return around(parent, begin, ')')
  // `new (read(…))()`: without the brackets, `read` would be what is constructed.
  const isNew = parents.some(({ type }) => type === 'NewExpression')
  const [open, close] = isNew ? ['(', ')'] : ['', '']
  const key = parent.type === 'Property' && parent['shorthand'] === true ? `${node.name}:` : ''
  const text = `${key}${open}${begin}${node.name})${close}`
  return [{ start: node.start, end: node.end, text }]
}

/** Whether a name stands where a value goes to. */
function isAssigned(node: Identifier, parent: Node & Fields, above: Node | undefined): boolean {
  switch (parent.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent['left'] === node
    case 'UpdateExpression':
    case 'ArrayPattern':
    case 'RestElement':
      return true
    case 'Property':
      return above?.type === 'ObjectPattern' && parent['value'] === node
    default:
      return false
  }
}

/** Copies of a step's context go on telling what of it is read. */
function spreadEdits(program: Program, name: string): Wrap[] {
  const edits: Wrap[] = []
  visit(program.body, (node) => {
    if (node.type !== 'ObjectExpression') return
    const spreads = (node as ObjectExpression).properties.flatMap((property) =>
      property.type === 'SpreadElement' ? [property.argument] : [],
    )
    if (spreads.length === 0) return
    // Inside of what tells of its methods: that is registered for the object as it ends up.
    edits.push(...around(node, `${name}.copied(`, ')'))
    for (const each of spreads) edits.push(...around(each, `${name}.copying(`, ')'))
  })
  return edits
}

function awaitEdits(program: Program, name: string): Wrap[] {
  const edits: Wrap[] = []
  visit(program.body, (node) => {
    const { type, argument, right, await: isAwait } = node as Node & Fields
    const value =
      type === 'AwaitExpression' ? argument : type === 'ForOfStatement' && isAwait && right
    if (value) edits.push(...around(value as Node, `${name}.awaited(`, ')'))
  })
  return edits
}

/** What a module exports without a name is no variable of it. */
function defaultEdits(program: Program, name: string, key: string): Wrap[] {
  for (const node of program.body) {
    if (node.type !== 'ExportDefaultDeclaration') continue
    const { declaration } = node
    if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
      if (declaration.id) return []
      const at = `${name}.exported(${JSON.stringify(key)},`
      if (declaration.type === 'ClassDeclaration') {
        const end = declaration.body.end - 1
        return [{ start: end, end, text: `;static{${at}this)}` }]
      }
      return []
    }
    return around(declaration, `${name}.exported(${JSON.stringify(key)},(`, '))')
  }
  return []
}
