// An archive of images as labelled rows: the folder that an image lies in is its class.
import { EngineError } from '../errors.ts'
import { openZip, type Zip, type ZipEntry } from './zip.ts'

export interface ImageEntry extends ZipEntry {
  /** Name of the folder that it lies in. */
  className: string
  isHeldBack: boolean
}

export interface ImageFolder {
  zip: Zip
  images: readonly ImageEntry[]
  /** Names of classes in order. */
  classes: readonly string[]
  /** Files that are no images by their names, or lie in no folder. */
  others: readonly string[]
}

const IS_IMAGE = /\.(png|jpe?g)$/i
const IS_TRAINING = /^train(ing)?$/i
const IS_HELD_BACK = /^(test|val|valid|validation)$/i

/**
 * Finds images and classes of an archive: `cats/1.png`, `dogs/2.jpg`; also `train/cats/1.png` beside
 * `test/cats/2.png`, whose images are then held back. Throws `data.invalid` and `data.empty`, naming it.
 */
export function imageFolder(bytes: Uint8Array, name: string): ImageFolder {
  const zip = openZip(bytes, name)
  const found = zip.entries.filter(({ path }) => IS_IMAGE.test(path) && path.includes('/'))
  const parts = found.map(({ path }) => path.split('/').slice(0, -1))
  const isSplit =
    parts.some((folders) => folders.length > 1 && folders.some((each) => IS_TRAINING.test(each))) &&
    parts.some((folders) => folders.length > 1 && folders.some((each) => IS_HELD_BACK.test(each)))
  const images = found.map((entry, at): ImageEntry => {
    const folders = parts[at]!
    const isHeldBack = isSplit && folders.slice(0, -1).some((each) => IS_HELD_BACK.test(each))
    return { ...entry, className: folders.at(-1)!, isHeldBack }
  })
  if (images.length === 0) {
    throw new EngineError({
      code: 'data.empty',
      message: `${name} has no images in folders among its ${zip.entries.length} files`,
      hint: 'put PNG or JPEG files into one folder for each class: cats/1.png, dogs/2.png',
    })
  }
  const known = new Set(found.map(({ path }) => path))
  return {
    zip,
    images,
    classes: [...new Set(images.map(({ className }) => className))].sort(),
    others: zip.entries.flatMap(({ path }) => (known.has(path) ? [] : [path])),
  }
}
