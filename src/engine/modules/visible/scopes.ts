// Which variables of enclosing functions a module's functions and classes use, and which globals it names.
import type { Function as FunctionNode, Identifier, Node, Pattern, Program } from 'acorn'
import { boundNames } from '../parse.ts'

/** A function, a class or an object's methods, with what it takes from around it. */
export interface Closure {
  readonly node: Node
  readonly parents: readonly Node[]
  /** Names of variables that are no module's own. */
  readonly names: ReadonlySet<string>
  readonly usesThis: boolean
  /** Whether it uses a variable of the module, or of one that this imports. */
  readonly usesModule: boolean
}

/** A name that nothing in the module declares. */
export interface GlobalUse {
  readonly node: Identifier
  readonly parents: readonly Node[]
}

export interface Scopes {
  readonly closures: Closure[]
  readonly globals: GlobalUse[]
}

interface Scope {
  readonly depth: number
  readonly names: Set<string>
  readonly parent: Scope | undefined
  /** Names of which nobody but the node itself can change what they stand for. */
  readonly isFixed?: boolean
}

interface Frame {
  readonly node: Node
  readonly depth: number
  readonly names: Set<string>
  usesThis: boolean
  usesModule: boolean
}

type Fields = Record<string, unknown>

const isFunction = ({ type }: Node): boolean =>
  type === 'ArrowFunctionExpression' ||
  type === 'FunctionExpression' ||
  type === 'FunctionDeclaration'
const isClass = ({ type }: Node): boolean =>
  type === 'ClassExpression' || type === 'ClassDeclaration'

/** What statements of a block declare for it; not what is in functions or inner blocks. */
function* blockNames(statements: readonly Node[]): Generator<string> {
  for (const statement of statements) {
    const node = (declarationOf(statement) ?? statement) as Node & Fields
    if (node.type === 'VariableDeclaration' && node['kind'] !== 'var') {
      for (const { id } of node['declarations'] as { id: Pattern }[]) yield* boundNames(id)
    } else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
      const id = node['id'] as Identifier | null
      if (id) yield id.name
    }
  }
}

const declarationOf = (node: Node): Node | null | undefined =>
  node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration'
    ? ((node as unknown as Fields)['declaration'] as Node | null)
    : undefined

/** What `var` declares below `node`, in blocks too, not in functions. */
function* varNames(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) {
    for (const child of node) yield* varNames(child)
    return
  }
  const { type, kind, declarations } = node as Fields
  if (typeof type !== 'string' || isFunction(node as Node) || isClass(node as Node)) return
  if (type === 'VariableDeclaration' && kind === 'var')
    for (const { id } of declarations as { id: Pattern }[]) yield* boundNames(id)
  for (const child of Object.values(node)) yield* varNames(child)
}

function importedNames(program: Program): string[] {
  return program.body.flatMap((node) =>
    node.type === 'ImportDeclaration' ? node.specifiers.map(({ local }) => local.name) : [],
  )
}

/** Names of what no module of the workspace has. */
const foreignNames = (program: Program): string[] =>
  importedNames({
    ...program,
    body: program.body.filter(
      (node) => node.type !== 'ImportDeclaration' || !String(node.source.value).startsWith('.'),
    ),
  })

/** Names at the top of a module, imports left out. */
export const moduleNames = (program: Program): string[] => [
  ...new Set([...blockNames(program.body), ...varNames(program.body)]),
]

export function scopesOf(program: Program): Scopes {
  const walk = new ScopeWalk(new Set(foreignNames(program)))
  const names = new Set([...moduleNames(program), ...importedNames(program)])
  walk.into({ depth: 0, names, parent: undefined }, () => walk.all(program.body))
  return walk.found
}

class ScopeWalk {
  readonly found: Scopes = { closures: [], globals: [] }
  readonly #foreign: ReadonlySet<string>
  readonly #parents: Node[] = []
  readonly #frames: Frame[] = []
  #scope: Scope | undefined

  constructor(foreign: ReadonlySet<string>) {
    this.#foreign = foreign
  }

  into(scope: Scope, work: () => void): void {
    const outer = this.#scope
    this.#scope = scope
    work()
    this.#scope = outer
  }

  #inside(names: Iterable<string>, work: () => void, isFixed = false): void {
    const depth = (this.#scope?.depth ?? 0) + 1
    this.into({ depth, names: new Set(names), parent: this.#scope, isFixed }, work)
  }

  all(value: unknown): void {
    if (Array.isArray(value)) for (const each of value) this.all(each)
    else if (typeof value === 'object' && value !== null && 'type' in value)
      this.#visit(value as Node & Fields)
  }

  #visit(node: Node & Fields): void {
    if (node.type === 'Identifier') {
      this.#use(node as unknown as Identifier)
      return
    }
    if (node.type === 'ThisExpression' || node.type === 'Super') this.#useThis()
    this.#parents.push(node)
    if (isFunction(node)) this.#frame(node, () => this.#function(node as never))
    else if (isClass(node)) this.#frame(node, () => this.#class(node))
    else if (node.type === 'ObjectExpression' && hasMethods(node))
      this.#frame(node, () => this.all(node['properties']))
    else this.#other(node)
    this.#parents.pop()
  }

  #frame(node: Node, work: () => void): void {
    const frame = {
      node,
      depth: this.#scope!.depth,
      names: new Set<string>(),
      usesThis: false,
      usesModule: false,
    }
    this.#frames.push(frame)
    const parents = this.#parents.slice(0, -1)
    work()
    this.#frames.pop()
    if (frame.names.size > 0 || frame.usesThis || frame.usesModule)
      this.found.closures.push({ ...frame, parents })
  }

  #function({ type, id, params, body }: FunctionNode & Fields): void {
    const own = type === 'FunctionExpression' && id ? [id.name] : []
    const names = params.flatMap((param) => [...boundNames(param)])
    if (type !== 'ArrowFunctionExpression') names.push('arguments')
    const inner = (): void => {
      this.all(params)
      this.all(body)
    }
    const statements = body.type === 'BlockStatement' ? body.body : []
    const declared = [...names, ...blockNames(statements), ...varNames(statements)]
    this.#inside(own, () => this.#inside(declared, inner), true)
  }

  #class(node: Fields): void {
    const id = node['id'] as Identifier | null
    // Its own name within it always stands for the class.
    this.#inside(
      id ? [id.name] : [],
      () => {
        this.all(node['superClass'])
        this.all(node['body'])
      },
      true,
    )
  }

  #other(node: Node & Fields): void {
    switch (node.type) {
      case 'BlockStatement':
      case 'StaticBlock': {
        const statements = node['body'] as Node[]
        const vars = node.type === 'StaticBlock' ? varNames(statements) : []
        this.#inside([...blockNames(statements), ...vars], () => this.all(statements))
        break
      }
      case 'SwitchStatement': {
        this.all(node['discriminant'])
        const cases = node['cases'] as { consequent: Node[] }[]
        const declared = blockNames(cases.flatMap(({ consequent }) => consequent))
        this.#inside(declared, () => this.all(cases))
        break
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const head = (node['init'] ?? node['left']) as Node | null
        this.#inside(head ? blockNames([head]) : [], () => this.#children(node))
        break
      }
      case 'CatchClause': {
        const param = node['param'] as Pattern | null
        this.#inside(param ? boundNames(param) : [], () => this.#children(node))
        break
      }
      case 'MemberExpression':
        this.all(node['object'])
        if (node['computed']) this.all(node['property'])
        break
      case 'Property':
      case 'PropertyDefinition':
      case 'MethodDefinition':
        if (node['computed']) this.all(node['key'])
        this.all(node['value'])
        break
      case 'LabeledStatement':
        this.all(node['body'])
        break
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        break
      case 'ExportNamedDeclaration':
        this.all(node['declaration'])
        break
      default:
        this.#children(node)
    }
  }

  #children(node: object): void {
    for (const child of Object.values(node)) this.all(child)
  }

  #use(node: Identifier): void {
    let at = this.#scope
    while (at && !at.names.has(node.name)) at = at.parent
    if (!at) {
      this.found.globals.push({ node, parents: [...this.#parents] })
      return
    }
    if (at.depth === 0 && !this.#foreign.has(node.name))
      for (const frame of this.#frames) frame.usesModule = true
    if (at.depth === 0 || at.isFixed) return
    for (const frame of this.#frames) if (at.depth <= frame.depth) frame.names.add(node.name)
  }

  /** Arrow functions take `this` from around them; all others have one of their own. */
  #useThis(): void {
    for (const frame of this.#frames.toReversed()) {
      if (frame.node.type === 'ObjectExpression') continue
      if (frame.node.type !== 'ArrowFunctionExpression') return
      frame.usesThis = true
    }
  }
}

type Member = Node & { kind?: string; method?: boolean }

/** Whether an object is written with methods, getters or setters: they cannot stand by themselves. */
const hasMethods = (node: Node & Fields): boolean =>
  (node['properties'] as Member[]).some(
    ({ kind, method }) => method || kind === 'get' || kind === 'set',
  )
