// Kernels that go along rows of long values without storing them: each value is computed from its short factors.
import { type DotNode, type Node, type ReduceNode, sizeOf } from '../graph/node.ts'
import { flatten, Index, reshaped, unflatten } from '../wgsl/index-math.ts'
import { viewed } from '../wgsl/values.ts'

/** What is added up along rows of long values. */
export type RowResult = ReduceNode | DotNode

/** `items` rows, `rows` in each matrix, of `inner` values each. */
export interface RowSpace {
  readonly items: number
  readonly rows: number
  readonly inner: number
}

/** Products of so few terms are computed wherever they are needed. */
const MOST_TERMS = 64

/** Results of a product that one invocation has for a row. */
export const MOST_COLUMNS = 64

/** Variables of an invocation: text for twice as many takes SwiftShader longer to compile than it saves. */
const ROOM = 128
const LEAST_FACTORS = 16
const MOST_ROWS = 4

export const isShort = (node: Node): node is DotNode =>
  node.op === 'dot' && node.inputs[0]!.shape[2]! <= MOST_TERMS

/** Which operand of a product is the long one: its rows, or its columns, are what the result has a row for. */
export const longSide = ({ shape }: DotNode): 0 | 1 => (shape[1]! >= shape[2]! ? 0 : 1)

export function rowSpace(node: RowResult): RowSpace {
  const { shape } = node.inputs[0]!
  if (node.op === 'dot') {
    const rows = node.shape[longSide(node) === 0 ? 1 : 2]!
    return { items: node.shape[0]! * rows, rows, inner: shape[2]! }
  }
  const inner = shape.at(-1)!
  return { items: sizeOf(shape) / inner, rows: shape.at(-2) ?? 1, inner }
}

/** Values of a row of a result. */
export const columnsOf = (node: RowResult): number =>
  node.op === 'reduce' ? 1 : node.shape[longSide(node) === 0 ? 2 : 1]!

/** Rows that one invocation has: their factors and their results stay in variables. */
export function rowsAtOnce(results: readonly RowResult[]): number {
  const columns = results.map(columnsOf)
  const sums = columns.reduce((sum, count) => sum + count, 0)
  const room = Math.floor(ROOM / (sums + Math.max(LEAST_FACTORS, ...columns)))
  return Math.max(1, Math.min(MOST_ROWS, 2 ** Math.floor(Math.log2(room))))
}

/** What a kernel of kind `rows` computes, and from what. */
export interface RowKernel {
  readonly space: RowSpace
  /** Each after those that it needs. */
  readonly results: readonly RowResult[]
  readonly loads: ReadonlySet<Node>
}

/** `undefined` where one kernel can't compute `writes`: rows of other values, results needed elsewhere than in their row. */
export function rowKernel(
  writes: readonly Node[],
  isStored: (node: Node) => boolean,
): RowKernel | undefined {
  const visitor = new RowVisitor(rowSpace(writes[0] as RowResult), isStored)
  return writes.every((node) => visitor.result(node)) ? visitor : undefined
}

/** The places of a result, and of what it adds up, in round `at` of the row `item`; `c` counts columns. */
export function placesOf(node: RowResult, item: Index, at: Index, c: Index) {
  const { shape } = node.inputs[0]!
  if (node.op === 'reduce') {
    const long = unflatten(item.times(shape.at(-1)!).plus(at), shape)
    return { result: unflatten(item, node.shape), long, other: undefined }
  }
  const side = longSide(node)
  const rows = node.shape[side === 0 ? 1 : 2]!
  const [matrix, row] = unflatten(item, [node.shape[0]!, rows]) as [Index, Index]
  return side === 0
    ? { result: [matrix, row, c], long: [matrix, row, at], other: [matrix, at, c] }
    : { result: [matrix, c, row], long: [matrix, at, row], other: [matrix, c, at] }
}

class RowVisitor implements RowKernel {
  space: RowSpace
  readonly results: RowResult[] = []
  readonly loads = new Set<Node>()
  readonly #isStored: (node: Node) => boolean
  readonly #seen = new Set<string>()
  readonly #item: Index
  readonly #round: Index

  constructor(space: RowSpace, isStored: (node: Node) => boolean) {
    this.space = space
    this.#isStored = isStored
    this.#item = Index.variable('item', space.items, 0)
    this.#round = Index.variable('round', space.inner, 1)
  }

  result(node: Node): boolean {
    if (node.op !== 'reduce' && node.op !== 'dot') return false
    if (this.results.includes(node)) return true
    const own = rowSpace(node)
    if (own.items !== this.space.items || own.inner !== this.space.inner) return false
    if (own.rows < this.space.rows) this.space = own
    const { long, other } = placesOf(
      node,
      this.#item,
      this.#round,
      Index.variable('column', MOST_COLUMNS, 1),
    )
    const side = node.op === 'dot' ? longSide(node) : 0
    if (!this.#value(node.inputs[side]!, long, true)) return false
    if (other && !this.#value(node.inputs[1 - side]!, other, false)) return false
    this.results.push(node)
    return true
  }

  /** A value along the row (`isLong`), or a factor of one. */
  #value(node: Node, coordinates: readonly Index[], isLong: boolean): boolean {
    if (this.#isStored(node)) {
      this.loads.add(node)
      return true
    }
    const places = coordinates.map((index, axis) =>
      node.shape[axis] === 1 ? Index.constant(0) : index,
    )
    const key = `${node.id}:${places.map((index) => index.key).join()}`
    if (this.#seen.has(key)) return true
    this.#seen.add(key)
    switch (node.op) {
      case 'constant':
      case 'index':
        return true
      case 'map':
        return node.inputs.every((input) => this.#value(input, places, isLong))
      case 'view':
        return this.#value(node.inputs[0]!, viewed(node, places).places, isLong)
      case 'reshape': {
        const [input] = node.inputs as [Node]
        return this.#value(input, reshaped(places, node.shape, input.shape), isLong)
      }
      case 'random':
        return this.#value(node.inputs[0]!, [Index.constant(0)], isLong)
      case 'dot': {
        const [left, right] = node.inputs as [Node, Node]
        const [matrix, row, column] = places as [Index, Index, Index]
        const term = Index.variable('term', left.shape[2]!, 1)
        return (
          isLong &&
          isShort(node) &&
          this.#value(left, [matrix, row, term], false) &&
          this.#value(right, [matrix, term, column], false)
        )
      }
      case 'reduce':
        return isLong && flatten(places, node.shape).key === this.#item.key && this.result(node)
      default:
        // What takes more than one place is stored first.
        return false
    }
  }
}
