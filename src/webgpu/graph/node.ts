// The nodes of a traced step: a dozen primitive operations that all kernels of tfjs are made of.

/** How values are computed; on the device each takes four bytes, bool as 0 or 1. */
export type DType = 'float32' | 'int32' | 'bool'

export type Shape = readonly number[]

/** Element-wise functions of one value. */
export const unaryFns = [
  'abs',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'ceil',
  'cos',
  'cosh',
  'erf',
  'exp',
  'expm1',
  'floor',
  'isFinite',
  'isInf',
  'isNan',
  'log',
  'log1p',
  'neg',
  'not',
  'reciprocal',
  'round',
  'rsqrt',
  'sigmoid',
  'sign',
  'sin',
  'sinh',
  'softplus',
  'sqrt',
  'tan',
  'tanh',
] as const

/** Element-wise functions of two values. Comparisons give bool; `mod` and `floorDiv` round down, as in Python. */
export const binaryFns = [
  'add',
  'and',
  'atan2',
  'div',
  'equal',
  'floorDiv',
  'greater',
  'greaterEqual',
  'less',
  'lessEqual',
  'max',
  'min',
  'mod',
  'mul',
  'notEqual',
  'or',
  'pow',
  'sub',
] as const

/** `select` takes (condition, where true, where false); `cast` changes the type to that of the node. */
export type MapFn = (typeof unaryFns)[number] | (typeof binaryFns)[number] | 'select' | 'cast'

export type ReduceFn = 'sum' | 'prod' | 'max' | 'min' | 'any' | 'all'

/**
 * Where a view reads along one axis of its input: at `(offset + Σ factor × coordinate) / divisor`, the sum being over
 * coordinates of the view. No terms: the same place for all (a broadcast); a factor is a stride, two terms are a window.
 * What falls outside of the axis, or is not divisible, reads the view's `fill`.
 */
export interface ViewAxis {
  readonly terms: readonly (readonly [axis: number, factor: number])[]
  readonly offset: number
  readonly divisor: number
}

interface Common {
  /** Counts up: an input's is lower than that of what uses it. */
  readonly id: number
  readonly shape: Shape
  readonly dtype: DType
  readonly inputs: readonly Node[]
}

/** Values that come from outside: number `slot` of the graph's inputs. */
export interface InputNode extends Common {
  readonly op: 'input'
  readonly slot: number
}

/** One value everywhere. */
export interface ConstantNode extends Common {
  readonly op: 'constant'
  readonly value: number
}

/** The coordinate along `axis`, int32. */
export interface IndexNode extends Common {
  readonly op: 'index'
  readonly axis: number
}

/** An element-wise function of inputs that all have the node's shape. */
export interface MapNode extends Common {
  readonly op: 'map'
  readonly fn: MapFn
}

/** Another way to look at the input: broadcast, transpose, slice, stride, reverse, pad, window, dilate. */
export interface ViewNode extends Common {
  readonly op: 'view'
  /** One for each axis of the input. */
  readonly axes: readonly ViewAxis[]
  /** Where the view reads outside of the input; `undefined` says that it never does. */
  readonly fill: number | undefined
}

/** The same values in the same order under another shape. */
export interface ReshapeNode extends Common {
  readonly op: 'reshape'
}

/** Combines along `axes`, which stay with length 1. Of no values: 0, 1, -Infinity, Infinity, false, true. */
export interface ReduceNode extends Common {
  readonly op: 'reduce'
  readonly fn: ReduceFn
  readonly axes: readonly number[]
}

/** Products of matrices: [batch, m, k] and [batch, k, n] to [batch, m, n], float32. */
export interface DotNode extends Common {
  readonly op: 'dot'
}

/** Of x [b, length, rest] and ids [b, n], int32: [b, n, rest]. An id outside of the length reads 0. */
export interface GatherNode extends Common {
  readonly op: 'gather'
}

/** Of values [n, rest] and ids [n], int32: sums by id, [count, rest]. Values of ids outside are left out. */
export interface ScatterNode extends Common {
  readonly op: 'scatter'
}

/**
 * Sums along chains: of values [n, rest], first [count] and next [n], both int32, row r of [count, rest] adds up the
 * values at first[r], at next of that, and so on until a place outside of n. Each place of `next` names a later one.
 */
export interface ChainNode extends Common {
  readonly op: 'chain'
}

/** The inputs one after the other along `axis`. */
export interface ConcatNode extends Common {
  readonly op: 'concat'
  readonly axis: number
}

/**
 * Uniform in [0, 1), float32, from a stream of the sdk's `Random`; the input is its key, int32 [3]: low, high and
 * counter as 32-bit patterns. Value i is mix(mix((counter + i + 1) ^ low) + high) / 2^32.
 */
export interface RandomNode extends Common {
  readonly op: 'random'
}

export type Node =
  | InputNode
  | ConstantNode
  | IndexNode
  | MapNode
  | ViewNode
  | ReshapeNode
  | ReduceNode
  | DotNode
  | GatherNode
  | ScatterNode
  | ChainNode
  | ConcatNode
  | RandomNode

/** Number of values of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1)

/** Whether two shapes are the same. */
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

/** How far apart neighbours along each axis lie, values in row-major order. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = shape.map(() => 1)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}
