// How many invocations work on one item, and how they come to one result.
import type { DeviceTraits } from '../fuse/kernel.ts'
import type { Space } from '../fuse/space.ts'
import type { DType, ReduceFn } from '../graph/node.ts'
import type { Block } from './block.ts'
import { expressionTypes } from './functions.ts'
import type { Part, Program } from './program.ts'

type Size = Omit<Part, 'body'>

export interface Lanes {
  /** An invocation's first round, and how far it goes to its next one. */
  readonly first: string
  readonly step: string
  /** Declares `item`, the number of the item that the invocation works on. */
  begin(body: Block, items: number): Size
  /** The name of the result of all invocations of an item, known to each of them. */
  combine(program: Program, fn: ReduceFn, dtype: DType, own: string): string
  /** What only invocations with an item do. */
  guard(block: Block, fill: (inner: Block) => void): void
  /** What one invocation of each item does. */
  guardFirst(block: Block, fill: (inner: Block) => void): void
}

/** Invocations without items or results of their own cost less than rounds that one of them runs alone. */
const WANTED_INVOCATIONS = 1 << 16

/** Of invocations that work alone. */
const SIZE = 64

/** `workgroup` is the size that a workgroup has to have, if any. */
export function lanesFor(
  { segments, items, inner }: Space,
  traits: DeviceTraits,
  workgroup?: number,
): Lanes {
  const isContiguous = segments.at(-1)?.isLooped ?? false
  const most = workgroup ?? Math.min(256, traits.maxWorkgroupSize)
  if (!traits.hasFastBarriers)
    return inner >= 1024 && items <= 8
      ? new Shared(Math.min(SIZE, most), 1, true)
      : new Single(workgroup ?? SIZE)
  const wanted = Math.min(WANTED_INVOCATIONS / items, inner / (isContiguous ? 1 : 4), most)
  const least = isContiguous ? Math.min(32, inner) : 1
  const lanes = Math.min(most, 2 ** Math.floor(Math.log2(Math.max(1, least, wanted))))
  if (lanes === 1) return new Single(workgroup ?? SIZE)
  const together = Math.max(1, Math.min(isContiguous ? 128 / lanes : 32, most / lanes))
  return new Shared(lanes, workgroup ? workgroup / lanes : together, isContiguous)
}

/** One invocation for each item. */
class Single implements Lanes {
  readonly first = '0'
  readonly step = '1'

  constructor(readonly size: number) {}

  begin(body: Block, items: number): Size {
    const workgroups = Math.ceil(items / this.size)
    if (items > 1) body.add(`let item = group * ${this.size} + local;`)
    if (workgroups * this.size > items)
      body.add(`if (${items > 1 ? 'item' : 'local'} >= ${items}) { return; }`)
    return { workgroupSize: this.size, workgroups }
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

  begin(body: Block, items: number): Size {
    const [lane, within] = this.isLaneFirst
      ? [`local % ${this.lanes}`, `local / ${this.lanes}`]
      : [`local / ${this.itemsTogether}`, `local % ${this.itemsTogether}`]
    body.add(`let lane = ${lane};`)
    body.add(`let within = ${within};`)
    body.add(`let given = group * ${this.itemsTogether} + within;`)
    // Barriers need all: who has no item works on the last one and doesn't store.
    if (items > 1) body.add(`let item = min(given, ${items - 1});`)
    body.add(`let has_item = given < ${items};`)
    return {
      workgroupSize: this.lanes * this.itemsTogether,
      workgroups: Math.ceil(items / this.itemsTogether),
    }
  }

  combine({ body, module }: Program, fn: ReduceFn, dtype: DType, own: string): string {
    const type = expressionTypes[dtype]
    const scratch = module.workgroupMemory(type, this.lanes * this.itemsTogether)
    const apart = this.isLaneFirst ? 1 : this.itemsTogether
    body.add(`${scratch}[local] = ${own};`)
    body.add('workgroupBarrier();')
    for (let half = this.lanes / 2; half >= 1; half /= 2) {
      const other = `${scratch}[local + ${half * apart}]`
      const both = module.functions.combine(fn, `${scratch}[local]`, other, dtype)
      body.add(`if (lane < ${half}) { ${scratch}[local] = ${both}; }`)
      body.add('workgroupBarrier();')
    }
    const first = this.isLaneFirst ? 'local - lane' : 'within'
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
