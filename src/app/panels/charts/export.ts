// Charts to keep: as PNG, as SVG, as CSV of all points; as files or by the clipboard.
import Papa from 'papaparse'
import { toast } from 'sonner'
import type { Plot } from './plot.ts'
import { chartPicture, type Picture } from './picture.ts'
import type { ChartLine } from './scene.ts'
import { canvasFont, type Palette, paintShapes, readPalette } from './shapes.ts'
import { toSvg } from './svg.ts'

/** Pixels of a PNG for one of the screen. */
const PNG_SCALE = 2

function pictureOf(title: string, plot: Plot, element: HTMLElement, palette: Palette): Picture {
  const scene = plot.scene()
  if (!scene)
    throw new Error(`The chart ${title} has drawn nothing yet: scroll it into view first.`)
  const context = contextOf(1, 1)
  context.font = canvasFont(palette, 1)
  const over = element.querySelector('.u-over')!
  const size = { width: over.clientWidth, height: over.clientHeight }
  const measure = (text: string) => context.measureText(text).width
  return chartPicture(title, scene, plot.ticks(), size, { palette, measure })
}

function contextOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser gives no canvas to draw the picture on.')
  return context
}

export function svgOf(title: string, plot: Plot, element: HTMLElement): string {
  const palette = readPalette()
  return toSvg(pictureOf(title, plot, element, palette), palette('--font-ui'))
}

export async function pngOf(title: string, plot: Plot, element: HTMLElement): Promise<Blob> {
  const palette = readPalette()
  const picture = pictureOf(title, plot, element, palette)
  const context = contextOf(picture.width * PNG_SCALE, picture.height * PNG_SCALE)
  context.scale(PNG_SCALE, PNG_SCALE)
  context.fillStyle = picture.background
  context.fillRect(0, 0, picture.width, picture.height)
  paintShapes(context, picture.frame, palette)
  const { left, top, width, height } = picture.plot
  context.save()
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  paintShapes(context, picture.curves, palette)
  context.restore()
  paintShapes(context, picture.over, palette)
  return new Promise((resolve, reject) =>
    context.canvas.toBlob((blob) =>
      blob
        ? resolve(blob)
        : reject(new Error('The browser made no PNG: the picture may be too large.')),
    ),
  )
}

/** All points of the lines, none left out: a row for each, with the time in seconds; blank where not known. */
export function csvOf(lines: readonly ChartLine[]): string {
  const known = (value: number): number | '' => (Number.isNaN(value) ? '' : value)
  const rows = lines.flatMap(({ run, metric, series }) => {
    const { length, steps, epochs, times, values } = series
    return Array.from({ length }, (_, i) => [
      run,
      metric,
      steps[i]!,
      known(epochs[i]!),
      known(times[i]! / 1000),
      values[i]!,
    ])
  })
  // A name that begins as a formula would be one to a spreadsheet.
  return Papa.unparse(
    { fields: ['run', 'metric', 'step', 'epoch', 'seconds', 'value'], data: rows },
    { escapeFormulae: true, newline: '\n' },
  )
}

export async function copy(content: Record<string, Blob>, what: string): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem(content)])
    toast.success(`${what} copied.`)
  } catch {
    toast.error(`${what} not copied: the browser does not allow it here. Download it instead.`)
  }
}

/** A file name of a chart's title. */
export const fileName = (title: string, ending: string): string =>
  `${
    title
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'chart'
  }.${ending}`
