// The gradient of a 2D convolution by its filter: one matrix product for each place in the filter.
import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
} from '@tensorflow/tfjs'
import { wasmKernel } from './kernel.ts'
import { multiply } from './matmul.ts'

/**
 * x [batch, height, width, in] and dy [batch, outHeight, outWidth, out] to the filter's [rows, columns, in, out].
 * For each filter place (r, c): the pixels that it sees, as [in, positions], times dy as [positions, out].
 */
export const convFilterGradient = wasmKernel<'x' | 'dy', Conv2DBackpropFilterAttrs>(
  Conv2DBackpropFilter,
  ({ x, dy }, attrs, backend) => {
    if (attrs.dataFormat !== 'NHWC')
      throw new Error(
        `conv2d on the WebAssembly backend needs data as NHWC, not ${attrs.dataFormat}`,
      )
    const info = backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      attrs.filterShape,
      attrs.strides,
      1,
      attrs.pad,
      attrs.dimRoundingMode,
    )
    const { inChannels, outChannels, filterWidth } = info
    const positions = info.batchSize * info.outHeight * info.outWidth
    const out = backend.makeOutput(info.filterShape, 'float32')
    const seen = backend.makeOutput([inChannels, positions], 'float32')
    const offsetOf = ({ dataId }: { dataId: object }) => backend.getMemoryOffset(dataId)
    for (let place = 0; place < info.filterHeight * filterWidth; place += 1) {
      // Fresh views each time: the product before may have moved the heap.
      gatherSeen(
        backend.typedArrayFromHeap(x),
        backend.typedArrayFromHeap(seen),
        info,
        Math.floor(place / filterWidth) - info.padInfo.top,
        (place % filterWidth) - info.padInfo.left,
      )
      multiply(
        backend,
        { offset: offsetOf(seen), rows: inChannels, columns: positions },
        { offset: offsetOf(dy), rows: positions, columns: outChannels },
        {
          offset: offsetOf(out) + 4 * place * inChannels * outChannels,
          rows: inChannels,
          columns: outChannels,
        },
      )
    }
    backend.disposeData(seen.dataId)
    return out
  },
)

/** For each output position the pixel at (top, left) from its stride's corner, channels outermost; 0 outside. */
function gatherSeen(
  x: ArrayLike<number>,
  seen: { [at: number]: number },
  info: backend_util.Conv2DInfo,
  top: number,
  left: number,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info
  let to = 0
  for (let channel = 0; channel < inChannels; channel += 1)
    for (let image = 0; image < batchSize; image += 1)
      for (let row = 0; row < outHeight; row += 1) {
        const fromRow = row * info.strideHeight + top
        const isRowInside = fromRow >= 0 && fromRow < inHeight
        const start = (image * inHeight + fromRow) * inWidth
        for (let column = 0; column < outWidth; column += 1) {
          const fromColumn = column * info.strideWidth + left
          const isInside = isRowInside && fromColumn >= 0 && fromColumn < inWidth
          seen[to] = isInside ? x[(start + fromColumn) * inChannels + channel]! : 0
          to += 1
        }
      }
}
