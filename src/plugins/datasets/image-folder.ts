// Images of the user's own zip: the folder that an image lies in is its class.
import {
  type DataEnv,
  decodeImage,
  EngineError,
  imageFolder,
  type ImageEntry,
  type ImageFolder,
  type Logger,
  plugin,
  resizeImage,
  type Splits,
  type Table,
  z,
} from 'plugboard'

const config = z.strictObject({
  file: z.string().min(1).describe('a zip in the workspace, such as data/pets.zip'),
  size: z
    .tuple([z.int().min(1).max(1024), z.int().min(1).max(1024)])
    .default([32, 32])
    .describe('height and width that all images are brought to'),
  channels: z.enum(['rgb', 'gray']).default('rgb'),
})

type ImageFolderConfig = z.output<typeof config>

/** Unpacked at a time, in bytes, so that a large archive does not lie in memory whole. */
const BATCH_BYTES = 16 << 20
const MAX_BYTES = 1 << 30

const TURN_MS = 30

/** Images in groups that unpack to about `BATCH_BYTES`. */
function* groupsOf(images: readonly ImageEntry[]): Generator<ImageEntry[]> {
  let group: ImageEntry[] = []
  let bytes = 0
  for (const image of images) {
    group.push(image)
    bytes += image.size
    if (bytes < BATCH_BYTES && group.length < 200) continue
    yield group
    group = []
    bytes = 0
  }
  if (group.length > 0) yield group
}

class Reader {
  /** Images that could not be read, and why. */
  readonly faults: string[] = []
  readonly #folder: ImageFolder
  readonly #options: ImageFolderConfig
  readonly #signal: AbortSignal
  #turnedAt = performance.now()

  constructor(folder: ImageFolder, options: ImageFolderConfig, signal: AbortSignal) {
    this.#folder = folder
    this.#options = options
    this.#signal = signal
  }

  /** Lets messages and signs of life through, now and then: each turn of a browser's timer takes 4 ms. */
  async #breathe(): Promise<void> {
    this.#signal.throwIfAborted()
    if (performance.now() - this.#turnedAt < TURN_MS) return
    await new Promise<void>((resolve) => void setTimeout(resolve, 0))
    this.#turnedAt = performance.now()
  }

  /** Columns `image` [height, width, channels] and `labels`. */
  async read(images: readonly ImageEntry[]): Promise<Table> {
    const { size, channels: colors, file } = this.#options
    const [height, width] = size
    const channels = colors === 'rgb' ? 3 : 1
    const rowBytes = height * width * channels
    if (images.length * rowBytes > MAX_BYTES) {
      throw new EngineError({
        code: 'data.invalid',
        message: `${images.length} images of ${file} at [${height}, ${width}, ${channels}] take more than ${MAX_BYTES / 2 ** 20} MiB`,
        hint: 'make `size` smaller',
      })
    }
    const { classes, zip } = this.#folder
    const data = new Uint8Array(images.length * rowBytes)
    const labels = new Int32Array(images.length)
    let length = 0
    for (const group of groupsOf(images)) {
      const files = zip.unpack(group)
      for (const { path, className } of group) {
        await this.#breathe()
        try {
          const pixels = decodeImage(files.get(path), path)
          data.set(resizeImage(pixels, { width, height, channels }), length * rowBytes)
          labels[length++] = classes.indexOf(className)
        } catch (thrown) {
          this.faults.push(thrown instanceof Error ? thrown.message : String(thrown))
        }
      }
    }
    return {
      length,
      columns: {
        image: {
          type: 'number',
          data: data.subarray(0, length * rowBytes),
          shape: [height, width, channels],
          dtype: 'float32',
          scale: 1 / 255,
        },
        labels: {
          type: 'number',
          data: labels.subarray(0, length),
          shape: [],
          dtype: 'int32',
          limit: classes.length,
          classes,
        },
      },
    }
  }
}

async function load(options: ImageFolderConfig, env: DataEnv, log: Logger): Promise<Splits> {
  const { file } = options
  const folder = imageFolder(new Uint8Array(await env.asset(file)), file)
  const reader = new Reader(folder, options, env.signal)
  const train = await reader.read(folder.images.filter(({ isHeldBack }) => !isHeldBack))
  const held = folder.images.filter(({ isHeldBack }) => isHeldBack)
  const validation = held.length > 0 ? await reader.read(held) : undefined
  const { faults } = reader
  if (faults.length > 0) {
    const some = `${faults.slice(0, 5).join('; ')}${faults.length > 5 ? '; …' : ''}`
    const message = `${faults.length} of ${folder.images.length} images of ${file} cannot be used: ${some}`
    if (train.length === 0) {
      const hint = 'save them anew as PNG or JPEG'
      throw new EngineError({ code: 'data.invalid', message, hint })
    }
    log.warn(`${message} (they are left out)`)
  }
  return validation ? { train, validation } : { train }
}

export default class ImageFolderPlugin extends plugin({
  manifest: {
    name: 'image_folder',
    version: '1.0.0',
    category: 'dataset',
    description: 'Images of your own zip, PNG or JPEG: a folder for each class',
    tags: ['images', 'classification', 'own data'],
    provides: ['dataset/image_folder'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'image_folder',
      (options, env) => ({ load: () => load(options, env, this.ctx.log) }),
      { config, description: 'columns `image` [height, width, channels], 0 … 1, and `labels`' },
    )
  }
}
