// Values of nodes as shader text: pulled through everything that isn't stored, each place computed once.
import {
  type ChainNode,
  type ConcatNode,
  type GatherNode,
  type Node,
  type RandomNode,
  sizeOf,
  type ViewNode,
} from '../graph/node.ts'
import type { Block } from './block.ts'
import { expressionTypes, type Functions, memoryTypes } from './functions.ts'
import type { Halves } from '../fuse/kernel.ts'
import { wordOf, wordsOf } from './halves.ts'
import { flatten, Index, reshaped } from './index-math.ts'

/** What the generator of a kernel already has in a variable: text, or `undefined` where it has not. */
export type Local = (node: Node, coordinates: readonly Index[], block: Block) => string | undefined

export class Values {
  /** Values by block: those of an inner block are unknown outside of it. */
  readonly #known = new WeakMap<Block, Map<string, string>>()

  constructor(
    readonly functions: Functions,
    /** Bindings of stored values. */
    readonly names: ReadonlyMap<Node, string>,
    readonly halves: Halves,
    /** Stored values that are read rather than computed. */
    readonly reads: ReadonlySet<Node>,
    readonly local: Local = () => undefined,
  ) {}

  /**
   * The value of `node` at `coordinates`, an expression of its type without side effects. What it needs is declared in
   * `block` or, where the coordinates allow, in blocks around it.
   */
  at(node: Node, coordinates: readonly Index[], block: Block): string {
    const places = coordinates.map((index, axis) =>
      node.shape[axis] === 1 ? Index.constant(0) : index,
    )
    if (node.op === 'constant') return this.functions.literal(node.value, node.dtype)
    const depth = Math.max(0, ...places.map((index) => index.depth))
    const home = block.at(depth)
    const key = `${node.id}:${places.map((index) => index.key).join()}`
    const known = this.#lookup(key, home)
    if (known !== undefined) return known
    let text = this.local(node, places, home) ?? this.#compute(node, places, home)
    if (this.halves.has(node) && !this.reads.has(node))
      text = home.let(`${this.functions.use('rounded')}(${text})`)
    let values = this.#known.get(home)
    if (!values) this.#known.set(home, (values = new Map()))
    values.set(key, text)
    return text
  }

  #lookup(key: string, block: Block): string | undefined {
    for (let at: Block | undefined = block; at; at = at.outer) {
      const known = this.#known.get(at)?.get(key)
      if (known !== undefined) return known
    }
    return undefined
  }

  /** A stored value at its row-major place. */
  load(node: Node, place: Index, block: Block): string {
    const home = block.at(place.depth)
    const name = this.names.get(node)
    const distance = this.halves.get(node)
    if (distance === undefined) {
      const text = `${name}[${home.index(place)}]`
      return home.let(node.dtype === 'bool' ? `${text} != 0` : text)
    }
    const { word, half } = wordOf(place, distance)
    const at = block.at(word.depth)
    const both = at.let(`${name}[${at.index(word)}]`, 'w')
    if (half.value === 0) return at.let(`bitcast<f32>(${both} << 16u)`)
    if (half.value === 1) return at.let(`bitcast<f32>(${both} & 0xffff0000u)`)
    return home.let(`${this.functions.use('half_of')}(${both}, ${home.index(half)})`)
  }

  /** The text that writes values to stored places: two that share a word, or any in words of their own. */
  store(node: Node, places: readonly Index[], values: readonly string[], block: Block): string[] {
    const name = this.names.get(node)
    const distance = this.halves.get(node)
    if (distance === undefined)
      return values.map((value, i) => {
        const stored = node.dtype === 'bool' ? `select(0i, 1i, ${value})` : value
        return `${name}[${block.index(places[i]!)}] = ${stored};`
      })
    const [word, other] = places.map((place) => wordOf(place, distance).word)
    if (word?.key !== other?.key)
      throw new Error(`${node.op} ${node.id} is stored in 16 bits by single values`)
    return [`${name}[${block.index(word!)}] = ${this.functions.use('word_of')}(${values.join()});`]
  }

  #compute(node: Node, places: readonly Index[], block: Block): string {
    if (this.reads.has(node)) return this.load(node, flatten(places, node.shape), block)
    switch (node.op) {
      case 'index':
        return block.index(places[node.axis]!)
      case 'reshape': {
        const [input] = node.inputs as [Node]
        return this.at(input, reshaped(places, node.shape, input.shape), block)
      }
      case 'view':
        return this.#view(node, places, block)
      case 'map': {
        const operands = node.inputs.map((input) => ({
          text: this.at(input, places, block),
          dtype: input.dtype,
          value: input.op === 'constant' ? input.value : undefined,
        }))
        return block.let(this.functions.map(node.fn, operands, node.dtype))
      }
      case 'gather':
        return this.#gather(node, places, block)
      case 'chain':
        return this.#chain(node, places, block)
      case 'concat':
        return this.#concat(node, places, block)
      case 'random':
        return this.#random(node, places, block)
      case 'reduce':
      case 'scatter':
      case 'dot':
      case 'input':
      case 'constant':
        throw new Error(`a kernel needs ${node.op} ${node.id}, which it neither reads nor computes`)
    }
  }

  #view(node: ViewNode, places: readonly Index[], block: Block): string {
    const [input] = node.inputs as [Node]
    const read = viewed(node, places)
    if (node.fill === undefined) return this.at(input, read.places, block)
    const fill = this.functions.literal(node.fill, node.dtype)
    const conditions = read.bounds.flatMap(({ index, length }) => inside(index, length, block))
    for (const { index, by } of read.divisions) conditions.push(...isZero(index.modulo(by), block))
    if (conditions.includes('false')) return fill
    const value = this.at(input, read.places, block)
    return this.#masked(fill, value, conditions, block)
  }

  #masked(fill: string, value: string, conditions: readonly string[], block: Block): string {
    if (conditions.length === 0) return value
    return block.let(`select(${fill}, ${value}, ${conditions.join(' && ')})`)
  }

  #gather(node: GatherNode, [batch, at, rest]: readonly Index[], block: Block): string {
    const [x, ids] = node.inputs as [Node, Node]
    const length = x.shape[1]!
    const idPlaces = [batch!, at!]
    const depth = Math.max(...idPlaces.map((index) => index.depth))
    const home = block.at(depth)
    const id = home.let(
      this.functions.cast({ text: this.at(ids, idPlaces, home), dtype: ids.dtype }, 'int32'),
    )
    const condition = home.let(`u32(${id}) < ${length}u`, 'c')
    const value = this.at(x, [batch!, Index.variable(id, length, home.depth), rest!], block)
    return block.let(`select(${this.functions.literal(0, node.dtype)}, ${value}, ${condition})`)
  }

  #chain(node: ChainNode, [row, column]: readonly Index[], block: Block): string {
    const [values, first, next] = node.inputs as [Node, Node, Node]
    const length = next.shape[0]!
    const start = this.at(first, [row!], block)
    const sum = block.var(expressionTypes[node.dtype], this.functions.literal(0, node.dtype))
    const place = block.var('i32', start, 'p')
    block.block(`while (u32(${place}) < ${length}u)`, (inner) => {
      const at = Index.variable(place, length, inner.depth)
      inner.add(`${sum} += ${this.at(values, [at, column!], inner)};`)
      inner.add(`${place} = ${this.at(next, [at], inner)};`)
    })
    return sum
  }

  #concat(node: ConcatNode, places: readonly Index[], block: Block): string {
    const index = places[node.axis]!
    let end = node.shape[node.axis]!
    let text: string | undefined
    for (const part of node.inputs.toReversed()) {
      const start = end - part.shape[node.axis]!
      if (index.min < end && index.max >= start) {
        const own = places.map((place, axis) => (axis === node.axis ? place.plus(-start) : place))
        const value = this.at(part, own, block)
        if (text === undefined) text = value
        else {
          const condition = block.at(index.depth).let(`${block.index(index)} < ${end}`, 'c')
          text = block.let(`select(${text}, ${value}, ${condition})`)
        }
      }
      end = start
    }
    return text!
  }

  #random(node: RandomNode, places: readonly Index[], block: Block): string {
    const [key] = node.inputs as [Node]
    const [low, high, count] = [0, 1, 2].map((at) => this.at(key, [Index.constant(at)], block))
    const at = block.index(flatten(places, node.shape))
    return block.let(`${this.functions.use('uniform_f')}(${low}, ${high}, ${count}, ${at})`)
  }
}

/** Where a view reads, and what must hold for it to read at all. */
export function viewed(
  node: ViewNode,
  places: readonly Index[],
): {
  places: Index[]
  bounds: { index: Index; length: number }[]
  divisions: { index: Index; by: number }[]
} {
  const [input] = node.inputs as [Node]
  const bounds: { index: Index; length: number }[] = []
  const divisions: { index: Index; by: number }[] = []
  const read = node.axes.map(({ terms, offset, divisor }, axis) => {
    let index = Index.constant(offset)
    for (const [at, factor] of terms) index = index.plus(places[at]!.times(factor))
    if (divisor !== 1 && node.fill !== undefined) divisions.push({ index, by: divisor })
    index = index.dividedBy(divisor)
    bounds.push({ index, length: input.shape[axis]! })
    return index
  })
  return { places: read, bounds, divisions }
}

/** Conditions, if any, under which an index is 0. */
function isZero(index: Index, block: Block): string[] {
  if (index.value === 0) return []
  if (index.min > 0 || index.max < 0) return ['false']
  const home = block.at(index.depth)
  return [home.let(`${home.index(index)} == 0`, 'c')]
}

/** Conditions, if any, under which an index lies in 0 … length - 1. */
function inside(index: Index, length: number, block: Block): string[] {
  if (index.min >= 0 && index.max < length) return []
  if (index.min >= length || index.max < 0) return ['false']
  const home = block.at(index.depth)
  const text = home.index(index)
  if (index.min >= 0) return [home.let(`${text} < ${length}`, 'c')]
  if (index.max < length) return [home.let(`${text} >= 0`, 'c')]
  return [home.let(`u32(${text}) < ${length}u`, 'c')]
}

/** What a kernel declares for a stored value: an array of its size. */
export function arrayType({ dtype, shape }: Node, isHalved: boolean): string {
  const size = Math.max(1, sizeOf(shape))
  return isHalved ? `array<u32, ${wordsOf(size)}>` : `array<${memoryTypes[dtype]}, ${size}>`
}
