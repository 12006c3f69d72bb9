// Handwritten digits (MNIST), 28 × 28 pixels: a small part of them at first, all when asked for.
import { type DataEnv, gunzip, plugin, readIdx, type Table, z } from 'plugboard'

const config = z.strictObject({
  size: z
    .enum(['subset', 'full'])
    .default('subset')
    .describe(
      'subset: 10,000 to train on, 2,000 held back; full: all 60,000 and 10,000, 9.7 MB more',
    ),
})

type Part = 'train' | 'test' | 'train-rest' | 'test-rest'

async function readPart(env: DataEnv, part: Part) {
  const read = async (path: string) => readIdx(gunzip(await env.asset(path)), path)
  const [images, labels] = await Promise.all([
    read(`data/digits-${part}-images.idx3.gzip`),
    read(`data/digits-${part}-labels.idx1.gzip`),
  ])
  return { images, labels }
}

/** Rows of the parts, one part after the other. */
async function readTable(env: DataEnv, parts: Part[]): Promise<Table> {
  const read = await Promise.all(parts.map((part) => readPart(env, part)))
  const [, height = 0, width = 0] = read[0]!.images.shape
  const labels = join(read.map((part) => part.labels.values))
  return {
    length: labels.length,
    columns: {
      image: {
        type: 'number',
        data: join(read.map((part) => part.images.values)),
        shape: [height, width, 1],
        dtype: 'float32',
        scale: 1 / 255,
      },
      labels: {
        type: 'number',
        data: labels,
        shape: [],
        dtype: 'int32',
        limit: 10,
        classes: Array.from('0123456789'),
      },
    },
  }
}

function join(pieces: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

export default class Digits extends plugin({
  manifest: {
    name: 'digits',
    version: '1.1.0',
    category: 'dataset',
    description: 'Handwritten digits (MNIST, CC BY-SA 3.0): 70,000 images, or 12,000 of them',
    tags: ['images', 'classification'],
    provides: ['dataset/digits'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'digits',
      ({ size }, env) => ({
        async load() {
          const [train, validation] = await Promise.all([
            readTable(env, size === 'full' ? ['train', 'train-rest'] : ['train']),
            readTable(env, size === 'full' ? ['test', 'test-rest'] : ['test']),
          ])
          return { train, validation }
        },
      }),
      { config, description: 'columns `image` [28, 28, 1], 0 is paper and 1 is ink, and `labels`' },
    )
  }
}
