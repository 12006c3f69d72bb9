// PNG and JPEG to pixels, alike in a tab and in Node.
import { convertIndexedToRgb, decode as decodePng, type DecodedPng } from 'fast-png'
import { decode as decodeJpeg } from 'jpeg-js'
import { EngineError } from '../errors.ts'

/** Pixels row by row, `channels` bytes each: gray; gray, alpha; red, green, blue; red, green, blue, alpha. */
export interface Pixels {
  width: number
  height: number
  channels: 1 | 2 | 3 | 4
  data: Uint8Array
}

const MAX_MEGAPIXELS = 50

const PNG = [0x89, 0x50, 0x4e, 0x47]
const JPEG = [0xff, 0xd8, 0xff]
const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte)

/**
 * Decodes an image. Throws `data.invalid`, naming it, for other formats, for one that is cut off or huge, and where there
 * are no bytes because an archive could not give them.
 */
export function decodeImage(bytes: Uint8Array | undefined, name: string): Pixels {
  const refuse = (problem: string, cause?: unknown): EngineError =>
    new EngineError({
      code: 'data.invalid',
      message: `${name} ${problem}`,
      hint: 'save it anew as PNG or JPEG',
      cause,
    })
  if (!bytes) throw refuse('cannot be unpacked: it is damaged in the archive')
  const isPng = startsWith(bytes, PNG)
  if (!isPng && !startsWith(bytes, JPEG)) throw refuse('is no PNG or JPEG')
  try {
    return isPng ? pngPixels(bytes) : jpegPixels(bytes)
  } catch (thrown) {
    throw refuse(`cannot be decoded: ${reasonOf(thrown)}`, thrown)
  }
}

/** Decoders trust what they read: in a damaged file they come upon what is not there. */
const reasonOf = (thrown: unknown): string =>
  thrown instanceof RangeError || thrown instanceof TypeError || !(thrown instanceof Error)
    ? 'it is cut off or damaged'
    : thrown.message

/** Signature, length and name of the first chunk, which is the header, its 13 bytes and checksum. */
const PNG_HEADER_BYTES = 33
const IHDR = [0x49, 0x48, 0x44, 0x52]

function pngPixels(bytes: Uint8Array): Pixels {
  if (bytes.length < PNG_HEADER_BYTES)
    throw new Error(`its header is cut off: there are ${bytes.length} bytes`)
  if (!startsWith(bytes.subarray(12), IHDR)) throw new Error('its header IHDR is missing')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = [view.getUint32(16), view.getUint32(20)] as const
  if (size.includes(0)) throw new Error(`its header says ${size.join(' × ')} pixels`)
  const megapixels = (size[0] * size[1]) / 1e6
  if (megapixels > MAX_MEGAPIXELS)
    throw new Error(`it has ${megapixels} megapixels, limit ${MAX_MEGAPIXELS}`)
  const png = decodePng(bytes)
  const { width, height, palette } = png
  if (palette) {
    const data = Uint8Array.from(convertIndexedToRgb(png))
    return { width, height, channels: (data.length / (width * height)) as 3 | 4, data }
  }
  return { width, height, channels: png.channels as Pixels['channels'], data: bytesOf(png) }
}

/** Samples of 1 to 16 bits as bytes. */
function bytesOf({ data, depth, width, height, channels }: DecodedPng): Uint8Array {
  if (depth === 8) return new Uint8Array(data.buffer, data.byteOffset, data.length)
  if (depth === 16) return Uint8Array.from(data, (sample) => sample >> 8)
  const rowBytes = Math.ceil((width * channels * depth) / 8)
  const highest = 2 ** depth - 1
  const perByte = 8 / depth
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const x = i % (width * channels)
    const row = Math.floor(i / (width * channels))
    const byte = data[row * rowBytes + Math.floor(x / perByte)]!
    const shift = 8 - depth * ((x % perByte) + 1)
    return Math.round((((byte >> shift) & highest) * 255) / highest)
  })
}

function jpegPixels(bytes: Uint8Array): Pixels {
  const { width, height, data } = decodeJpeg(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_MEGAPIXELS,
  })
  return { width, height, channels: 3, data }
}
