// Image noise: training images with noise, other noise in each epoch.
import { type AugmentArgs, numbersIn, plugin, type Table, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('image').describe('column of images'),
  deviation: z
    .number()
    .min(0)
    .default(0.05)
    .describe('of the normal noise, where 1 is the brightest the column can hold'),
})

export default class ImageNoise extends plugin({
  manifest: {
    name: 'image_noise',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Training images with noise, other noise in each epoch',
    tags: ['images'],
    provides: ['augmenter/image_noise'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'augmenter',
      'image_noise',
      ({ column: name, deviation }) => ({
        augment(table: Table, { training, random }: AugmentArgs): Table {
          const column = numbersIn(table, name, 'image_noise')
          if (!training) return table
          // Bytes go from 0 to 255; other columns are taken to go from 0 to 1.
          const isBytes = column.data instanceof Uint8Array
          const noise = random.normals(column.data.length, isBytes ? 255 * deviation : deviation)
          const data = isBytes ? new Uint8Array(noise.length) : new Float32Array(noise.length)
          const [high, half] = isBytes ? [255, 0.5] : [1, 0]
          for (let i = 0; i < noise.length; i++)
            data[i] = Math.min(high, Math.max(0, column.data[i]! + noise[i]!)) + half
          return { ...table, columns: { ...table.columns, [name]: { ...column, data } } }
        },
      }),
      { config, description: 'images with normal noise' },
    )
  }
}
