// How much ink there is in each row and each column of an image, as a new column.
import { EngineError, type Feature, type NumberColumn, plugin, type Table, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('image').describe('column of images [height, width, channels]'),
})

/** Means of the rows of pixels, then those of the columns, for each image: [height + width]. */
function profiles({ data, shape, scale = 1 }: NumberColumn, images: number): NumberColumn {
  const [height, width, channels = 1] = shape as [number, number, number?]
  const means = new Float32Array(images * (height + width))
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / channels) % width
    const y = Math.floor(i / (channels * width)) % height
    const start = Math.floor(i / (channels * width * height)) * (height + width)
    const value = (data[i]! * scale) / channels
    means[start + y]! += value / width
    means[start + height + x]! += value / height
  }
  return { type: 'number', data: means, shape: [height + width], dtype: 'float32' }
}

class Profiles implements Feature {
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  /** All columns of the table, and one more. Rows are in the order of the dataset. */
  extract(table: Table): Table {
    const images = table.columns[this.#name]
    if (images?.type !== 'number' || images.shape.length < 2) {
      throw new EngineError({
        code: 'data.invalid',
        message: `my_feature reads the column of images '${this.#name}'; there are ${Object.keys(table.columns).join(', ')}`,
        hint: 'set `column` to a column of images',
      })
    }
    const columns = { ...table.columns, my_feature: profiles(images, table.length) }
    return { ...table, columns }
  }
}

export default class MyFeature extends plugin({
  manifest: {
    name: 'my_feature',
    version: '1.0.0',
    category: 'feature',
    description: 'Tells how much ink there is in each row and column of an image',
    tags: ['images'],
    provides: ['feature/my_feature'],
  },
}) {
  initialize() {
    this.ctx.provide('feature', 'my_feature', ({ column }) => new Profiles(column), {
      config,
      description: 'column `my_feature` [height + width]',
    })
  }
}
