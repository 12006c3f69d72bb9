// Convolutions of each channel on its own: sums over windows.
import { backend_util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import type { Node, Shape } from '../graph/node.ts'
import { finished, type FusedAttrs } from './convolution.ts'
import { lowering, type Lowerings } from './lowering.ts'
import { filterAxes, placeAxes, seen, sources, type Windows, windows2d } from './windows.ts'

type Shape4 = [number, number, number, number]

interface DepthwiseAttrs {
  strides: number | [number, number]
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4]
  dataFormat?: 'NHWC' | 'NCHW'
  dilations?: number | [number, number] | null
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

function movesOf(shape: Shape, filter: Shape, attrs: DepthwiseAttrs): Windows {
  const { strides, dilations, pad, dimRoundingMode } = attrs
  const isDepthwise = true
  return windows2d(
    backend_util.computeConv2DInfo(
      shape as Shape4,
      filter as Shape4,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      isDepthwise,
    ),
  )
}

/** Sums of products of both over one shape along `axes`. */
function sumOfProducts(graph: Graph, a: Node, b: Node, shape: Shape, axes: number[]): Node {
  const products = graph.map('mul', graph.broadcast(a, shape), graph.broadcast(b, shape))
  return graph.reduce('sum', products, axes)
}

/** x [b, h, w, c], filter [fh, fw, c, m]: [b, oh, ow, c · m]. */
function depthwise(graph: Graph, x: Node, filter: Node, attrs: DepthwiseAttrs): Node | undefined {
  if (attrs.dataFormat === 'NCHW' || x.dtype !== 'float32') return undefined
  const windows = movesOf(x.shape, filter.shape, attrs)
  const [, , channels, times] = filter.shape as Shape4
  const shape = [windows.batch, ...windows.output, ...windows.filter, channels, times]
  const sum = sumOfProducts(
    graph,
    seen(graph, graph.reshape(x, [...x.shape, 1]), windows),
    graph.reshape(filter, [1, 1, 1, ...filter.shape]),
    shape,
    filterAxes(windows),
  )
  return graph.reshape(sum, [windows.batch, ...windows.output, channels * times])
}

export const depthwises: Lowerings = {
  DepthwiseConv2dNative: lowering<'x' | 'filter', DepthwiseAttrs>((graph, { x, filter }, attrs) =>
    depthwise(graph, x, filter, attrs),
  ),
  DepthwiseConv2dNativeBackpropFilter: lowering<
    'x' | 'dy',
    DepthwiseAttrs & { filterShape: Shape4 }
  >((graph, { x, dy }, attrs) => {
    const { filterShape } = attrs
    const windows = movesOf(x.shape, filterShape, attrs)
    const { batch, output } = windows
    const sum = sumOfProducts(
      graph,
      seen(graph, graph.reshape(x, [...x.shape, 1]), windows),
      graph.reshape(dy, [batch, ...output, 1, 1, ...filterShape.slice(2)]),
      [batch, ...output, ...filterShape],
      [0, ...placeAxes(windows)],
    )
    return graph.reshape(sum, filterShape)
  }),
  DepthwiseConv2dNativeBackpropInput: lowering<
    'dy' | 'filter',
    DepthwiseAttrs & { inputShape: Shape4 }
  >((graph, { dy, filter }, attrs) => {
    const windows = movesOf(attrs.inputShape, filter.shape, attrs)
    const { batch, input, output } = windows
    const [channels, times] = filter.shape.slice(2)
    const sum = sumOfProducts(
      graph,
      sources(graph, graph.reshape(dy, [batch, ...output, channels!, times!]), windows),
      graph.reshape(filter, [1, 1, 1, ...filter.shape]),
      [batch, ...input, ...filter.shape],
      [...filterAxes(windows), 6],
    )
    return graph.reshape(sum, attrs.inputShape)
  }),
  FusedDepthwiseConv2D: lowering<
    'x' | 'filter',
    DepthwiseAttrs & FusedAttrs,
    'bias' | 'preluActivationWeights'
  >((graph, { x, filter, bias, preluActivationWeights }, attrs) => {
    const y = depthwise(graph, x, filter, attrs)
    return y && finished(graph, y, bias, preluActivationWeights, attrs)
  }),
}
