// How many invocations work on one item, and how they come to one result.
import type { DeviceTraits } from '../fuse/kernel.ts'
import type { Space } from '../fuse/space.ts'
import type { DType, ReduceFn } from '../graph/node.ts'
import type { Block } from './block.ts'
import { expressionTypes } from './functions.ts'
import type { Program } from './program.ts'

interface Launch {
  readonly parameters: string
  readonly workgroupSize: readonly [number, number, number]
  readonly workgroups: readonly [number, number, number]
}

export interface Lanes {
  /** An invocation's first round, and how far it goes to its next one. */
  readonly first: string
  readonly step: string
  /** Declares `item`, the number of the item that the invocation works on. */
  begin(program: Program, items: number, traits: DeviceTraits): Launch
  /** The name of the result of all invocations of an item, known to each of them. */
  combine(program: Program, fn: ReduceFn, dtype: DType, own: string): string
  /** What only invocations with an item do. */
  guard(block: Block, fill: (inner: Block) => void): void
  /** What one invocation of each item does. */
  guardFirst(block: Block, fill: (inner: Block) => void): void
}

/** Invocations without items or results of their own cost less than rounds that one of them runs alone. */
const WANTED_INVOCATIONS = 1 << 16

export function lanesFor({ segments, items, inner }: Space, traits: DeviceTraits): Lanes {
  const isContiguous = segments.at(-1)?.isLooped ?? false
  const most = Math.min(256, traits.maxWorkgroupSize)
  if (!traits.hasFastBarriers)
    return inner >= 1024 && items <= 8 ? new Shared(Math.min(64, most), 1, true) : new Single(64)
  const wanted = Math.min(WANTED_INVOCATIONS / items, inner / (isContiguous ? 1 : 4), most)
  const least = isContiguous ? Math.min(32, inner) : 1
  const lanes = 2 ** Math.floor(Math.log2(Math.max(1, least, wanted)))
  if (lanes === 1) return new Single(64)
  const together = Math.max(1, Math.min(isContiguous ? 128 / lanes : 32, most / lanes))
  return new Shared(lanes, together, isContiguous)
}

/** Workgroups along x and, where there are too many, y. */
function spread(groups: number, most: number): [number, number, number] {
  const x = Math.min(groups, most)
  return [x, Math.ceil(groups / x), 1]
}

/** One invocation for each item. */
class Single implements Lanes {
  readonly first = '0'
  readonly step = '1'

  constructor(readonly size: number) {}

  begin({ body }: Program, items: number, traits: DeviceTraits): Launch {
    const workgroups = spread(Math.ceil(items / this.size), traits.maxWorkgroupsPerDimension)
    const [x, y] = workgroups
    if (items > 1)
      body.add(`let item = i32(${y > 1 ? `id.x + id.y * ${x * this.size}u` : 'id.x'});`)
    if (x * y * this.size > items)
      body.add(`if (${items > 1 ? 'item' : 'id.x'} >= ${items}) { return; }`)
    return {
      parameters: '@builtin(global_invocation_id) id: vec3u',
      workgroupSize: [this.size, 1, 1],
      workgroups,
    }
  }

  combine(_program: Program, _fn: ReduceFn, _dtype: DType, own: string): string {
    return own
  }

  guard(block: Block, fill: (inner: Block) => void): void {
    fill(block)
  }

  guardFirst(block: Block, fill: (inner: Block) => void): void {
    fill(block)
  }
}

/** Several invocations of a workgroup for each item; they exchange through workgroup memory. */
class Shared implements Lanes {
  readonly first = 'lane'
  readonly step: string

  constructor(
    /** A power of two. */
    readonly lanes: number,
    readonly itemsTogether: number,
    /** Whether neighbouring invocations take neighbouring rounds, not neighbouring items. */
    readonly isLaneFirst: boolean,
  ) {
    this.step = String(lanes)
  }

  begin({ body }: Program, items: number, traits: DeviceTraits): Launch {
    const groups = Math.ceil(items / this.itemsTogether)
    const workgroups = spread(groups, traits.maxWorkgroupsPerDimension)
    const [x, y] = workgroups
    const group = y > 1 ? `(group.x + group.y * ${x}u)` : 'group.x'
    const [lane, within] = this.isLaneFirst ? ['x', 'y'] : ['y', 'x']
    body.add(`let lane = i32(local.${lane});`)
    body.add(`let given = i32(${group} * ${this.itemsTogether}u + local.${within});`)
    // Barriers need all: who has no item works on the last one and doesn't store.
    if (items > 1) body.add(`let item = min(given, ${items - 1});`)
    body.add(`let has_item = given < ${items};`)
    return {
      parameters:
        '@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) at: u32',
      workgroupSize: this.isLaneFirst
        ? [this.lanes, this.itemsTogether, 1]
        : [this.itemsTogether, this.lanes, 1],
      workgroups,
    }
  }

  combine(
    { body, declarations, functions }: Program,
    fn: ReduceFn,
    dtype: DType,
    own: string,
  ): string {
    const scratch = `scratch_${dtype}`
    const type = expressionTypes[dtype]
    const declaration = `var<workgroup> ${scratch}: array<${type}, ${this.lanes * this.itemsTogether}>;`
    if (!declarations.includes(declaration)) declarations.push(declaration)
    const apart = this.isLaneFirst ? 1 : this.itemsTogether
    body.add(`${scratch}[at] = ${own};`)
    body.add('workgroupBarrier();')
    for (let half = this.lanes / 2; half >= 1; half /= 2) {
      const both = functions.combine(
        fn,
        `${scratch}[at]`,
        `${scratch}[at + ${half * apart}u]`,
        dtype,
      )
      body.add(`if (lane < ${half}) { ${scratch}[at] = ${both}; }`)
      body.add('workgroupBarrier();')
    }
    const first = this.isLaneFirst ? `at - local.x` : 'local.x'
    const name = body.names.next('total')
    body.add(`let ${name} = ${scratch}[${first}];`)
    // The memory is used again.
    body.add('workgroupBarrier();')
    return name
  }

  guard(block: Block, fill: (inner: Block) => void): void {
    block.block('if (has_item)', fill)
  }

  guardFirst(block: Block, fill: (inner: Block) => void): void {
    block.block('if (has_item && lane == 0)', fill)
  }
}
