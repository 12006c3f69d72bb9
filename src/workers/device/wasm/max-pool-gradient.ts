// The gradient of 2D max pooling: each window's gradient goes to its first largest pixel.
import { backend_util, MaxPoolGrad, type MaxPoolGradAttrs } from '@tensorflow/tfjs'
import { wasmKernel } from './kernel.ts'

/** dy [batch, outHeight, outWidth, channels] and the pooled input [batch, height, width, channels] to the input's shape. */
export const maxPoolGradient = wasmKernel<'dy' | 'input' | 'output', MaxPoolGradAttrs>(
  MaxPoolGrad,
  ({ dy, input }, { filterSize, strides, pad, dimRoundingMode }, backend) => {
    const info = backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    )
    const out = backend.makeOutput(input.shape, 'float32')
    const pixels = backend.typedArrayFromHeap(input)
    const gradients = backend.typedArrayFromHeap(dy)
    const sums = backend.typedArrayFromHeap(out).fill(0)
    const { inChannels, outHeight, outWidth } = info
    let from = 0
    for (let image = 0; image < info.batchSize; image += 1)
      for (let row = 0; row < outHeight; row += 1)
        for (let column = 0; column < outWidth; column += 1)
          for (let channel = 0; channel < inChannels; channel += 1) {
            const at = largestIn(pixels, info, image, row, column, channel)
            if (at >= 0) sums[at]! += gradients[from]!
            from += 1
          }
    return out
  },
)

/** Index of the first largest pixel of a window; -1 when all are NaN. */
function largestIn(
  pixels: ArrayLike<number>,
  info: backend_util.Conv2DInfo,
  image: number,
  row: number,
  column: number,
  channel: number,
): number {
  const { inHeight, inWidth, inChannels, padInfo } = info
  const top = row * info.strideHeight - padInfo.top
  const left = column * info.strideWidth - padInfo.left
  const bottom = Math.min(inHeight, top + info.filterHeight)
  const right = Math.min(inWidth, left + info.filterWidth)
  let largest = -Infinity
  let found = -1
  for (let y = Math.max(0, top); y < bottom; y += 1)
    for (let x = Math.max(0, left); x < right; x += 1) {
      const at = ((image * inHeight + y) * inWidth + x) * inChannels + channel
      const pixel = pixels[at]!
      if (pixel > largest) {
        largest = pixel
        found = at
      }
    }
  return found
}
