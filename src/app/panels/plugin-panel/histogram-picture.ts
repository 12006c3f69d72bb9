// How the histograms of one name are laid out and drawn: a ridge for each time, oldest at the back.
import { formatCount, formatValue } from '../../ui/format.ts'
import type { Histogram } from './content-types.ts'
import type { PictureSource } from './picture.tsx'
import type { Surface } from './surface.ts'

/** Height of one curve, of its shift against the one behind, of the axis below. */
const RIDGE = 54
const SHIFT = 7
const MAX_DEPTH = 120
const AXIS = 18

const binWidth = ({ min, max, counts }: Histogram['rows'][number]) => (max - min) / counts.length

export function histogramSource({ rows }: Histogram): PictureSource {
  const low = Math.min(...rows.map(({ min }) => min))
  const high = Math.max(...rows.map(({ max }) => max))
  const span = high > low ? high - low : 1
  // Height is density: bins of rows that reach further are wider. Over its own width a lone value is one bin.
  const density = (row: Histogram['rows'][number], bin: number) => {
    const total = row.counts.reduce((sum, count) => sum + count, 0)
    return total === 0 ? 0 : row.counts[bin]! / total / (binWidth(row) || span)
  }
  const tops = rows.map((row) =>
    row.counts.reduce((most, _, bin) => Math.max(most, density(row, bin)), 0),
  )
  const shift = rows.length > 1 ? Math.min(SHIFT, MAX_DEPTH / (rows.length - 1)) : 0
  const baseOf = (index: number): number => RIDGE + index * shift
  const height = Math.ceil(baseOf(rows.length - 1)) + AXIS
  const xOf = (value: number, width: number): number => ((value - low) / span) * (width - 2) + 1

  function trace({ context, width }: Surface, index: number) {
    const row = rows[index]!
    const step = binWidth(row) || span
    const scale = tops[index]! > 0 ? (RIDGE - 6) / tops[index]! : 0
    const base = baseOf(index)
    context.beginPath()
    context.moveTo(xOf(row.min, width), base)
    row.counts.forEach((_, bin) => {
      const y = base - density(row, bin) * scale
      context.lineTo(xOf(row.min + bin * step, width), y)
      context.lineTo(xOf(row.min + (bin + 1) * step, width), y)
    })
    context.lineTo(xOf(row.min + row.counts.length * step, width), base)
  }

  return {
    height: () => height,
    draw(surface, pointed) {
      const { context, width, palette } = surface
      const last = rows.length - 1
      const pointedRow = pointed === undefined ? last : Math.floor(pointed / BINS)
      rows.forEach((_, index) => {
        const age = last === 0 ? 1 : index / last
        trace(surface, index)
        context.fillStyle = palette.ramp(0.15 + 0.45 * age)
        context.fill()
        context.strokeStyle = index === pointedRow ? palette.fg : palette.bg
        context.lineWidth = index === pointedRow ? 1.25 : 0.75
        context.stroke()
      })
      context.fillStyle = palette.muted
      context.textBaseline = 'alphabetic'
      context.textAlign = 'left'
      context.fillText(formatValue(low), 1, height - 4)
      context.textAlign = 'right'
      context.fillText(formatValue(high), width - 1, height - 4)
      if (low < 0 && high > 0) {
        context.textAlign = 'center'
        const zero = xOf(0, width)
        if (zero > 60 && zero < width - 60) context.fillText('0', zero, height - 4)
      }
      if (pointed === undefined) return
      const row = rows[pointedRow]!
      const step = binWidth(row) || span
      const x = xOf(row.min + ((pointed % BINS) + 0.5) * step, width)
      context.strokeStyle = palette.fg
      context.lineWidth = 1
      context.beginPath()
      context.moveTo(x, 0)
      context.lineTo(x, height - AXIS)
      context.stroke()
    },
    at(x, y, width) {
      const wanted = shift === 0 ? 0 : Math.round((y + RIDGE / 3 - RIDGE) / shift)
      const index = Math.min(rows.length - 1, Math.max(0, wanted))
      const row = rows[index]!
      const value = low + ((x - 1) / (width - 2)) * span
      const bin = Math.floor((value - row.min) / (binWidth(row) || span))
      return index * BINS + Math.min(row.counts.length - 1, Math.max(0, bin))
    },
    next(part, key) {
      const [index, bin] = [Math.floor(part / BINS), part % BINS]
      const to = {
        ArrowLeft: [index, bin - 1],
        ArrowRight: [index, bin + 1],
        ArrowUp: [index - 1, bin],
        ArrowDown: [index + 1, bin],
      }[key] as [number, number]
      const at = Math.min(rows.length - 1, Math.max(0, to[0]))
      return at * BINS + Math.min(rows[at]!.counts.length - 1, Math.max(0, to[1]))
    },
    describe(part) {
      const row = rows[Math.floor(part / BINS)]
      if (!row) return ''
      const from = row.min + (part % BINS) * binWidth(row)
      const range = `${formatValue(from)} to ${formatValue(from + binWidth(row))}`
      return `step ${formatCount(row.at)}: ${formatCount(row.counts[part % BINS] ?? 0)} from ${range}`
    },
  }
}

/** Parts are numbered row by row, with room for more bins than a row can have. */
const BINS = 1000
