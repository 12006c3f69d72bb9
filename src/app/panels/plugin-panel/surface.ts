// Colours and a canvas to draw on, both as the theme and the screen want them.

interface Palette {
  fg: string
  muted: string
  border: string
  bg: string
  font: string
  /** Colour of a group; they come again after eight, with other shapes. */
  group(index: number): string
  /** From 0, the ground, over blue to 1, the text's colour: lightness alone tells values apart. */
  ramp(share: number): string
}

export interface Surface {
  context: CanvasRenderingContext2D
  /** In CSS pixels. */
  width: number
  height: number
  palette: Palette
}

const GROUPS = 8
/** Share of the ramp at which it is blue. */
const MIDDLE = 0.6

type Rgb = readonly [number, number, number]

const rgbOf = (hex: string): Rgb =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as never

const mix = (from: Rgb, to: Rgb, share: number): string =>
  `rgb(${from.map((value, i) => Math.round(value + (to[i]! - value) * share)).join(' ')})`

/** Reads the colours in force from the page. */
function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  const series = Array.from({ length: GROUPS }, (_, i) => token(`--series-${i + 1}`))
  const [low, middle, high] = [token('--bg-hover'), series[0]!, token('--fg')].map(rgbOf) as [
    Rgb,
    Rgb,
    Rgb,
  ]
  return {
    fg: token('--fg'),
    muted: token('--fg-muted'),
    border: token('--border'),
    bg: token('--bg'),
    font: token('--font-ui'),
    group: (index) => series[index % GROUPS]!,
    ramp: (share) =>
      share <= MIDDLE
        ? mix(low, middle, Math.max(0, share) / MIDDLE)
        : mix(middle, high, (Math.min(1, share) - MIDDLE) / (1 - MIDDLE)),
  }
}

/** A clean canvas of this size, sharp on the screen at hand. */
export function openSurface(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): Surface | undefined {
  const context = canvas.getContext('2d')
  if (!context) return undefined
  const ratio = devicePixelRatio
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  const palette = readPalette()
  context.font = `11px ${palette.font}`
  return { context, width, height, palette }
}
