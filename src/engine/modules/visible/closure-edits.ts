// Has functions, and objects with methods, told of as they are made: with what they take from around them.
import type { Identifier, Node, ObjectExpression } from 'acorn'
import type { Edit } from './edits.ts'
import type { Closure } from './scopes.ts'

/** Methods of arrays that have called what they are given once they return. */
const AT_ONCE: ReadonlySet<string> = new Set(
  `every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight some sort toSorted`.split(
    /\s+/,
  ),
)
/** Methods of arrays that give another one. */
const GIVE_ARRAYS: ReadonlySet<string> = new Set(
  `filter flat flatMap map slice toReversed toSorted toSpliced`.split(/\s+/),
)

type Fields = Record<string, unknown>

/** Of edits at one place: what closes comes before what opens, inner before outer, and outer opens before inner. */
export interface Wrap extends Edit {
  /** Where the node that is wrapped ends or starts. */
  readonly other?: number
}

/** How the code calls `sight.ts`: its name, and that of the module's version, quoted. */
export interface Calls {
  readonly name: string
  readonly key: string
}

export const around = ({ start, end }: Node, before: string, after: string): Wrap[] => [
  { start, end: start, text: before, other: end },
  { start: end, end, text: after, other: start },
]

/** `"a b this",i=>i===0?a:i===1?b:this`: what a closure holds, and how to read each by itself. */
export function heldBy({ names, usesThis }: Pick<Closure, 'names' | 'usesThis'>): string {
  const all = [...names, ...(usesThis ? ['this'] : [])]
  // No variable of the module ends like this.
  const at = 'at$'
  const cases = all.slice(0, -1).map((each, i) => `${at}===${i}?${each}:`)
  return `${JSON.stringify(all.join(' '))},${at}=>${cases.join('')}${all.at(-1) ?? at}`
}

export function closureEdits(closure: Closure, calls: Calls): Wrap[] {
  const { node, parents } = closure
  const { name, key } = calls
  const parent = parents.at(-1) as (Node & Fields) | undefined
  switch (node.type) {
    case 'ObjectExpression':
      return around(
        node,
        `${name}.members(`,
        `,${key},${heldBy(closure)}${methodNames(node as ObjectExpression)})`,
      )
    case 'FunctionDeclaration':
      return declarationEdits(closure, calls)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression': {
      if (isMethod(node, parent) || isCalledAtOnce(node, parent)) return []
      const known = node.type === 'ArrowFunctionExpression' || !(node as Fields & Node)['id']
      const own = known ? nameGivenTo(node, parent) : undefined
      const [before, after] = own === undefined ? ['', ''] : [`({${own}:`, `})[${own}]`]
      return around(node, `${name}.closure(${before}`, `${after},${key},${heldBy(closure)})`)
    }
    default:
      return []
  }
}

/** `,["a","b"]`: the names of all methods; nothing where some are computed. */
function methodNames({ properties }: ObjectExpression): string {
  const names: string[] = []
  for (const each of properties) {
    if (each.type !== 'Property' || (each.kind === 'init' && !each.method)) continue
    if (each.computed) return ''
    const { name, value } = each.key as { name?: string; value?: unknown }
    names.push(name ?? String(value))
  }
  return `,${JSON.stringify(names)}`
}

const isMethod = (node: Node, parent: (Node & Fields) | undefined): boolean =>
  parent?.['value'] === node &&
  (parent.type === 'MethodDefinition' ||
    (parent.type === 'Property' && (parent['method'] === true || parent['kind'] !== 'init')))

/** Whether all calls of a function are over when what it is passed to, or it itself, has returned. */
function isCalledAtOnce(node: Node, parent: (Node & Fields) | undefined): boolean {
  if (parent?.type !== 'CallExpression' || isLongLived(node)) return false
  const callee = parent['callee'] as Node & Fields
  if (callee === node) return true
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return false
  const { name } = callee['property'] as { name: string }
  const holder = callee['object'] as Node & Fields
  if (name === 'tidy') return isNamed(holder, 'tf')
  return AT_ONCE.has(name) && isArray(holder)
}

const isNamed = ({ type, name }: Node & Fields, wanted: string): boolean =>
  type === 'Identifier' && name === wanted

/** Whether an expression surely gives an array: others may have methods of the same names, which keep what they get. */
function isArray({ type, callee }: Node & Fields): boolean {
  if (type === 'ArrayExpression') return true
  if (type !== 'CallExpression') return false
  const { type: kind, object, property, computed } = callee as Node & Fields
  if (kind !== 'MemberExpression' || computed === true) return false
  const holder = object as Node & Fields
  const { name } = property as { name: string }
  if (isNamed(holder, 'Object')) return ['entries', 'keys', 'values'].includes(name)
  if (isNamed(holder, 'Array')) return name === 'from' || name === 'of'
  return GIVE_ARRAYS.has(name) && isArray(holder)
}

const isLongLived = (node: Node): boolean => {
  const { async: isAsync, generator } = node as Fields & Node
  return isAsync === true || generator === true
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

/** The name of a function that a statement at the top of a module declares. */
export function declaredBy(statement: Node): string | undefined {
  const { declaration } = statement as Node & { declaration?: (Node & Fields) | null }
  const node = (declaration ?? statement) as Node & Fields
  return node.type === 'FunctionDeclaration' && node['id']
    ? (node['id'] as unknown as Identifier).name
    : undefined
}

/** A declared function is there from the beginning of its block on. */
function declarationEdits(closure: Closure, { name, key }: Calls): Wrap[] {
  const { id } = closure.node as unknown as { id: Identifier }
  const text = `${name}.closure(${id.name},${key},${heldBy(closure)});`
  const parent = closure.parents.at(-1) as (Node & Fields) | undefined
  // Those at the top of the module are told of behind its code.
  if (!parent) return []
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
