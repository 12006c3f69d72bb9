// What a product kernel does with its results: the element-wise values on top, stored under the shape of each write.
import type { Kernel } from '../fuse/kernel.ts'
import { pathToDot, resultAt } from '../fuse/results.ts'
import { type DotNode, type Node, sizeOf } from '../graph/node.ts'
import type { Block } from './block.ts'
import { flatten, Index } from './index-math.ts'
import type { Module, Program } from './program.ts'
import type { Local } from './values.ts'

/** Coordinates of a result: [batch, row, column]. */
export type Place = readonly [batch: Index, row: Index, column: Index]

/**
 * Results of an invocation that are stored together: one, or two neighbours along the rows. Where each belongs, in which
 * variable it is, and what must hold for them to be stored.
 */
export interface Results {
  readonly places: readonly Place[]
  readonly texts: readonly string[]
  readonly condition: string | undefined
}

/** The product of a kernel, and where each write has what is computed of one of its results. */
export class Output {
  readonly dot: DotNode
  readonly #paths: readonly (readonly Node[] | undefined)[]
  readonly #texts = new Map<string, string>()

  constructor(readonly kernel: Kernel) {
    const reads = new Set(kernel.reads)
    this.#paths = kernel.writes.map((write) => pathToDot(write, (node) => reads.has(node)))
    const dot = this.#paths.find((path) => path)?.at(-1)
    if (dot?.op !== 'dot') throw new Error('a dot kernel writes nothing that needs a product')
    this.dot = dot
  }

  /** Results are known by their places. */
  readonly local: Local = (node, coordinates) => {
    if (node !== this.dot) return undefined
    const text = this.#texts.get(keyOf(coordinates))
    if (text === undefined)
      throw new Error(`dot ${node.id} is needed at another place than where it is computed`)
    return text
  }

  /** The row-major place in `write` of what is computed of a result. */
  placeOf(write: Node, place: Place): Index {
    return flatten(this.#coordinates(write, place), write.shape)
  }

  store({ values }: Program, block: Block, results: readonly Results[]): void {
    for (const { places, texts } of results)
      for (const [i, place] of places.entries()) this.#texts.set(keyOf(place), texts[i]!)
    for (const { places, condition } of results) {
      const stores = this.kernel.writes.flatMap((write) => {
        const coordinates = places.map((place) => this.#coordinates(write, place))
        const own = coordinates.map((at) => values.at(write, at, block))
        const stored = coordinates.map((at) => flatten(at, write.shape))
        return values.store(write, stored, own, block)
      })
      if (condition === undefined) for (const store of stores) block.add(store)
      else block.block(`if (${condition})`, (inner) => stores.forEach((store) => inner.add(store)))
    }
  }

  /** Of what belongs to a result in `write`. */
  #coordinates(write: Node, place: Place): readonly Index[] {
    const { shape } = this.dot
    if (sizeOf(write.shape) !== sizeOf(shape))
      throw new Error(
        `a dot kernel of [${shape.join()}] can't store ${write.op} ${write.id} of [${write.shape.join()}]`,
      )
    return resultAt(write, this.#paths[this.kernel.writes.indexOf(write)], this.dot, place)
  }
}

/** How many neighbours along the rows an invocation stores together. */
export const rowsTogether = ({ halves }: Module, { writes }: Kernel): 1 | 2 =>
  writes.some((node) => halves.has(node)) ? 2 : 1

const keyOf = (place: readonly Index[]): string => place.map(({ key }) => key).join()

/** An index, and what must hold for it to lie before the end of `length`; beyond, it is replaced by the last one. */
export interface Bounded {
  readonly index: Index
  readonly condition: string | undefined
}

export function beforeEnd(block: Block, index: Index, length: number): Bounded {
  if (index.max < length) return { index, condition: undefined }
  const home = block.at(index.depth)
  const text = home.let(home.index(index), 'i')
  const name = home.let(`min(${text}, ${length - 1})`, 'e')
  return {
    index: Index.variable(name, length, home.depth),
    condition: home.let(`${text} < ${length}`, 'c'),
  }
}

/** 0 … length - 1. */
export const range = (length: number): number[] => Array.from({ length }, (_, at) => at)
