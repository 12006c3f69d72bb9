// Which tests a file describes, read from its compiled code: nothing of it runs.
import type { CallExpression, Expression, Node, Super } from 'acorn'
import { type CompiledModule, MAX_NAME, type TestFile, type TestInfo } from '#protocol'
import { type ParsedModule, parseModule } from '../modules/index.ts'
import type { Mode } from './collect.ts'

const TESTING = 'plugboard/testing'
/** Most tests told of a file, and groups in groups. */
const MAX_TESTS = 2000
const MAX_DEPTH = 50

/**
 * Tests whose names stand in the file as plain texts, in order; others are known once they have run. A file that
 * cannot be read has none: running it says why.
 */
export function readTests(module: CompiledModule): TestFile {
  const tests: TestInfo[] = []
  try {
    const parsed = parseModule(module)
    const names = importedNames(parsed)
    if (names.size > 0) new Reader(parsed, names, tests).walk(parsed.program.body, [])
  } catch {
    return { file: module.path, tests: [] }
  }
  return { file: module.path, tests }
}

type Callee = 'test' | 'describe'
const KINDS: Readonly<Record<string, Callee>> = { test: 'test', it: 'test', describe: 'describe' }
const MODES: readonly string[] = ['only', 'skip', 'todo'] satisfies Mode[]

/** What `test`, `it` and `describe` are called in the file. */
function importedNames({ program }: ParsedModule): Map<string, Callee> {
  const names = new Map<string, Callee>()
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration' || node.source.value !== TESTING) continue
    for (const specifier of node.specifiers) {
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue
      const { name } = specifier.imported
      if (Object.hasOwn(KINDS, name)) names.set(specifier.local.name, KINDS[name]!)
    }
  }
  return names
}

class Reader {
  readonly #parsed: ParsedModule
  readonly #names: ReadonlyMap<string, Callee>
  readonly #tests: TestInfo[]

  constructor(parsed: ParsedModule, names: ReadonlyMap<string, Callee>, tests: TestInfo[]) {
    this.#parsed = parsed
    this.#names = names
    this.#tests = tests
  }

  /** Looks for tests in `node` and below; `groups` are the names of those around it. */
  walk(node: unknown, groups: readonly string[]): void {
    if (typeof node !== 'object' || node === null || this.#tests.length >= MAX_TESTS) return
    if (Array.isArray(node)) {
      for (const child of node) this.walk(child, groups)
      return
    }
    if (!('type' in node) || typeof node.type !== 'string') return
    if (node.type === 'CallExpression' && this.#takes(node as CallExpression, groups)) return
    for (const child of Object.values(node)) this.walk(child, groups)
  }

  /** Whether the call is one of ours: then what is in it is dealt with. */
  #takes(call: CallExpression, groups: readonly string[]): boolean {
    const kind = this.#kindOf(call.callee)
    if (kind === undefined) return false
    const [first, work] = call.arguments
    const name = first && plainText(first)
    // The name is made as the file runs, and with it those of all tests in the group.
    if (name === undefined || groups.length >= MAX_DEPTH) return true
    const names = [...groups, name.slice(0, MAX_NAME)]
    if (kind === 'describe') this.walk(work, names)
    else this.#tests.push({ names, source: this.#parsed.locationOf(call) })
    return true
  }

  #kindOf(callee: Expression | Super): Callee | undefined {
    if (callee.type === 'Identifier') return this.#names.get(callee.name)
    if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined
    const isMode = callee.property.type === 'Identifier' && MODES.includes(callee.property.name)
    return isMode ? this.#names.get(callee.object.name) : undefined
  }
}

function plainText(node: Node): string | undefined {
  const { type, value, quasis } = node as Node & {
    value?: unknown
    quasis?: { value: { cooked?: string | null } }[]
  }
  if (type === 'Literal' && typeof value === 'string') return value
  if (type !== 'TemplateLiteral' || quasis?.length !== 1) return undefined
  return quasis[0]!.value.cooked ?? undefined
}
