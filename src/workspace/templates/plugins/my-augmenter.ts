// Moves training images a little, each in another direction, anew in each epoch.
import { type AugmentArgs, EngineError, plugin, type Random, type Table, z } from 'plugboard'

const config = z.strictObject({
  pixels: z.int().min(1).default(2).describe('longest way, across and down'),
})

const COLUMN = 'image'

/** `table` with its images moved; what leaves one at a border is lost, and the other side stays empty. */
function moveImages(table: Table, pixels: number, random: Random): Table {
  const images = table.columns[COLUMN]
  if (images?.type !== 'number' || images.shape.length !== 3) {
    throw new EngineError({
      code: 'data.invalid',
      message: `my_augmenter moves the column of images '${COLUMN}'; there are ${Object.keys(table.columns).join(', ')}`,
      hint: 'take it out of `augment`, or let it read another column',
    })
  }
  const [height, width, channels] = images.shape as [number, number, number]
  const size = height * width * channels
  const data = images.data.slice().fill(0)
  for (let row = 0; row < table.length; row++) {
    const [dx, dy] = [random.int(2 * pixels + 1) - pixels, random.int(2 * pixels + 1) - pixels]
    for (let y = Math.max(0, dy); y < Math.min(height, height + dy); y++) {
      const from = row * size + ((y - dy) * width + Math.max(0, -dx)) * channels
      const to = row * size + (y * width + Math.max(0, dx)) * channels
      const length = Math.max(0, width - Math.abs(dx)) * channels
      data.set(images.data.subarray(from, from + length), to)
    }
  }
  return { ...table, columns: { ...table.columns, [COLUMN]: { ...images, data } } }
}

export default class MyAugmenter extends plugin({
  manifest: {
    name: 'my_augmenter',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Moves training images a little, anew in each epoch',
    tags: ['images'],
    provides: ['augmenter/my_augmenter'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'augmenter',
      'my_augmenter',
      ({ pixels }) => ({
        // Rows that somebody only looks at stay as they are.
        augment: (table: Table, { training, random }: AugmentArgs) =>
          training ? moveImages(table, pixels, random) : table,
      }),
      { config, description: 'images moved by some pixels' },
    )
  }
}
