// Handwritten digits (MNIST), 28 × 28 pixels: 10,000 to train on, 2,000 held back.
import { type DataEnv, EngineError, gunzip, plugin, type Table } from 'plugboard'

interface Idx {
  sizes: number[]
  values: Uint8Array
}

/**
 * Reads the IDX format of MNIST: two zero bytes, the type (8 = bytes), the rank, each size as a
 * big-endian number of 32 bits, then the values in row order.
 */
function readIdx(bytes: Uint8Array, path: string): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rank = bytes[3] ?? 0
  const start = 4 + 4 * rank
  if (bytes.length >= start && view.getUint16(0) === 0 && bytes[2] === 8) {
    const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
    const count = sizes.reduce((a, b) => a * b, 1)
    if (bytes.length === start + count) return { sizes, values: bytes.subarray(start) }
  }
  throw new EngineError({
    code: 'data.invalid',
    message: `${path} is no IDX file of bytes, or is cut off at ${bytes.length} bytes`,
    hint: 'IDX begins with 0, 0, 8 and the rank, followed by the sizes and all values',
  })
}

async function readTable(env: DataEnv, part: 'train' | 'test'): Promise<Table> {
  const read = async (path: string) => readIdx(gunzip(await env.asset(path)), path)
  const [images, labels] = await Promise.all([
    read(`data/digits-${part}-images.idx3.gzip`),
    read(`data/digits-${part}-labels.idx1.gzip`),
  ])
  const [length = 0, height = 0, width = 0] = images.sizes
  return {
    length,
    columns: {
      image: {
        type: 'number',
        data: images.values,
        shape: [height, width, 1],
        dtype: 'float32',
        scale: 1 / 255,
      },
      labels: {
        type: 'number',
        data: labels.values,
        shape: [],
        dtype: 'int32',
        limit: 10,
        classes: Array.from('0123456789'),
      },
    },
  }
}

export default class Digits extends plugin({
  manifest: {
    name: 'digits',
    version: '1.0.0',
    category: 'dataset',
    description: 'Handwritten digits (MNIST): 10,000 images to train on, 2,000 held back',
    tags: ['images', 'classification'],
    provides: ['dataset/digits'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'digits',
      (_, env) => ({
        async load() {
          const [train, validation] = await Promise.all([
            readTable(env, 'train'),
            readTable(env, 'test'),
          ])
          return { train, validation }
        },
      }),
      { description: 'columns `image` [28, 28, 1], 0 is paper and 1 is ink, and `labels`' },
    )
  }
}
