// How bars are laid out and drawn: a row for each label, its bars below each other.
import { formatValue } from '../../ui/format.ts'
import type { Bars } from './content-types.ts'
import type { PictureSource } from './picture.tsx'

const GAP = 8
const THICKNESS = 13
/** Width that names have, at most a third of the picture. */
const NAMES = 140
/** For the value at the end of a bar. */
const VALUE = 56

export function barSource({ labels, bars }: Omit<Bars, 'caption'>): PictureSource {
  const rowHeight = bars.length * THICKNESS + GAP
  const values = bars.flatMap(({ values: own }) => Array.from(own)).filter(Number.isFinite)
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const count = labels.length * bars.length
  const namesOf = (width: number) => Math.min(NAMES, width / 3)
  return {
    height: () => Math.max(24, labels.length * rowHeight + GAP),
    draw({ context, palette, width }, pointed) {
      const left = namesOf(width)
      const scale = (value: number) =>
        left + ((value - low) / (high - low || 1)) * (width - left - VALUE)
      context.textBaseline = 'middle'
      labels.forEach((label, row) => {
        const top = GAP + row * rowHeight
        context.textAlign = 'right'
        context.fillStyle = palette.fg
        context.fillText(label, left - 8, top + (bars.length * THICKNESS) / 2, left - 12)
        bars.forEach(({ values: own }, i) => {
          const value = own[row]!
          if (!Number.isFinite(value)) return
          const [from, to] = [scale(Math.min(0, value)), scale(Math.max(0, value))]
          const y = top + i * THICKNESS
          context.fillStyle = palette.group(i)
          context.globalAlpha = pointed === undefined || pointed === row * bars.length + i ? 1 : 0.5
          context.fillRect(from, y + 1, Math.max(1, to - from), THICKNESS - 2)
          context.globalAlpha = 1
          context.textAlign = 'left'
          context.fillStyle = palette.muted
          context.fillText(formatValue(value), to + 5, y + THICKNESS / 2)
        })
      })
    },
    at(_x, y) {
      const row = Math.floor((y - GAP) / rowHeight)
      const bar = Math.floor((y - GAP - row * rowHeight) / THICKNESS)
      const isBar = row >= 0 && row < labels.length && bar >= 0 && bar < bars.length
      return isBar ? row * bars.length + bar : undefined
    },
    next(part, key) {
      const by = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1
      return (part + by + count) % Math.max(1, count)
    },
    describe(part) {
      const [row, bar] = [Math.floor(part / bars.length), part % bars.length]
      const it = bars[bar]
      if (!it || labels[row] === undefined) return ''
      return `${labels[row]} · ${it.name}: ${formatValue(it.values[row]!)}`
    },
  }
}
