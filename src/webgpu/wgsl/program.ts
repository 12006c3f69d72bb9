// A shader under construction: bindings, declarations and the body of its entry point.
import type { Kernel, Shader, ShaderOptions } from '../fuse/kernel.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { Block } from './block.ts'
import { Functions } from './functions.ts'
import { arrayType, type Local, Values } from './values.ts'

export class Program {
  /** The body of the entry point. */
  readonly body = new Block()
  readonly functions = new Functions()
  readonly values: Values
  /** Extensions of the language that the module uses. */
  readonly enables: string[] = []
  /** Further declarations of the module: workgroup memory, types. */
  readonly declarations: string[] = []
  readonly #bindings: Node[]

  constructor(
    kernel: Kernel,
    { shared }: ShaderOptions,
    /** Values that the generator keeps in variables. */
    local?: Local,
  ) {
    const own = kernel.writes.filter((write) => !shared.has(write))
    this.#bindings = [...kernel.reads, ...own]
    const names = new Map(this.#bindings.map((node, at) => [node, `b${at}`]))
    for (const [write, read] of shared) {
      const name = names.get(read)
      if (name !== undefined && kernel.writes.includes(write)) names.set(write, name)
    }
    this.values = new Values(this.functions, names, new Set(kernel.reads), local)
  }

  /** `parameters` are those of the entry point: built-in values. */
  shader(
    parameters: string,
    workgroupSize: readonly [number, number, number],
    workgroups: readonly [number, number, number],
  ): Shader {
    const bindings = this.#bindings.map(
      (node, at) =>
        `@group(0) @binding(${at}) var<storage, read_write> b${at}: ${arrayType(node.dtype, Math.max(1, sizeOf(node.shape)))};`,
    )
    const lines = [
      ...this.enables.map((extension) => `enable ${extension};`),
      ...bindings,
      ...this.declarations,
      ...this.functions.declarations,
      `@compute @workgroup_size(${workgroupSize.join(', ')})`,
      `fn main(${parameters}) {`,
      ...this.body.lines.map((line) => `  ${line}`),
      '}',
    ]
    return {
      code: `${lines.join('\n')}\n`,
      entryPoint: 'main',
      workgroups,
      bindings: this.#bindings,
    }
  }
}
