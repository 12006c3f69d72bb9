// Running sums and products.
import { util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import { along } from '../graph/view-axes.ts'
import type { Node } from '../graph/node.ts'
import { upcast } from './broadcasting.ts'
import { lowering, type Lowering, type Lowerings } from './lowering.ts'

type Fn = 'sum' | 'prod'

/** Values that are combined directly: each reads all before it. Longer axes go block by block. */
const BLOCK = 64

/** Of x [rows, length], each with those before it; without itself where `isExclusive`. */
function running(graph: Graph, fn: Fn, x: Node, isExclusive: boolean): Node {
  const [rows, length] = x.shape as [number, number]
  const neutral = fn === 'sum' ? 0 : 1
  if (length <= BLOCK) {
    // [rows, length, back]: the value `back` places before, which in front of the first is neutral.
    const offset = isExclusive ? -1 : 0
    const axes = [
      along(0),
      {
        terms: [
          [1, 1],
          [2, -1],
        ] as const,
        offset,
        divisor: 1,
      },
    ]
    const before = graph.view(x, [rows, length, length], axes, neutral)
    return graph.reshape(graph.reduce(fn, before, [2]), [rows, length])
  }
  const count = Math.ceil(length / BLOCK)
  const filled = graph.pad(
    x,
    [
      [0, 0],
      [0, count * BLOCK - length],
    ],
    neutral,
  )
  const blocks = graph.reshape(filled, [rows * count, BLOCK])
  const totals = graph.reshape(graph.reduce(fn, blocks, [1]), [rows, count])
  const before = graph.reshape(running(graph, fn, totals, true), [rows * count, 1])
  const within = running(graph, fn, blocks, isExclusive)
  const combined = graph.map(
    fn === 'sum' ? 'add' : 'mul',
    graph.broadcast(before, within.shape),
    within,
  )
  return graph.slice(graph.reshape(combined, filled.shape), [0, 0], [rows, length])
}

interface ScanAttrs {
  axis: number
  exclusive: boolean
  reverse: boolean
}

const scan = (fn: Fn): Lowering =>
  lowering<'x', ScanAttrs>((graph, { x }, { axis, exclusive, reverse }) => {
    const [along] = util.parseAxisParam(axis, [...x.shape]) as [number]
    const values = graph.cast(x, upcast(x.dtype, 'int32'))
    const order = x.shape.map((_, i) => i).filter((i) => i !== along)
    order.push(along)
    const lastAxis = graph.transpose(reverse ? graph.reverse(values, [along]) : values, order)
    const length = x.shape[along]!
    const rows = graph.reshape(lastAxis, [length === 0 ? 0 : sizeOfRows(lastAxis, length), length])
    const done = graph.reshape(running(graph, fn, rows, exclusive), lastAxis.shape)
    const back = graph.transpose(
      done,
      order.map((_, i) => order.indexOf(i)),
    )
    return reverse ? graph.reverse(back, [along]) : back
  })

const sizeOfRows = (x: Node, length: number): number => util.sizeFromShape([...x.shape]) / length

export const scans: Lowerings = { Cumprod: scan('prod'), Cumsum: scan('sum') }
