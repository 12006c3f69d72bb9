// What nodes mean, in plain loops: the reference that tests compare compiled steps with.
import { type DType, type Node, type ReduceFn, sizeOf, stridesOf, type ViewAxis } from './node.ts'
import { reachable } from './reachable.ts'
import { applyScalar, stored } from './scalar.ts'

export type Values = Float32Array | Int32Array | Uint8Array

function valuesOf(dtype: DType, size: number): Values {
  if (dtype === 'float32') return new Float32Array(size)
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size)
}

type Inputs = readonly Values[]

/** Calls `visit` with each coordinate of `shape` in row-major order; the array is the same one each time. */
function forEachPlace(shape: readonly number[], visit: (at: number[], i: number) => void): void {
  const at = shape.map(() => 0)
  const size = sizeOf(shape)
  for (let i = 0; i < size; i++) {
    visit(at, i)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++at[axis]! < shape[axis]!) break
      at[axis] = 0
    }
  }
}

/** Where the view reads along an axis of `length`; `undefined` for outside. */
function placeOf(axis: ViewAxis, at: readonly number[], length: number): number | undefined {
  let sum = axis.offset
  for (const [along, factor] of axis.terms) sum += factor * at[along]!
  const place = sum / axis.divisor
  return Number.isInteger(place) && place >= 0 && place < length ? place : undefined
}

function view(node: Node & { op: 'view' }, [x]: Inputs, out: Values): void {
  const { shape } = node.inputs[0]!
  const strides = stridesOf(shape)
  forEachPlace(node.shape, (at, i) => {
    let index = 0
    for (const [j, axis] of node.axes.entries()) {
      const place = placeOf(axis, at, shape[j]!)
      if (place === undefined) {
        if (node.fill === undefined) throw new Error(`Node ${node.id} reads outside of its input.`)
        out[i] = stored(node.fill, node.dtype)
        return
      }
      index += place * strides[j]!
    }
    out[i] = x![index]!
  })
}

const combine: Record<ReduceFn, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  any: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
  all: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
}

/** Of no values. */
const neutral: Record<ReduceFn, number> = {
  sum: 0,
  prod: 1,
  max: -Infinity,
  min: Infinity,
  any: 0,
  all: 1,
}

/** Sums are kept in float64, so that the reference has no order. */
function reduce(node: Node & { op: 'reduce' }, [x]: Inputs, out: Values): void {
  const strides = stridesOf(node.shape)
  const sums = new Float64Array(out.length).fill(neutral[node.fn])
  forEachPlace(node.inputs[0]!.shape, (at, i) => {
    let index = 0
    for (let axis = 0; axis < at.length; axis++)
      if (!node.axes.includes(axis)) index += at[axis]! * strides[axis]!
    sums[index] = combine[node.fn](sums[index]!, x![i]!)
  })
  for (let i = 0; i < out.length; i++) out[i] = stored(sums[i]!, node.dtype)
}

function dot(node: Node & { op: 'dot' }, [a, b]: Inputs, out: Values): void {
  const [batch, m, n] = node.shape as [number, number, number]
  const k = node.inputs[0]!.shape[2]!
  for (let row = 0; row < batch * m; row++) {
    const start = Math.floor(row / m) * k * n
    for (let column = 0; column < n; column++) {
      let sum = 0
      for (let i = 0; i < k; i++) sum += a![row * k + i]! * b![start + i * n + column]!
      out[row * n + column] = sum
    }
  }
}

function gather(node: Node & { op: 'gather' }, [x, ids]: Inputs, out: Values): void {
  const [batch, n, rest] = node.shape as [number, number, number]
  const length = node.inputs[0]!.shape[1]!
  for (let row = 0; row < batch * n; row++) {
    const id = ids![row]!
    if (id < 0 || id >= length) continue
    const from = (Math.floor(row / n) * length + id) * rest
    for (let i = 0; i < rest; i++) out[row * rest + i] = x![from + i]!
  }
}

function scatter(node: Node & { op: 'scatter' }, [values, ids]: Inputs, out: Values): void {
  const [count, rest] = node.shape as [number, number]
  const sums = new Float64Array(out.length)
  for (const [row, id] of ids!.entries()) {
    if (id < 0 || id >= count) continue
    for (let i = 0; i < rest; i++) sums[id * rest + i]! += values![row * rest + i]!
  }
  for (let i = 0; i < out.length; i++) out[i] = stored(sums[i]!, node.dtype)
}

function chain(node: Node & { op: 'chain' }, [values, first, next]: Inputs, out: Values): void {
  const [count, rest] = node.shape as [number, number]
  const n = next!.length
  for (let row = 0; row < count; row++)
    for (let i = 0; i < rest; i++) {
      let sum = 0
      for (let at = first![row]!; at >= 0 && at < n; at = next![at]!) sum += values![at * rest + i]!
      out[row * rest + i] = stored(sum, node.dtype)
    }
}

function concat(node: Node & { op: 'concat' }, parts: Inputs, out: Values): void {
  const inner = sizeOf(node.shape.slice(node.axis + 1))
  const outer = sizeOf(node.shape.slice(0, node.axis))
  let to = 0
  for (let row = 0; row < outer; row++)
    for (const [i, part] of parts.entries()) {
      const length = node.inputs[i]!.shape[node.axis]! * inner
      out.set(part.subarray(row * length, (row + 1) * length), to)
      to += length
    }
}

/** 32-bit finaliser of MurmurHash3. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function random([key]: Inputs, out: Values): void {
  const [low, high, counter] = key as unknown as [number, number, number]
  for (let i = 0; i < out.length; i++)
    out[i] = (mix(mix((counter + i + 1) ^ low) + high) >>> 8) / 2 ** 24
}

function evaluate(node: Node, inputs: Inputs, given: readonly Values[]): Values {
  if (node.op === 'input') return given[node.slot]!
  if (node.op === 'reshape') return inputs[0]!
  const out = valuesOf(node.dtype, sizeOf(node.shape))
  switch (node.op) {
    case 'constant':
      return out.fill(node.value)
    case 'index':
      forEachPlace(node.shape, (at, i) => (out[i] = at[node.axis]!))
      return out
    case 'map': {
      const values = inputs.map(() => 0)
      for (let i = 0; i < out.length; i++) {
        for (let j = 0; j < inputs.length; j++) values[j] = inputs[j]![i]!
        out[i] = applyScalar(node.fn, values, node.dtype)
      }
      return out
    }
    case 'view':
      view(node, inputs, out)
      return out
    case 'reduce':
      reduce(node, inputs, out)
      return out
    case 'dot':
      dot(node, inputs, out)
      return out
    case 'gather':
      gather(node, inputs, out)
      return out
    case 'scatter':
      scatter(node, inputs, out)
      return out
    case 'chain':
      chain(node, inputs, out)
      return out
    case 'concat':
      concat(node, inputs, out)
      return out
    case 'random':
      random(inputs, out)
      return out
    default:
      node satisfies never
      throw new Error('Unknown node.')
  }
}

const word = new Float32Array(1)
const bits = new Uint32Array(word.buffer)

/** To bfloat16: the upper half of a float32, to nearest, ties to even. */
function toBfloat16(value: number): number {
  word[0] = value
  if (Number.isNaN(value)) return NaN
  bits[0]! += 0x7fff + ((bits[0]! >>> 16) & 1)
  bits[0]! &= 0xffff0000
  return word[0]
}

/**
 * Values of `nodes` and of all that they need, `given` being the graph's inputs by slot. Those of `halves` are stored in
 * 16 bits.
 */
export function interpret(
  nodes: readonly Node[],
  given: readonly Values[],
  halves: { has(node: Node): boolean } = new Set(),
): Values[] {
  const known = new Map<number, Values>()
  for (const node of reachable(nodes)) {
    const inputs = node.inputs.map(({ id }) => known.get(id)!)
    const values = evaluate(node, inputs, given)
    known.set(node.id, halves.has(node) ? values.map(toBfloat16) : values)
  }
  return nodes.map(({ id }) => known.get(id)!)
}
