// Element-wise functions that come to something with less to compute.
import type { Graph } from './graph.ts'
import type { DType, MapFn, Node } from './node.ts'

/** What the function of `inputs` is; `undefined` where the rule has nothing to say. */
type Rule = (graph: Graph, inputs: readonly Node[], dtype: DType) => Node | undefined

const constantOf = (node: Node | undefined): number | undefined =>
  node?.op === 'constant' ? node.value : undefined

/** The input of `node` where that is `fn` of one value. */
const innerOf = (fn: MapFn, node: Node | undefined): Node | undefined =>
  node?.op === 'map' && node.fn === fn ? node.inputs[0] : undefined

/** The other input where one is the constant `value`. */
const without =
  (value: number, places: readonly (0 | 1)[] = [0, 1]): Rule =>
  (_, inputs) => {
    const at = places.find((place) => constantOf(inputs[place]) === value)
    return at === undefined ? undefined : inputs[1 - at]
  }

/** A function that undoes itself. */
const undone =
  (fn: MapFn): Rule =>
  (_, [x]) =>
    innerOf(fn, x)

/** x · c as [x, c], whichever comes first. */
function scaled(node: Node | undefined): [Node, number] | undefined {
  if (node?.op !== 'map' || node.fn !== 'mul') return undefined
  const [a, b] = node.inputs as [Node, Node]
  const [left, right] = [constantOf(a), constantOf(b)]
  if (right !== undefined) return [a, right]
  return left === undefined ? undefined : [b, left]
}

const times = (graph: Graph, x: Node, factor: number): Node =>
  graph.map('mul', x, graph.constant(factor, x.shape, x.dtype))

/** (x · a) · b = x · (a · b), and signs. */
const product: Rule = (graph, [a, b]) => {
  const at = constantOf(a) === undefined ? 1 : 0
  const factor = constantOf(at === 0 ? a : b)
  const x = at === 0 ? b! : a!
  if (factor === undefined || x.dtype === 'bool') return undefined
  if (factor === -1) return graph.map('neg', x)
  const negated = innerOf('neg', x)
  if (negated) return times(graph, negated, -factor)
  const inner = scaled(x)
  const both = inner && Math.fround(inner[1] * factor)
  return both && Number.isFinite(both) ? times(graph, inner[0], both) : undefined
}

const isPowerOfTwo = (value: number): boolean =>
  value !== 0 && Number.isFinite(value) && Number.isInteger(Math.log2(Math.abs(value)))

/** By a power of two is exact as a product. */
const quotient: Rule = (graph, [x, by]) => {
  const divisor = constantOf(by)
  if (x!.dtype !== 'float32' || divisor === undefined || !isPowerOfTwo(divisor)) return undefined
  return Number.isFinite(Math.fround(1 / divisor)) ? times(graph, x!, 1 / divisor) : undefined
}

/** Powers that need no logarithm. */
const power: Rule = (graph, [x, by]) => {
  if (x!.dtype !== 'float32') return undefined
  switch (constantOf(by)) {
    case 0:
      return graph.constant(1, x!.shape)
    case 0.5:
      return graph.map('sqrt', x!)
    case -0.5:
      return graph.map('rsqrt', x!)
    case -1:
      return graph.map('reciprocal', x!)
    case 2:
      return graph.map('mul', x!, x!)
    case 3:
      return graph.map('mul', graph.map('mul', x!, x!), x!)
    default:
      return undefined
  }
}

const sum: Rule = (graph, [a, b]) => {
  const [left, right] = [innerOf('neg', a), innerOf('neg', b)]
  if (right) return graph.map('sub', a!, right)
  return left && graph.map('sub', b!, left)
}

const difference: Rule = (graph, [a, b]) => {
  if (constantOf(a) === 0) return graph.map('neg', b!)
  const negated = innerOf('neg', b)
  return negated && graph.map('add', a!, negated)
}

const choice: Rule = (graph, [condition, then, otherwise], dtype) => {
  const known = constantOf(condition)
  if (known !== undefined) return known === 0 ? otherwise : then
  if (then === otherwise) return then
  const inverse = innerOf('not', condition)
  if (inverse) return graph.map('select', inverse, otherwise!, then!)
  const [yes, no] = [constantOf(then), constantOf(otherwise)]
  if (yes === 1 && no === 0) return graph.cast(condition!, dtype)
  return undefined
}

/** A cast of a bool, or of constants that are chosen between, is no cast of a cast. */
const conversion: Rule = (graph, [x], dtype) => {
  if (x!.op !== 'map') return undefined
  const [condition, then, otherwise] = x.inputs
  if (x.fn === 'cast' && condition!.dtype === 'bool') return graph.cast(condition!, dtype)
  if (x.fn !== 'select') return undefined
  if (then!.op !== 'constant' || otherwise!.op !== 'constant') return undefined
  return graph.map('select', condition!, graph.cast(then, dtype), graph.cast(otherwise, dtype))
}

const negation: Rule = (graph, [x]) => {
  const inner = scaled(x)
  return inner && times(graph, inner[0], -inner[1])
}

const rules: Partial<Record<MapFn, readonly Rule[]>> = {
  add: [without(0), sum],
  and: [without(1)],
  cast: [conversion],
  div: [without(1, [1]), quotient],
  mul: [without(1), product],
  neg: [undone('neg'), negation],
  not: [undone('not')],
  or: [without(0)],
  pow: [without(1, [1]), power],
  select: [choice],
  sub: [without(0, [1]), difference],
}

/** What `fn` of `inputs` is with less to compute; `undefined` where that is nothing known. */
export function simplified(
  graph: Graph,
  fn: MapFn,
  inputs: readonly Node[],
  dtype: DType,
): Node | undefined {
  for (const rule of rules[fn] ?? []) {
    const node = rule(graph, inputs, dtype)
    if (node) return node
  }
  return undefined
}
