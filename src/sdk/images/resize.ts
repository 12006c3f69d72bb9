// Pixels at another size and with other channels.
import type { Pixels } from './decode.ts'

export interface ImageSize {
  width: number
  height: number
  /** 1: gray; 3: red, green, blue. */
  channels: 1 | 3
}

/**
 * Pixels of exactly this size, transparency laid over white. Each is the mean of the pixels that it covers; where it
 * covers less than one, the nearest. Gray is the luma of ITU-R BT.601.
 */
export function resizeImage(image: Pixels, { width, height, channels }: ImageSize): Uint8Array {
  const made = new Uint8Array(width * height * channels)
  const columns = spans(image.width, width)
  const rows = spans(image.height, height)
  for (const [y, [top, bottom]] of rows.entries()) {
    for (const [x, [left, right]] of columns.entries()) {
      const [red, green, blue] = meanOf(image, left, right, top, bottom)
      const at = (y * width + x) * channels
      if (channels === 1) made[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue)
      else made.set([Math.round(red), Math.round(green), Math.round(blue)], at)
    }
  }
  return made
}

/** For each of `to` places, the places of `from` that it covers: at least one. */
function spans(from: number, to: number): [start: number, end: number][] {
  return Array.from({ length: to }, (_, i) => {
    const start = Math.floor((i * from) / to)
    return [start, Math.max(start + 1, Math.floor(((i + 1) * from) / to))]
  })
}

function meanOf(
  { width, channels, data }: Pixels,
  left: number,
  right: number,
  top: number,
  bottom: number,
): [red: number, green: number, blue: number] {
  const sums: [number, number, number] = [0, 0, 0]
  const hasAlpha = channels % 2 === 0
  const isGray = channels < 3
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * channels
      const alpha = hasAlpha ? data[at + channels - 1]! / 255 : 1
      for (let c = 0; c < 3; c++)
        sums[c]! += alpha * data[isGray ? at : at + c]! + (1 - alpha) * 255
    }
  }
  const count = (right - left) * (bottom - top)
  return [sums[0] / count, sums[1] / count, sums[2] / count]
}
