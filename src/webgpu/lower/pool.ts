// Pools and their gradients, in two and three dimensions.
import { backend_util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { lowering, type Lowering, type Lowerings } from './lowering.ts'
import { filterAxes, seen, sources, type Windows, windows2d, windows3d } from './windows.ts'

interface PoolAttrs {
  filterSize: number | number[]
  strides: number | number[]
  pad: 'valid' | 'same' | number
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** How the window moves over `x`, [b, h, w, c] or [b, d, h, w, c]. */
function movesOf(x: Node, { filterSize, strides, pad, dimRoundingMode }: PoolAttrs): Windows {
  if (x.shape.length === 4)
    return windows2d(
      backend_util.computePool2DInfo(
        x.shape as [number, number, number, number],
        filterSize as [number, number],
        strides as [number, number],
        1,
        pad,
        dimRoundingMode,
      ),
    )
  return windows3d(
    backend_util.computePool3DInfo(
      x.shape as [number, number, number, number, number],
      filterSize as [number, number, number],
      strides as [number, number, number],
      1,
      pad,
      dimRoundingMode,
    ),
  )
}

/** [b, ..places, ..1, c] without the window's axes. */
function withoutWindow(graph: Graph, x: Node, { filter }: Windows): Node {
  return graph.reshape(x, x.shape.toSpliced(1 + filter.length, filter.length))
}

/** `x` [b, ..places, c] along the window's axes too. */
function alongWindow(graph: Graph, x: Node, { filter }: Windows): Node {
  const ones = x.shape.toSpliced(1 + filter.length, 0, ...filter.map(() => 1))
  return graph.broadcast(graph.reshape(x, ones), x.shape.toSpliced(1 + filter.length, 0, ...filter))
}

function maxPool(graph: Graph, x: Node, windows: Windows): Node {
  const largest = graph.reduce('max', seen(graph, x, windows, -Infinity), filterAxes(windows))
  return withoutWindow(graph, largest, windows)
}

/** How many places of each window lie inside of the input, [1, ..output, 1]: padding doesn't count. */
function counts(graph: Graph, windows: Windows): Node {
  const ones = graph.constant(1, [1, ...windows.input, 1])
  const inside = seen(graph, ones, { ...windows, batch: 1 })
  return withoutWindow(graph, graph.reduce('sum', inside, filterAxes(windows)), windows)
}

function avgPool(graph: Graph, x: Node, windows: Windows): Node {
  const sum = graph.reduce('sum', seen(graph, x, windows), filterAxes(windows))
  const total = withoutWindow(graph, sum, windows)
  return graph.map('div', total, graph.broadcast(counts(graph, windows), total.shape))
}

/** Row-major place in the window, over `shape` that has its axes. */
function placeInWindow(graph: Graph, shape: readonly number[], windows: Windows): Node {
  let place = graph.constant(0, shape, 'int32')
  for (const [i, axis] of filterAxes(windows).entries()) {
    const length = graph.constant(windows.filter[i]!, shape, 'int32')
    place = graph.map('add', graph.map('mul', place, length), graph.index(shape, axis))
  }
  return place
}

/** The first of the largest values of a window gets its gradient. */
function maxPoolGradient(graph: Graph, dy: Node, x: Node, y: Node, windows: Windows): Node {
  const values = seen(graph, x, windows, -Infinity)
  const isLargest = graph.map('equal', values, alongWindow(graph, y, windows))
  const none = graph.constant(sizeOf(windows.filter), values.shape, 'int32')
  const place = placeInWindow(graph, values.shape, windows)
  const first = graph.reduce(
    'min',
    graph.map('select', isLargest, place, none),
    filterAxes(windows),
  )
  const chosen = sources(graph, withoutWindow(graph, first, windows), windows, -1)
  const isChosen = graph.map('equal', chosen, placeInWindow(graph, chosen.shape, windows))
  const gradients = sources(graph, dy, windows)
  const none0 = graph.constant(0, gradients.shape)
  const parts = graph.map('select', isChosen, gradients, none0)
  return withoutWindow(graph, graph.reduce('sum', parts, filterAxes(windows)), windows)
}

/** Each place of a window gets an equal share, those in the padding too, as tfjs has it. */
function avgPoolGradient(graph: Graph, dy: Node, windows: Windows): Node {
  const sum = graph.reduce('sum', sources(graph, dy, windows), filterAxes(windows))
  const share = graph.constant(1 / sizeOf(windows.filter), sum.shape)
  return withoutWindow(graph, graph.map('mul', sum, share), windows)
}

const pool = (apply: (graph: Graph, x: Node, windows: Windows) => Node): Lowering =>
  lowering<'x', PoolAttrs>((graph, { x }, attrs) =>
    x.dtype === 'float32' ? apply(graph, x, movesOf(x, attrs)) : undefined,
  )

const avgGradient = lowering<'dy' | 'input', PoolAttrs>((graph, { dy, input }, attrs) =>
  avgPoolGradient(graph, dy, movesOf(input, attrs)),
)

const maxGradient = lowering<'dy' | 'input' | 'output', PoolAttrs>(
  (graph, { dy, input, output }, attrs) =>
    maxPoolGradient(graph, dy, input, output, movesOf(input, attrs)),
)

export const pools: Lowerings = {
  AvgPool: pool(avgPool),
  AvgPool3D: pool(avgPool),
  AvgPool3DGrad: avgGradient,
  AvgPoolGrad: avgGradient,
  MaxPool: pool(maxPool),
  MaxPool3D: pool(maxPool),
  MaxPool3DGrad: maxGradient,
  MaxPoolGrad: maxGradient,
}
