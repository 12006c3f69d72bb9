// Sums of rows by segment: the gradient of an embedding or of any other gather.
import { UnsortedSegmentSum, type UnsortedSegmentSumAttrs, util } from '@tensorflow/tfjs'
import { wasmKernel } from './kernel.ts'

/**
 * x [n, …] and ids [n] to [segments, …]; rows whose id is out of range are left out. One pass over x, where
 * the CPU backend makes one for each segment.
 */
export const segmentSum = wasmKernel<'x' | 'segmentIds', UnsortedSegmentSumAttrs>(
  UnsortedSegmentSum,
  ({ x, segmentIds }, { numSegments }, backend) => {
    const rows = util.sizeFromShape(segmentIds.shape)
    const rowShape = x.shape.slice(segmentIds.shape.length)
    const width = util.sizeFromShape(rowShape)

    // The output first: allocating may move the heap away from under the views.
    const out = backend.makeOutput([numSegments, ...rowShape], x.dtype)
    const ids = backend.typedArrayFromHeap(segmentIds)
    const values = backend.typedArrayFromHeap(x)
    const sums = backend.typedArrayFromHeap(out).fill(0)
    for (let row = 0; row < rows; row += 1) {
      const id = ids[row] ?? -1
      if (id < 0 || id >= numSegments) continue
      for (let at = 0; at < width; at += 1) sums[id * width + at]! += values[row * width + at]!
    }
    return out
  },
)
