// Convolutions and their gradients: windows as rows of one product of matrices.
import { backend_util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import { type Node, sizeOf } from '../graph/node.ts'
import { activate } from './activations.ts'
import { alike } from './broadcasting.ts'
import { lowering, type Lowerings } from './lowering.ts'
import { seen, sources, type Windows, windows2d, windows3d } from './windows.ts'

type Shape4 = [number, number, number, number]
type Shape5 = [number, number, number, number, number]

interface Conv2DAttrs {
  strides: number | [number, number]
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4]
  dataFormat?: 'NHWC' | 'NCHW'
  dilations?: number | [number, number]
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

interface Conv3DAttrs {
  strides: number | [number, number, number]
  pad: 'valid' | 'same'
  dilations?: number | [number, number, number]
}

/** x [batch, ..input, c], filter [..filter, c, out]: [batch, ..output, out]. */
function convolved(graph: Graph, x: Node, filter: Node, windows: Windows): Node {
  const [channels, out] = filter.shape.slice(-2) as [number, number]
  const size = sizeOf(windows.filter) * channels
  const places = windows.batch * sizeOf(windows.output)
  const rows = graph.reshape(seen(graph, x, windows), [1, places, size])
  const product = graph.dot(rows, graph.reshape(filter, [1, size, out]))
  return graph.reshape(product, [windows.batch, ...windows.output, out])
}

/** The filter's gradient: x [batch, ..input, c], dy [batch, ..output, out]: [..filter, c, out]. */
function filterGradient(graph: Graph, x: Node, dy: Node, windows: Windows): Node {
  const [channels, out] = [x.shape.at(-1)!, dy.shape.at(-1)!]
  const { batch, output, filter } = windows
  const rank = output.length
  const patches = seen(graph, x, windows)
  const axes = patches.shape.map((_, i) => i)
  const columns = graph.transpose(patches, [...axes.slice(1 + rank), ...axes.slice(0, 1 + rank)])
  const places = batch * sizeOf(output)
  const product = graph.dot(
    graph.reshape(columns, [1, sizeOf(filter) * channels, places]),
    graph.reshape(dy, [1, places, out]),
  )
  return graph.reshape(product, [...filter, channels, out])
}

/** The input's gradient: dy [batch, ..output, out], filter [..filter, c, out]: [batch, ..input, c]. */
function inputGradient(graph: Graph, dy: Node, filter: Node, windows: Windows): Node {
  const [channels, out] = filter.shape.slice(-2) as [number, number]
  const { batch, input } = windows
  const size = sizeOf(windows.filter) * out
  const rows = graph.reshape(sources(graph, dy, windows), [1, batch * sizeOf(input), size])
  const axes = filter.shape.map((_, i) => i)
  const turned = graph.transpose(filter, [...axes.slice(0, -2), axes.length - 1, axes.length - 2])
  const product = graph.dot(rows, graph.reshape(turned, [1, size, channels]))
  return graph.reshape(product, [batch, ...input, channels])
}

/** How the window moves over an input of `shape`, in the order of the format; 1 where no dilation is given. */
function moves2d(shape: readonly number[], filter: readonly number[], attrs: Conv2DAttrs) {
  const { strides, dilations = 1, pad, dimRoundingMode, dataFormat = 'NHWC' } = attrs
  const info = backend_util.computeConv2DInfo(
    shape as Shape4,
    filter as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  )
  return windows2d(info)
}

const moves3d = (shape: readonly number[], filter: readonly number[], attrs: Conv3DAttrs) =>
  windows3d(
    backend_util.computeConv3DInfo(
      shape as Shape5,
      filter as Shape5,
      attrs.strides,
      attrs.dilations ?? 1,
      attrs.pad,
    ),
  )

/** Channels last, and back. */
const toLast = (graph: Graph, x: Node, { dataFormat }: Conv2DAttrs): Node =>
  dataFormat === 'NCHW' ? graph.transpose(x, [0, 2, 3, 1]) : x
const fromLast = (graph: Graph, x: Node, { dataFormat }: Conv2DAttrs): Node =>
  dataFormat === 'NCHW' ? graph.transpose(x, [0, 3, 1, 2]) : x

function conv2d(graph: Graph, x: Node, filter: Node, attrs: Conv2DAttrs): Node | undefined {
  if (x.dtype !== 'float32' || filter.dtype !== 'float32') return undefined
  const windows = moves2d(x.shape, filter.shape, attrs)
  return fromLast(graph, convolved(graph, toLast(graph, x, attrs), filter, windows), attrs)
}

/** One number for each channel lies along the second axis where channels come first. */
const perChannel = (graph: Graph, x: Node | undefined, { dataFormat }: Conv2DAttrs) =>
  x && dataFormat === 'NCHW' && x.shape.length === 1 && x.shape[0] !== 1
    ? graph.reshape(x, [x.shape[0]!, 1, 1])
    : x

export interface FusedAttrs {
  activation?: string
  leakyreluAlpha?: number
}

/** Bias and activation upon `x`. */
export function finished(
  graph: Graph,
  x: Node,
  bias: Node | undefined,
  prelu: Node | undefined,
  { activation, leakyreluAlpha }: FusedAttrs,
): Node | undefined {
  const sum = bias ? graph.map('add', ...alike(graph, x, bias)) : x
  return activate(graph, sum, activation, prelu, leakyreluAlpha)
}

export const convolutions: Lowerings = {
  Conv2D: lowering<'x' | 'filter', Conv2DAttrs>((graph, { x, filter }, attrs) =>
    conv2d(graph, x, filter, attrs),
  ),
  Conv2DBackpropFilter: lowering<'x' | 'dy', Conv2DAttrs & { filterShape: number[] }>(
    (graph, { x, dy }, attrs) => {
      const windows = moves2d(x.shape, attrs.filterShape, { ...attrs, dilations: 1 })
      return filterGradient(graph, toLast(graph, x, attrs), toLast(graph, dy, attrs), windows)
    },
  ),
  Conv2DBackpropInput: lowering<'dy' | 'filter', Conv2DAttrs & { inputShape: number[] }>(
    (graph, { dy, filter }, attrs) => {
      const windows = moves2d(attrs.inputShape, filter.shape, { ...attrs, dilations: 1 })
      const dx = inputGradient(graph, toLast(graph, dy, attrs), filter, windows)
      return fromLast(graph, dx, attrs)
    },
  ),
  Conv3D: lowering<'x' | 'filter', Conv3DAttrs>((graph, { x, filter }, attrs) =>
    convolved(graph, x, filter, moves3d(x.shape, filter.shape, attrs)),
  ),
  Conv3DBackpropFilterV2: lowering<'x' | 'dy', Conv3DAttrs & { filterShape: number[] }>(
    (graph, { x, dy }, attrs) =>
      filterGradient(graph, x, dy, moves3d(x.shape, attrs.filterShape, attrs)),
  ),
  Conv3DBackpropInputV2: lowering<'dy' | 'filter', Conv3DAttrs & { inputShape: number[] }>(
    (graph, { dy, filter }, attrs) =>
      inputGradient(graph, dy, filter, moves3d(attrs.inputShape, filter.shape, attrs)),
  ),
  FusedConv2D: lowering<
    'x' | 'filter',
    Conv2DAttrs & FusedAttrs,
    'bias' | 'preluActivationWeights'
  >((graph, { x, filter, bias, preluActivationWeights }, attrs) => {
    const y = conv2d(graph, x, filter, attrs)
    const prelu = perChannel(graph, preluActivationWeights, attrs)
    return y && finished(graph, y, perChannel(graph, bias, attrs), prelu, attrs)
  }),
}
