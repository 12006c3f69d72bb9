// Image warp: training images moved, turned and sized a little, otherwise in each epoch.
import {
  type AugmentArgs,
  EngineError,
  type NumberColumn,
  numbersIn,
  plugin,
  type Random,
  type Table,
  z,
} from 'plugboard'

const config = z.strictObject({
  column: z.string().default('image').describe('column of images [height, width, channels]'),
  shift: z.number().min(0).default(2).describe('pixels to move by at most, each way'),
  rotate: z.number().min(0).max(180).default(10).describe('degrees to turn by at most, each way'),
  zoom: z.number().min(0).lt(1).default(0).describe('share to grow or shrink by at most'),
  flip: z.boolean().default(false).describe('mirror every other image, left to right'),
  fill: z.number().default(0).describe('what comes in from outside, as the column holds it'),
})

type WarpConfig = z.output<typeof config>

type Pixels = NumberColumn['data']

/** Where pixel (x, y) of the result comes from: [a, b, c] and [d, e, f] of ax + by + c, dx + ey + f. */
type Warp = readonly [number, number, number, number, number, number]

/** Turns and sizes around the middle, then moves; drawn uniformly. */
function drawWarp(options: WarpConfig, height: number, width: number, random: Random): Warp {
  const within = (most: number): number => most * (2 * random.next() - 1)
  const angle = (within(options.rotate) * Math.PI) / 180
  const size = 1 / (1 + within(options.zoom))
  const [right, down] = [within(options.shift), within(options.shift)]
  const mirror = options.flip && random.next() < 0.5 ? -1 : 1
  const [cos, sin] = [Math.cos(angle) * size, Math.sin(angle) * size]
  const [x, y] = [(width - 1) / 2, (height - 1) / 2]
  const c = x - mirror * (cos * (x + right) + sin * (y + down))
  return [mirror * cos, mirror * sin, c, -sin, cos, y + sin * (x + right) - cos * (y + down)]
}

/** Bilinear: each pixel is a mean of the four around the place that it comes from, by nearness. */
function warpImage(
  from: Pixels,
  to: Pixels,
  [height, width, channels]: readonly [number, number, number],
  [a, b, c, d, e, f]: Warp,
  fill: number,
): void {
  const at = (x: number, y: number, channel: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? fill : from[(y * width + x) * channels + channel]!
  const half = to instanceof Float32Array ? 0 : 0.5
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [sx, sy] = [a * x + b * y + c, d * x + e * y + f]
      const [left, top] = [Math.floor(sx), Math.floor(sy)]
      const [u, v] = [sx - left, sy - top]
      for (let channel = 0; channel < channels; channel++, i++) {
        const above = at(left, top, channel) * (1 - u) + at(left + 1, top, channel) * u
        const below = at(left, top + 1, channel) * (1 - u) + at(left + 1, top + 1, channel) * u
        // Typed arrays of whole numbers cut off what follows the point.
        to[i] = above * (1 - v) + below * v + half
      }
    }
}

function warp(table: Table, options: WarpConfig, random: Random): Table {
  const column = numbersIn(table, options.column, 'image_warp')
  const [height, width, channels = 1] = column.shape
  if (height === undefined || width === undefined || column.shape.length > 3) {
    throw new EngineError({
      code: 'data.invalid',
      message: `image_warp changes images [height, width, channels], but rows of '${options.column}' have the shape [${column.shape.join(', ')}]`,
      hint: 'set `column` to a column of images',
    })
  }
  const size = height * width * channels
  const data = new (column.data.constructor as Float32ArrayConstructor)(
    column.data.length,
  ) as Pixels
  for (let start = 0; start < data.length; start += size) {
    const part = [start, start + size] as const
    const drawn = drawWarp(options, height, width, random)
    const shape = [height, width, channels] as const
    warpImage(column.data.subarray(...part), data.subarray(...part), shape, drawn, options.fill)
  }
  return { ...table, columns: { ...table.columns, [options.column]: { ...column, data } } }
}

export default class ImageWarp extends plugin({
  manifest: {
    name: 'image_warp',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Training images moved, turned and sized a little, otherwise in each epoch',
    tags: ['images'],
    provides: ['augmenter/image_warp'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'augmenter',
      'image_warp',
      (options) => ({
        augment: (table: Table, { training, random }: AugmentArgs): Table =>
          training ? warp(table, options, random) : table,
      }),
      { config, description: 'images shifted, rotated, zoomed or mirrored' },
    )
  }
}
