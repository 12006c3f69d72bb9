// Resized images: along each axis a product with a matrix of weights, and its transpose for the gradient.
import type { Graph } from '../graph/graph.ts'
import type { Node } from '../graph/node.ts'
import { lowering, type Lowering, type Lowerings } from './lowering.ts'

interface ResizeAttrs {
  alignCorners: boolean
  halfPixelCenters?: boolean
  size: [number, number]
}

/** Makes the weights [to, from] that take an axis of length `from` to `to`. */
type Weights = (graph: Graph, from: number, to: number, attrs: ResizeAttrs) => Node

/** Where a place reads: (start + step · place) / divisor, in whole numbers so that no rounding moves it. */
function sourceOf(from: number, to: number, { alignCorners, halfPixelCenters }: ResizeAttrs) {
  const [inner, outer] = alignCorners && to > 1 ? [from - 1, to - 1] : [from, to]
  return halfPixelCenters
    ? { start: inner, step: 2 * inner, divisor: 2 * outer }
    : { start: 0, step: inner, divisor: outer }
}

/** 1 at the nearest place. */
const nearest: Weights = (graph, from, to, attrs) => {
  const shape = [to, from]
  const whole = (value: number) => graph.constant(value, shape, 'int32')
  const { start, step, divisor } = sourceOf(from, to, attrs)
  const scaled = graph.map('mul', graph.index(shape, 0), whole(step))
  // Rounding is cutting of twice the value and 1, halved.
  const [twice, half] = attrs.alignCorners ? [2, divisor] : [1, 0]
  const sum = graph.map('add', graph.map('mul', scaled, whole(twice)), whole(start * twice + half))
  const place = graph.map('floorDiv', sum, whole(divisor * twice))
  const inside = graph.map('min', place, whole(from - 1))
  return graph.cast(graph.map('equal', inside, graph.index(shape, 1)), 'float32')
}

/** Falls from 1 to 0 within one place on both sides. */
const linear: Weights = (graph, from, to, attrs) => {
  const shape = [to, from]
  const number = (value: number) => graph.constant(value, shape)
  const along = (axis: number) => graph.cast(graph.index(shape, axis), 'float32')
  const { start, step, divisor } = sourceOf(from, to, attrs)
  const sum = graph.map('add', graph.map('mul', along(0), number(step)), number(start))
  const place = graph.map('div', sum, number(divisor))
  const centered = attrs.halfPixelCenters ? graph.map('sub', place, number(0.5)) : place
  const inside = graph.map('min', graph.map('max', centered, number(0)), number(from - 1))
  const distance = graph.map('abs', graph.map('sub', inside, along(1)))
  return graph.map('max', graph.map('sub', number(1), distance), number(0))
}

/** weights [to, from] along axis 1 of [b, from, ..rest]. */
function along1(graph: Graph, weights: Node, x: Node): Node {
  const [batch, from, ...rest] = x.shape as [number, number, ...number[]]
  const size = rest.reduce((product, length) => product * length, 1)
  const [to] = weights.shape as [number]
  const matrices = graph.expand(weights, [batch, to, from])
  return graph.reshape(graph.dot(matrices, graph.reshape(x, [batch, from, size])), [
    batch,
    to,
    ...rest,
  ])
}

/** Of x [b, h, w, c] along height, then along width. */
function alongBoth(graph: Graph, x: Node, rows: Node, columns: Node): Node {
  const turned = graph.transpose(along1(graph, rows, x), [0, 2, 1, 3])
  return graph.transpose(along1(graph, columns, turned), [0, 2, 1, 3])
}

/** Values that are only chosen keep their type. */
const resize = (weights: Weights): Lowering =>
  lowering<'images', ResizeAttrs>((graph, { images }, attrs) => {
    if (images.dtype === 'bool') return undefined
    const [, height, width] = images.shape as [number, number, number, number]
    const x = graph.cast(images, 'float32')
    const rows = weights(graph, height, attrs.size[0], attrs)
    const resized = alongBoth(graph, x, rows, weights(graph, width, attrs.size[1], attrs))
    return graph.cast(resized, weights === nearest ? images.dtype : 'float32')
  })

/** tfjs's gradients know no half-pixel centres. */
const gradient = (weights: Weights): Lowering =>
  lowering<'images' | 'dy', ResizeAttrs>((graph, { images, dy }, attrs) => {
    const turned = (axis: 1 | 2) => {
      const own = { ...attrs, halfPixelCenters: false }
      return graph.transpose(weights(graph, images.shape[axis]!, dy.shape[axis]!, own), [1, 0])
    }
    return alongBoth(graph, dy, turned(1), turned(2))
  })

export const resizes: Lowerings = {
  ResizeBilinear: resize(linear),
  ResizeBilinearGrad: gradient(linear),
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: gradient(nearest),
}
