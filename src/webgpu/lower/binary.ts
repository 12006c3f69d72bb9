// Element-wise kernels of two tensors, and of more.
import type { Graph } from '../graph/graph.ts'
import type { MapFn, Node } from '../graph/node.ts'
import { alike, upcast } from './broadcasting.ts'
import { listLowering, lowering, type Lowering, type Lowerings } from './lowering.ts'

type Fn = Exclude<MapFn, 'cast'>

/** `combine` of both over one shape, in the type that holds both; the result has the type of the first. */
const arithmetic = (
  combine: (graph: Graph, a: Node, b: Node) => Node,
  ofBools?: 'and' | 'or',
): Lowering =>
  lowering<'a' | 'b'>((graph, inputs) => {
    const { dtype } = inputs.a
    const common = upcast(dtype, inputs.b.dtype)
    const [a, b] = alike(graph, graph.cast(inputs.a, common), graph.cast(inputs.b, common))
    if (common === 'bool') return ofBools && graph.map(ofBools, a!, b!)
    if (dtype === 'bool') return undefined
    return graph.cast(combine(graph, a!, b!), dtype)
  })

const number = (fn: Fn, ofBools?: 'and' | 'or'): Lowering =>
  arithmetic((graph, a, b) => graph.map(fn, a, b), ofBools)

/** Through float32: of whole numbers the result is made whole again. */
const real = (fn: Fn, whole: (graph: Graph, x: Node) => Node): Lowering =>
  arithmetic((graph, a, b) => {
    const result = graph.map(fn, graph.cast(a, 'float32'), graph.cast(b, 'float32'))
    return a.dtype === 'float32' ? result : whole(graph, result)
  })

/** Bools are compared as numbers. */
const comparison = (fn: Fn): Lowering =>
  lowering<'a' | 'b'>((graph, { a, b }) => {
    const common = upcast(upcast(a.dtype, b.dtype), 'int32')
    return graph.map(fn, ...alike(graph, graph.cast(a, common), graph.cast(b, common)))
  })

const logical = (fn: 'and' | 'or'): Lowering =>
  lowering<'a' | 'b'>((graph, { a, b }) =>
    graph.map(fn, ...alike(graph, graph.cast(a, 'bool'), graph.cast(b, 'bool'))),
  )

/** The result is int32 for every type. */
const floorDiv = lowering<'a' | 'b'>((graph, inputs) => {
  const common = upcast(upcast(inputs.a.dtype, inputs.b.dtype), 'int32')
  const [a, b] = alike(graph, graph.cast(inputs.a, common), graph.cast(inputs.b, common))
  if (common === 'int32') return graph.map('floorDiv', a!, b!)
  return graph.cast(graph.map('floor', graph.map('div', a!, b!)), 'int32')
})

export const binary: Lowerings = {
  Add: number('add'),
  AddN: listLowering((graph, [first, ...others]) =>
    first!.dtype === 'bool'
      ? undefined
      : others.reduce((sum, x) => graph.map('add', sum, graph.cast(x, first!.dtype)), first!),
  ),
  Atan2: real('atan2', (graph, x) => graph.cast(x, 'int32')),
  Equal: comparison('equal'),
  FloorDiv: floorDiv,
  Greater: comparison('greater'),
  GreaterEqual: comparison('greaterEqual'),
  Less: comparison('less'),
  LessEqual: comparison('lessEqual'),
  LogicalAnd: logical('and'),
  LogicalOr: logical('or'),
  Maximum: number('max', 'or'),
  Minimum: number('min', 'and'),
  Mod: number('mod'),
  Multiply: number('mul', 'and'),
  NotEqual: comparison('notEqual'),
  // Devices compute powers by logarithms: 3² may be just under 9, so whole numbers are rounded, not cut.
  Pow: real('pow', (graph, x) => graph.map('round', x)),
  RealDiv: number('div'),
  Select: lowering<'condition' | 't' | 'e'>((graph, { condition, t, e }) => {
    const common = upcast(t.dtype, e.dtype)
    const choices = alike(graph, graph.cast(condition, 'bool'), t, e)
    if (choices[1] !== t) return undefined
    return graph.map(
      'select',
      choices[0]!,
      graph.cast(choices[1], common),
      graph.cast(choices[2]!, common),
    )
  }),
  SquaredDifference: arithmetic((graph, a, b) => {
    const difference = graph.map('sub', a, b)
    return graph.map('mul', difference, difference)
  }),
  Sub: number('sub'),
}
