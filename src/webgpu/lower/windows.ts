// Windows that convolutions and pools slide over their input, in any number of dimensions, channels last.
import type { backend_util } from '@tensorflow/tfjs'
import type { Graph } from '../graph/graph.ts'
import { along } from '../graph/view-axes.ts'
import type { Node, ViewAxis } from '../graph/node.ts'

/** Of each list one number for each spatial axis. */
export interface Windows {
  readonly batch: number
  /** Lengths of the input, of the output, of the window. */
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly filter: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  /** Padding before the first place. */
  readonly before: readonly number[]
}

export const windows2d = (info: backend_util.Conv2DInfo): Windows => ({
  batch: info.batchSize,
  input: [info.inHeight, info.inWidth],
  output: [info.outHeight, info.outWidth],
  filter: [info.filterHeight, info.filterWidth],
  stride: [info.strideHeight, info.strideWidth],
  dilation: [info.dilationHeight, info.dilationWidth],
  before: [info.padInfo.top, info.padInfo.left],
})

export const windows3d = (info: backend_util.Conv3DInfo): Windows => ({
  batch: info.batchSize,
  input: [info.inDepth, info.inHeight, info.inWidth],
  output: [info.outDepth, info.outHeight, info.outWidth],
  filter: [info.filterDepth, info.filterHeight, info.filterWidth],
  stride: [info.strideDepth, info.strideHeight, info.strideWidth],
  dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
  before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
})

/** Of x [batch, ..input, rest] what each window sees: [batch, ..output, ..filter, rest]; `fill` where it is padded. */
export function seen(graph: Graph, x: Node, windows: Windows, fill = 0): Node {
  const { batch, output, filter, stride, dilation, before } = windows
  const rank = output.length
  const spatial = output.map((_, i): ViewAxis => {
    const terms = [[1 + i, stride[i]!] as const, [1 + rank + i, dilation[i]!] as const]
    return { terms, offset: -before[i]!, divisor: 1 }
  })
  const rest = x.shape.slice(1 + rank)
  const axes = [along(0), ...spatial, ...rest.map((_, i) => along(1 + 2 * rank + i))]
  return graph.view(x, [batch, ...output, ...filter, ...rest], axes, fill)
}

/**
 * Of y [batch, ..output, rest] what each place of the input went to: [batch, ..input, ..filter, rest], through each
 * place of the window; `fill` where a place was in no window so.
 */
export function sources(graph: Graph, y: Node, windows: Windows, fill = 0): Node {
  const { batch, input, filter, stride, dilation, before } = windows
  const rank = input.length
  const spatial = input.map((_, i): ViewAxis => {
    const terms = [[1 + i, 1] as const, [1 + rank + i, -dilation[i]!] as const]
    return { terms, offset: before[i]!, divisor: stride[i]! }
  })
  const rest = y.shape.slice(1 + rank)
  const axes = [along(0), ...spatial, ...rest.map((_, i) => along(1 + 2 * rank + i))]
  return graph.view(y, [batch, ...input, ...filter, ...rest], axes, fill)
}

/** Axes of what `seen` and `sources` give: those of the places, and those of the window. */
export const placeAxes = ({ filter }: Windows): number[] => filter.map((_, i) => 1 + i)
export const filterAxes = ({ filter }: Windows): number[] =>
  filter.map((_, i) => 1 + filter.length + i)
