// How points and the ground behind them are laid out and drawn.
import { formatValue } from '../../ui/format.ts'
import type { Scatter } from './content-types.ts'
import type { PictureSource } from './picture.tsx'
import { extentOf, type Plane, planeOf } from './plane.ts'
import { shapePath } from './shapes.ts'
import type { Surface } from './surface.ts'

type Points = Omit<Scatter, 'caption'>

const MAX_HEIGHT = 420
/** Distance within which a point counts as pointed at. */
const REACH = 24

export function scatterSource(points: Points): PictureSource {
  const { x, y, labels, group, groups, field } = points
  const [across, up] = [extentOf(x, field?.x), extentOf(y, field?.y)]
  const heightOf = (width: number): number => Math.min(MAX_HEIGHT, Math.max(160, width * 0.8))
  const scaleOf = (width: number): Plane => planeOf(width, heightOf(width), across, up, points)
  return {
    height: heightOf,
    draw(surface, pointed) {
      const scale = scaleOf(surface.width)
      scale.drawGrid(surface)
      if (field) drawField(surface, field, scale)
      drawPoints(surface, points, scale, pointed)
      scale.drawFrame(surface)
    },
    at(px, py, width) {
      const scale = scaleOf(width)
      let nearest: number | undefined
      let reach = REACH ** 2
      x.forEach((value, i) => {
        const distance = (scale.x(value) - px) ** 2 + (scale.y(y[i]!) - py) ** 2
        if (distance < reach) [nearest, reach] = [i, distance]
      })
      return nearest
    },
    next(part, key) {
      const by = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1
      return (part + by + x.length) % Math.max(1, x.length)
    },
    describe(part) {
      if (part >= x.length) return ''
      const names = [labels?.[part], group && (groups?.[group[part]!] ?? `group ${group[part]}`)]
      const place = `(${formatValue(x[part]!)}, ${formatValue(y[part]!)})`
      return [...names.filter((it) => it !== undefined && it !== ''), place].join(' · ')
    },
  }
}

/** Weakest and strongest ink of the ground: points stay legible on it. */
const FAINT = 0.06
const STRONG = 0.34

function drawField(
  { context, palette }: Surface,
  { x, y, columns, rows, groups, strengths }: NonNullable<Points['field']>,
  scale: Plane,
): void {
  const [left, right] = [scale.x(x[0]), scale.x(x[1])]
  const [bottom, top] = [scale.y(y[0]), scale.y(y[1])]
  // Whole pixels: cells that overlap or leave a gap would show as a net.
  const across = Array.from({ length: columns + 1 }, (_, i) =>
    Math.round(left + ((right - left) * i) / columns),
  )
  const up = Array.from({ length: rows + 1 }, (_, i) =>
    Math.round(bottom + ((top - bottom) * i) / rows),
  )
  groups.forEach((group, i) => {
    if (Number.isNaN(group)) return
    const [column, row] = [i % columns, Math.floor(i / columns)]
    context.globalAlpha = FAINT + (STRONG - FAINT) * (strengths?.[i] ?? 1)
    context.fillStyle = palette.group(group)
    const [x0, y0] = [across[column]!, up[row + 1]!]
    context.fillRect(x0, y0, across[column + 1]! - x0, up[row]! - y0)
  })
  context.globalAlpha = 1
}

function drawPoints(
  { context, palette }: Surface,
  { x, y, labels, showLabels, group }: Points,
  scale: Plane,
  pointed: number | undefined,
): void {
  const radius = x.length > 1000 ? 2 : x.length > 200 ? 2.75 : 3.5
  const paths = new Map<number, Path2D>()
  const pathOf = (index: number): Path2D => {
    const path = paths.get(index) ?? new Path2D(shapePath(index, radius))
    paths.set(index, path)
    return path
  }
  context.textBaseline = 'middle'
  context.textAlign = 'left'
  x.forEach((value, i) => {
    const index = group?.[i] ?? 0
    const [px, py] = [scale.x(value), scale.y(y[i]!)]
    context.save()
    context.translate(px, py)
    context.fillStyle = palette.group(index)
    context.strokeStyle = i === pointed ? palette.fg : palette.bg
    context.lineWidth = i === pointed ? 2 : 0.75
    if (i === pointed) context.scale(1.6, 1.6)
    context.fill(pathOf(index))
    context.stroke(pathOf(index))
    context.restore()
    const isNamed = labels && (showLabels === true || i === pointed)
    if (!isNamed) return
    context.fillStyle = palette.fg
    context.fillText(labels[i]!, px + radius + 3, py)
  })
}
