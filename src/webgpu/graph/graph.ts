// Builds graphs: equal nodes are one node, and what needs no computing is left out at once.
import {
  type ConcatNode,
  type DType,
  type MapFn,
  type Node,
  type ReduceFn,
  sameShape,
  type Shape,
  sizeOf,
  type ViewAxis,
} from './node.ts'
import { applyScalar, stored } from './scalar.ts'
import { simplified } from './simplify.ts'
import {
  along,
  compose,
  differsByOnes,
  fixed,
  isReordering,
  isUnchanged,
  keepsOutside,
  ofShape,
  overShape,
  plain,
  rangeOf,
  staysInside,
} from './view-axes.ts'

/** A node without its number. */
type Unnumbered = Node extends infer N ? (N extends Node ? Omit<N, 'id'> : never) : never

const comparisons: ReadonlySet<MapFn> = new Set<MapFn>([
  'and',
  'equal',
  'greater',
  'greaterEqual',
  'isFinite',
  'isInf',
  'isNan',
  'less',
  'lessEqual',
  'not',
  'notEqual',
  'or',
])

/** Functions that don't mind the order of their inputs. */
const commutative: ReadonlySet<MapFn> = new Set<MapFn>([
  'add',
  'and',
  'equal',
  'max',
  'min',
  'mul',
  'notEqual',
  'or',
])

const emptyReductions: Record<ReduceFn, number> = {
  sum: 0,
  prod: 1,
  max: -Infinity,
  min: Infinity,
  any: 0,
  all: 1,
}

export class Graph {
  readonly inputs: Node[] = []
  readonly #known = new Map<string, Node>()
  #count = 0

  #intern(node: Unnumbered, attributes: string): Node {
    const ids = node.inputs.map((input) => input.id)
    if (node.op === 'map' && commutative.has(node.fn)) ids.sort((a, b) => a - b)
    const key = `${node.op} ${attributes} ${node.dtype} ${node.shape.join()} ${ids.join()}`
    let known = this.#known.get(key)
    if (!known) {
      known = { id: this.#count++, ...node }
      this.#known.set(key, known)
    }
    return known
  }

  /** A new input. */
  input(shape: Shape, dtype: DType): Node {
    const slot = this.inputs.length
    const node = this.#intern({ op: 'input', slot, shape, dtype, inputs: [] }, String(slot))
    this.inputs.push(node)
    return node
  }

  /** `value` everywhere, as the type stores it. */
  constant(given: number, shape: Shape, dtype: DType = 'float32'): Node {
    const value = stored(given, dtype)
    // -0 and NaN are told apart from 0.
    const key = Object.is(value, -0) ? '-0' : String(value)
    return this.#intern({ op: 'constant', value, shape, dtype, inputs: [] }, key)
  }

  /** The coordinate along `axis` of `shape`, int32. */
  index(shape: Shape, axis: number): Node {
    if (shape[axis] === 1) return this.constant(0, shape, 'int32')
    return this.#intern({ op: 'index', axis, shape, dtype: 'int32', inputs: [] }, String(axis))
  }

  /** `fn` of inputs of one shape. The result has the type of the last input, bool for a comparison. */
  map(fn: Exclude<MapFn, 'cast'>, ...inputs: Node[]): Node {
    return this.#map(fn, inputs, comparisons.has(fn) ? 'bool' : inputs.at(-1)!.dtype)
  }

  cast(x: Node, dtype: DType): Node {
    return x.dtype === dtype ? x : this.#map('cast', [x], dtype)
  }

  #map(fn: MapFn, inputs: readonly Node[], dtype: DType): Node {
    const { shape } = inputs[0]!
    const values = inputs.map((input) => (input.op === 'constant' ? input.value : undefined))
    if (values.every((value) => value !== undefined))
      return this.constant(applyScalar(fn, values, dtype), shape, dtype)
    const simpler = simplified(this, fn, inputs, dtype) ?? this.#beforeOrder(fn, inputs, dtype)
    if (simpler) return simpler
    return this.#intern({ op: 'map', fn, shape, dtype, inputs }, fn)
  }

  /** What a function of one reordered value and constants is before the order changes: there it joins what made it. */
  #beforeOrder(fn: MapFn, inputs: readonly Node[], dtype: DType): Node | undefined {
    const [reordered, ...others] = inputs.filter(({ op }) => op !== 'constant')
    if (reordered?.op !== 'view' || others.length > 0 || !isReordering(reordered)) return undefined
    const [x] = reordered.inputs as [Node]
    const own = inputs.map((input) =>
      input.op === 'constant' ? this.constant(input.value, x.shape, input.dtype) : x,
    )
    return this.view(this.#map(fn, own, dtype), reordered.shape, reordered.axes)
  }

  /** Another way to look at `x`; see `ViewAxis`. `fill` is left out where the view never reads it. */
  view(x: Node, shape: Shape, given: readonly ViewAxis[], padding?: number): Node {
    const { dtype } = x
    const axes = given.map((axis) => plain(axis, shape))
    const isInside = axes.every((axis, i) => staysInside(axis, shape, x.shape[i]!))
    const fill = isInside ? undefined : padding
    if (x.op === 'constant' && (fill === undefined || fill === x.value))
      return this.constant(x.value, shape, dtype)
    if (fill === undefined && sameShape(x.shape, shape) && axes.every(isUnchanged(shape))) return x
    const direct = this.#direct(x, shape, axes, fill)
    if (direct) return direct
    const key = axes.map(({ terms, offset, divisor }) => `${terms.join('+')}@${offset}/${divisor}`)
    return this.#intern(
      { op: 'view', axes, fill, shape, dtype, inputs: [x] },
      `${key.join(';')} ${fill}`,
    )
  }

  /** A view of what `x` is made of, in place of a view of `x`. */
  #direct(
    x: Node,
    shape: Shape,
    axes: readonly ViewAxis[],
    fill: number | undefined,
  ): Node | undefined {
    const [input] = x.inputs
    if (x.op === 'view') {
      if (fill !== undefined && !keepsOutside(x, axes, shape)) return undefined
      const composed = compose(axes, x.axes)
      return composed && this.view(input!, shape, composed, fill ?? x.fill)
    }
    if (x.op === 'reshape' && differsByOnes(x.shape, input!.shape)) {
      const isLeft = axes.some(
        (axis, i) => x.shape[i] === 1 && fill !== undefined && !staysInside(axis, shape, 1),
      )
      return isLeft
        ? undefined
        : this.view(input!, shape, ofShape(axes, x.shape, input!.shape), fill)
    }
    return x.op === 'concat' ? this.#ofPart(x, shape, axes, fill) : undefined
  }

  /** A view of the one part of `x` that is read, if it is one. */
  #ofPart(
    { axis, inputs }: ConcatNode,
    shape: Shape,
    axes: readonly ViewAxis[],
    fill: number | undefined,
  ): Node | undefined {
    const range = rangeOf(axes[axis]!, shape)
    let start = 0
    for (const part of inputs) {
      const end = start + part.shape[axis]!
      if (range && range[0] >= start && range[1] < end) {
        const own = { ...axes[axis]!, offset: axes[axis]!.offset - start }
        return this.view(part, shape, axes.with(axis, own), fill)
      }
      start = end
    }
    return undefined
  }

  /** `x` [..., 1, ...] spread over `shape` of the same rank. */
  broadcast(x: Node, shape: Shape): Node {
    const axes = x.shape.map((length, axis) =>
      length === 1 && shape[axis] !== 1 ? fixed() : along(axis),
    )
    return this.view(x, shape, axes)
  }

  /** `x` over `shape` of the same or a higher rank, as numpy broadcasts. */
  expand(x: Node, shape: Shape): Node {
    const missing = shape.length - x.shape.length
    const full = this.reshape(x, [...Array<number>(missing).fill(1), ...x.shape])
    return this.broadcast(full, shape)
  }

  /** Axis i of the result is axis `order[i]` of `x`. */
  transpose(x: Node, order: readonly number[]): Node {
    const shape = order.map((axis) => x.shape[axis]!)
    return this.view(
      x,
      shape,
      order.map((_, axis) => along(order.indexOf(axis))),
    )
  }

  /** `size[i]` places along axis i, beginning at `begin[i]`, `stride[i]` apart (1 unless given; may be negative). */
  slice(
    x: Node,
    begin: readonly number[],
    size: Shape,
    stride: readonly number[] = size.map(() => 1),
  ): Node {
    return this.view(
      x,
      size,
      size.map((_, axis) => along(axis, stride[axis], begin[axis])),
    )
  }

  /** The last place first, along `axes`. */
  reverse(x: Node, axes: readonly number[]): Node {
    return this.view(
      x,
      x.shape,
      x.shape.map((length, axis) =>
        axes.includes(axis) ? along(axis, -1, length - 1) : along(axis),
      ),
    )
  }

  /** `x` with `fill` around it: [before, after] for each axis. */
  pad(x: Node, paddings: readonly (readonly [number, number])[], fill = 0): Node {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x
    const shape = x.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1])
    const axes = paddings.map(([before], axis) => along(axis, 1, -before))
    return this.view(x, shape, axes, fill)
  }

  /** The same values in the same order. */
  reshape(x: Node, shape: Shape): Node {
    if (sameShape(x.shape, shape)) return x
    if (x.op === 'constant') return this.constant(x.value, shape, x.dtype)
    if (x.op === 'reshape') return this.reshape(x.inputs[0]!, shape)
    if (x.op === 'view' && differsByOnes(x.shape, shape))
      return this.view(x.inputs[0]!, shape, overShape(x.axes, x.shape, shape), x.fill)
    return this.#intern({ op: 'reshape', shape, dtype: x.dtype, inputs: [x] }, '')
  }

  /** Combines along `axes`, which stay with length 1. */
  reduce(fn: ReduceFn, x: Node, axes: readonly number[]): Node {
    const real = axes.filter((axis) => x.shape[axis] !== 1).toSorted((a, b) => a - b)
    if (real.length === 0) return x
    const shape = x.shape.map((length, axis) => (real.includes(axis) ? 1 : length))
    const { dtype } = x
    const count = real.reduce((product, axis) => product * x.shape[axis]!, 1)
    if (count === 0) return this.constant(emptyReductions[fn], shape, dtype)
    if (x.op === 'constant' && fn !== 'prod')
      return this.constant(fn === 'sum' ? x.value * count : x.value, shape, dtype)
    const spread = this.#spreadOf(x, real)
    if (spread && fn !== 'prod') {
      const once = this.reduce(fn, spread, real)
      const times = sizeOf(x.shape) / sizeOf(spread.shape)
      return fn === 'sum' ? this.map('mul', once, this.constant(times, shape, dtype)) : once
    }
    return this.#intern(
      { op: 'reduce', fn, axes: real, shape, dtype, inputs: [x] },
      `${fn} ${real.join()}`,
    )
  }

  /** `x` before it was broadcast along some of `axes`; `undefined` where it was not. */
  #spreadOf(x: Node, axes: readonly number[]): Node | undefined {
    if (x.op !== 'view') return undefined
    const read = new Set(x.axes.flatMap(({ terms }) => terms.map(([axis]) => axis)))
    const shape = x.shape.map((length, axis) =>
      axes.includes(axis) && !read.has(axis) ? 1 : length,
    )
    return sameShape(shape, x.shape) ? undefined : this.view(x.inputs[0]!, shape, x.axes, x.fill)
  }

  /** [batch, m, k] · [batch, k, n]: [batch, m, n]. */
  dot(a: Node, b: Node): Node {
    const shape = [a.shape[0]!, a.shape[1]!, b.shape[2]!]
    if (a.shape[2] === 0) return this.constant(0, shape)
    if (a.shape[2] === 1) return this.map('mul', this.broadcast(a, shape), this.broadcast(b, shape))
    return this.#intern({ op: 'dot', shape, dtype: 'float32', inputs: [a, b] }, '')
  }

  /** x [b, length, rest], ids [b, n]: [b, n, rest]. */
  gather(x: Node, ids: Node): Node {
    const shape = [x.shape[0]!, ids.shape[1]!, x.shape[2]!]
    return this.#intern({ op: 'gather', shape, dtype: x.dtype, inputs: [x, ids] }, '')
  }

  /** Sums of values [n, rest] by their ids [n]: [count, rest]. */
  scatter(values: Node, ids: Node, count: number): Node {
    const shape = [count, values.shape[1]!]
    return this.#intern({ op: 'scatter', shape, dtype: values.dtype, inputs: [values, ids] }, '')
  }

  /** Sums of values [n, rest] along chains of places, first [count] and next [n]: [count, rest]. */
  chain(values: Node, first: Node, next: Node): Node {
    const shape = [first.shape[0]!, values.shape[1]!]
    return this.#intern(
      { op: 'chain', shape, dtype: values.dtype, inputs: [values, first, next] },
      '',
    )
  }

  concat(parts: readonly Node[], axis: number): Node {
    const real = this.#joined(parts, axis)
    if (real.length <= 1) return real[0] ?? parts[0]!
    const length = real.reduce((sum, part) => sum + part.shape[axis]!, 0)
    const [{ dtype, shape: first }] = real as [Node]
    const shape = first.map((own, i) => (i === axis ? length : own))
    return this.#intern({ op: 'concat', axis, shape, dtype, inputs: real }, String(axis))
  }

  /** Without empty parts; slices of one value that follow each other are one slice. */
  #joined(parts: readonly Node[], axis: number): Node[] {
    const joined: Node[] = []
    for (const part of parts) {
      if (part.shape[axis] === 0) continue
      const before = joined.at(-1)
      const [x] = part.inputs
      const from = before && x && before.inputs[0] === x ? sliceOf(before, axis) : undefined
      const own = from && sliceOf(part, axis)
      if (from === undefined || own === undefined || own.offset !== from.offset + from.length) {
        joined.push(part)
        continue
      }
      const shape = part.shape.map((length, i) => (i === axis ? from.length + own.length : length))
      const begin = shape.map((_, i) => (i === axis ? from.offset : 0))
      joined[joined.length - 1] = this.slice(x!, begin, shape)
    }
    return joined
  }

  /** The same operation of other inputs. */
  again(node: Node, inputs: readonly Node[]): Node {
    const [first, second, third] = inputs as [Node, Node, Node]
    const { shape } = node
    switch (node.op) {
      case 'input':
      case 'constant':
      case 'index':
        return node
      case 'map':
        return this.#map(node.fn, inputs, node.dtype)
      case 'view':
        return this.view(first, shape, node.axes, node.fill)
      case 'reshape':
        return this.reshape(first, shape)
      case 'reduce':
        return this.reduce(node.fn, first, node.axes)
      case 'dot':
        return this.dot(first, second)
      case 'gather':
        return this.gather(first, second)
      case 'scatter':
        return this.scatter(first, second, node.shape[0]!)
      case 'chain':
        return this.chain(first, second, third)
      case 'concat':
        return this.concat(inputs, node.axis)
      case 'random':
        return this.random(first, shape)
    }
  }

  /** Uniform numbers of the stream whose key is int32 [3]. */
  random(key: Node, shape: Shape): Node {
    return this.#intern({ op: 'random', shape, dtype: 'float32', inputs: [key] }, '')
  }

  /** Whether there is nothing to compute of it. */
  static isEmpty(node: Node): boolean {
    return sizeOf(node.shape) === 0
  }
}

/** Where a part lies along `axis` of what it is a slice of, whole along all others. */
function sliceOf(node: Node, axis: number): { offset: number; length: number } | undefined {
  if (node.op !== 'view' || node.shape.length !== node.inputs[0]!.shape.length) return undefined
  const { shape, inputs } = node
  const offset = node.axes[axis]!.offset
  const isSlice = node.axes.every((each, i) => {
    const shifted = i === axis ? { ...each, offset: 0 } : each
    if (i !== axis && shape[i] !== inputs[0]!.shape[i]) return false
    return isUnchanged(shape)(shifted, i)
  })
  return isSlice && node.fill === undefined ? { offset, length: shape[axis]! } : undefined
}
