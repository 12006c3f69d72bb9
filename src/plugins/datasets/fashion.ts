// Clothes (Fashion-MNIST), 28 × 28 pixels: as small as digits, and harder to tell apart.
import { type DataEnv, gunzip, plugin, readIdx, type Table } from 'plugboard'

/** In the order of their numbers. */
const CLASSES = [
  't-shirt',
  'trousers',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
]

async function readTable(env: DataEnv, part: 'train' | 'test'): Promise<Table> {
  const read = async (path: string) => readIdx(gunzip(await env.asset(path)), path)
  const [images, labels] = await Promise.all([
    read(`data/fashion-${part}-images.idx3.gzip`),
    read(`data/fashion-${part}-labels.idx1.gzip`),
  ])
  const [length = 0, height = 0, width = 0] = images.shape
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
        limit: CLASSES.length,
        classes: CLASSES,
      },
    },
  }
}

export default class Fashion extends plugin({
  manifest: {
    name: 'fashion',
    version: '1.0.0',
    category: 'dataset',
    description: 'Clothes (Fashion-MNIST, MIT): 10,000 images to train on, 2,000 held back',
    tags: ['images', 'classification'],
    provides: ['dataset/fashion'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'fashion',
      (_, env) => ({
        async load() {
          const [train, validation] = await Promise.all([
            readTable(env, 'train'),
            readTable(env, 'test'),
          ])
          return { train, validation }
        },
      }),
      { description: 'columns `image` [28, 28, 1], 0 is empty and 1 is bright, and `labels`' },
    )
  }
}
