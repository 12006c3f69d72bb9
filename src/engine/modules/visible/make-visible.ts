// Rewrites a module so that all its state can be seen from outside: module variables, #fields, and what functions hold.
import type { Class, Identifier, Node, ObjectExpression, Program } from 'acorn'
import { type ParsedModule, visit } from '../parse.ts'
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

/** Methods that have called what they are given once they return. */
const AT_ONCE: ReadonlySet<string> = new Set(
  `every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight some sort tidy
  toSorted`.split(/\s+/),
)

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
  const edits: Edit[] = [
    ...classEdits(program, closures, name),
    ...closures.flatMap((closure) => closureEdits(closure, program, name)),
    ...globals.flatMap((use) => globalEdits(use, name)),
    ...spreadEdits(program, name),
    ...awaitEdits(program, name),
    ...defaultEdits(program, name, key),
  ]
  const readers = moduleNames(program).map((each) => `[${JSON.stringify(each)},()=>${each}]`)
  const footer = `import * as ${name} from ${JSON.stringify(sight)}\n${name}.scope(${JSON.stringify(key)},[${readers.join()}])`
  return {
    edits: nested(edits),
    footer,
    opaque: globals.map(({ node }) => node).filter((node) => OPAQUE.has(node.name)),
  }
}

/** Of edits at one place: what closes comes before what opens, inner before outer, and outer opens before inner. */
interface Wrap extends Edit {
  /** Where the node that is wrapped ends or starts. */
  readonly other?: number
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

const around = ({ start, end }: Node, before: string, after: string): Wrap[] => [
  { start, end: start, text: before, other: end },
  { start: end, end, text: after, other: start },
]

/** `"a b this",i=>i===0?a:i===1?b:this`: what a closure holds, and how to read each by itself. */
function heldBy({ names, usesThis }: Pick<Closure, 'names' | 'usesThis'>): string {
  const all = [...names, ...(usesThis ? ['this'] : [])]
  // No variable of the module ends like this.
  const at = 'at$'
  const cases = all.slice(0, -1).map((each, i) => `${at}===${i}?${each}:`)
  return `${JSON.stringify(all.join(' '))},${at}=>${cases.join('')}${all.at(-1) ?? at}`
}

function closureEdits(closure: Closure, program: Program, name: string): Wrap[] {
  const { node, parents } = closure
  const parent = parents.at(-1) as (Node & Fields) | undefined
  switch (node.type) {
    case 'ObjectExpression':
      return around(
        node,
        `${name}.members(`,
        `,${heldBy(closure)},${JSON.stringify(methodNames(node as ObjectExpression))})`,
      )
    case 'FunctionDeclaration':
      return declarationEdits(closure, name)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression': {
      if (isMethod(node, parent) || isCalledAtOnce(node, parent, program)) return []
      const known = node.type === 'ArrowFunctionExpression' || !(node as Fields & Node)['id']
      const own = known ? nameGivenTo(node, parent) : undefined
      const [before, after] = own === undefined ? ['', ''] : [`({${own}:`, `})[${own}]`]
      return around(node, `${name}.closure(${before}`, `${after},${heldBy(closure)})`)
    }
    default:
      return []
  }
}

const methodNames = ({ properties }: ObjectExpression): string[] =>
  properties.flatMap((each) => {
    if (each.type !== 'Property' || each.computed || (each.kind === 'init' && !each.method))
      return []
    const { name, value } = each.key as { name?: string; value?: unknown }
    return [name ?? String(value)]
  })

const isMethod = (node: Node, parent: (Node & Fields) | undefined): boolean =>
  parent?.['value'] === node &&
  (parent.type === 'MethodDefinition' ||
    (parent.type === 'Property' && (parent['method'] === true || parent['kind'] !== 'init')))

/** Whether all calls of a function are over when what it is passed to, or it itself, has returned. */
function isCalledAtOnce(
  node: Node,
  parent: (Node & Fields) | undefined,
  program: Program,
): boolean {
  if (parent?.type !== 'CallExpression') return false
  const callee = parent['callee'] as Node & Fields
  if (callee === node) return !isLongLived(node)
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return false
  const { name } = callee['property'] as { name: string }
  return AT_ONCE.has(name) && !isLongLived(node) && !ownMethods(program).has(name)
}

const isLongLived = (node: Node): boolean => {
  const { async: isAsync, generator } = node as Fields & Node
  return isAsync === true || generator === true
}

const methodsOf = new WeakMap<Program, Set<string>>()

/** Names of all members that the module writes: its own `map` may keep what it is given. */
function ownMethods(program: Program): Set<string> {
  const known = methodsOf.get(program)
  if (known) return known
  const found = new Set<string>()
  visit(program.body, (node) => {
    if (!['MethodDefinition', 'PropertyDefinition', 'Property'].includes(node.type)) return
    const { key } = node as unknown as { key: { name?: string; value?: unknown } }
    found.add(key.name ?? String(key.value))
  })
  methodsOf.set(program, found)
  return found
}

/** The name, quoted, that a nameless function takes from where it stands. */
function nameGivenTo(node: Node, parent: (Node & Fields) | undefined): string | undefined {
  const target = ((): Fields | null | undefined => {
    switch (parent?.type) {
      case 'VariableDeclarator':
        return parent['id'] as Fields
      case 'AssignmentExpression':
      case 'AssignmentPattern':
        return parent['right'] === node ? (parent['left'] as Fields) : undefined
      case 'Property':
      case 'PropertyDefinition':
        return parent['computed'] === true ? undefined : (parent['key'] as Fields)
      default:
        return undefined
    }
  })()
  if (!target) return undefined
  const named =
    target['type'] === 'PrivateIdentifier'
      ? `#${String(target['name'])}`
      : target['type'] === 'Identifier'
        ? target['name']
        : target['type'] === 'Literal'
          ? target['value']
          : undefined
  return typeof named === 'string' && named !== '__proto__' ? JSON.stringify(named) : undefined
}

/** A declared function is there from the beginning of its block on. */
function declarationEdits(closure: Closure, name: string): Wrap[] {
  const { id } = closure.node as unknown as { id: Identifier }
  const text = `${name}.closure(${id.name},${heldBy(closure)});`
  const parent = closure.parents.at(-1) as Node & Fields
  if (parent.type === 'BlockStatement')
    return [{ start: parent.start + 1, end: parent.start + 1, text }]
  if (parent.type === 'StaticBlock') {
    const [first] = parent['body'] as Node[]
    return [{ start: first!.start, end: first!.start, text }]
  }
  const above = closure.parents.at(-2) as Node & Fields
  if (parent.type !== 'SwitchCase' || above.type !== 'SwitchStatement') return []
  // Whichever case is entered, the functions of all of them are there.
  return (above['cases'] as { consequent: Node[] }[]).flatMap(({ consequent: [first] }) =>
    first ? [{ start: first.start, end: first.start, text }] : [],
  )
}

/** A block at the end of each class that has something to tell: it may name #fields. */
function classEdits(program: Program, closures: readonly Closure[], name: string): Wrap[] {
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
    if (fields.length === 0 && !closure) return
    const captured = heldBy(closure ?? { names: new Set(), usesThis: false })
    const at = body.end - 1
    const text = `;static{${name}.fields(this,[${fields.join()}],${captured})}`
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
