// A shader under construction: what its kernels have in common, and the body of each.
import type { DeviceTraits, Halves, Kernel, Shader, ShaderOptions } from '../fuse/kernel.ts'
import type { Node } from '../graph/node.ts'
import { Block } from './block.ts'
import { Functions } from './functions.ts'
import { arrayType, type Local, Values } from './values.ts'

/**
 * What one kernel does. Its text knows `group`, the number of its workgroup, and `local`, that of the invocation in it.
 * Kernels that run side by side have workgroups of the same size.
 */
export interface Part {
  readonly body: Block
  readonly workgroupSize: number
  readonly workgroups: number
}

/** What lies at binding 0, 1, … */
export function bindingsOf(kernels: readonly Kernel[], { shared }: ShaderOptions): Node[] {
  const own = kernels.flatMap(({ reads, writes }) => [
    ...reads,
    ...writes.filter((write) => !shared.has(write)),
  ])
  return [...new Set(own)]
}

/** Bindings and declarations of a module, for one kernel or several. */
export class Module {
  readonly functions = new Functions()
  /** Extensions of the language. */
  readonly enables = new Set<string>()
  /** Names of the bindings of stored values. */
  readonly names: ReadonlyMap<Node, string>
  readonly halves: Halves
  readonly #bindings: readonly Node[]
  readonly #memory = new Map<string, number>()

  constructor(kernels: readonly Kernel[], options: ShaderOptions) {
    const { shared, halves = new Map() } = options
    this.halves = halves
    this.#bindings = bindingsOf(kernels, options)
    const names = new Map(this.#bindings.map((node, at) => [node, `b${at}`]))
    for (const [write, read] of shared) {
      const name = names.get(read)
      if (name !== undefined) names.set(write, name)
    }
    this.names = names
  }

  /** The name of an array of a workgroup, `length` values or more: kernels share it, since a workgroup runs one of them. */
  workgroupMemory(type: string, length: number): string {
    this.#memory.set(type, Math.max(this.#memory.get(type) ?? 0, length))
    return `shared_${type}`
  }

  shader(parts: readonly Part[], { maxWorkgroupsPerDimension }: DeviceTraits): Shader {
    const { workgroupSize } = parts[0]!
    const total = parts.reduce((sum, { workgroups }) => sum + workgroups, 0)
    const x = Math.min(total, maxWorkgroupsPerDimension)
    const y = Math.ceil(total / x)
    const bindings = this.#bindings.map(
      (node, at) =>
        `@group(0) @binding(${at}) var<storage, read_write> b${at}: ${arrayType(node, this.halves.has(node))};`,
    )
    const memory = [...this.#memory].map(
      ([type, length]) => `var<workgroup> shared_${type}: array<${type}, ${length}>;`,
    )
    const main = new Block()
    main.add(`let group = i32(${y > 1 ? `id.x + id.y * ${x}u` : 'id.x'});`)
    main.add('let local = i32(at);')
    if (x * y > total) main.add(`if (group >= ${total}) { return; }`)
    const functions = parts.length > 1 ? callsOf(main, parts) : []
    if (parts.length === 1) for (const line of parts[0]!.body.lines) main.add(line)
    const lines = [
      ...[...this.enables].map((extension) => `enable ${extension};`),
      ...bindings,
      ...memory,
      ...this.functions.declarations,
      ...functions,
      `@compute @workgroup_size(${workgroupSize})`,
      'fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) at: u32) {',
      ...main.lines.map((line) => `  ${line}`),
      '}',
    ]
    return {
      code: `${lines.join('\n')}\n`,
      entryPoint: 'main',
      workgroups: [x, y, 1],
      bindings: this.#bindings,
    }
  }
}

/** One function for each part; `main` calls the one whose workgroup this is. */
function callsOf(main: Block, parts: readonly Part[]): string[] {
  let first = 0
  return parts.flatMap(({ body, workgroups }, at) => {
    const own = `group - ${first}`
    const end = first + workgroups
    main.add(`if (group >= ${first} && group < ${end}) { part${at}(${own}, local); }`)
    first = end
    return [`fn part${at}(group: i32, local: i32) {`, ...body.lines.map((line) => `  ${line}`), '}']
  })
}

/** The text of one kernel. */
export class Program {
  readonly body = new Block()
  readonly values: Values

  constructor(
    readonly module: Module,
    kernel: Kernel,
    /** Values that the generator keeps in variables. */
    local?: Local,
  ) {
    const { functions, names, halves } = module
    this.values = new Values(functions, names, halves, new Set(kernel.reads), local)
  }
}
