// How curves of a plugin are laid out and drawn.
import { formatValue } from '../../ui/format.ts'
import type { Lines } from './content-types.ts'
import type { PictureSource } from './picture.tsx'
import { extentOf, planeOf } from './plane.ts'

const MAX_HEIGHT = 320
const REACH = 30

/** A point of a line; parts of the picture are its points, line after line. */
interface Point {
  readonly line: number
  readonly x: number
  readonly y: number
}

export function lineSource({ lines, xLabel, yLabel }: Omit<Lines, 'caption'>): PictureSource {
  const points = lines.flatMap(({ x, y }, line): Point[] =>
    Array.from(y, (value, i) => ({ line, x: x?.[i] ?? i, y: value })),
  )
  const drawn = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
  const across = extentOf(Float32Array.from(drawn, ({ x }) => x))
  const up = extentOf(Float32Array.from(drawn, ({ y }) => y))
  const heightOf = (width: number): number => Math.min(MAX_HEIGHT, Math.max(140, width * 0.6))
  const scaleOf = (width: number) => planeOf(width, heightOf(width), across, up, { xLabel, yLabel })
  return {
    height: heightOf,
    draw(surface, pointed) {
      const { context, palette, width } = surface
      const scale = scaleOf(width)
      scale.drawGrid(surface)
      context.lineWidth = 1.75
      context.lineJoin = 'bevel'
      lines.forEach((_, line) => {
        context.strokeStyle = palette.group(line)
        context.beginPath()
        let isDown = false
        for (const point of points) {
          if (point.line !== line) continue
          const [px, py] = [scale.x(point.x), scale.y(point.y)]
          // A value that is missing is a gap.
          if (!Number.isFinite(px + py)) isDown = false
          else if (isDown) context.lineTo(px, py)
          else context.moveTo(px, py)
          isDown = Number.isFinite(px + py)
        }
        context.stroke()
      })
      scale.drawFrame(surface)
      const point = pointed === undefined ? undefined : points[pointed]
      if (!point) return
      context.fillStyle = palette.group(point.line)
      context.beginPath()
      context.arc(scale.x(point.x), scale.y(point.y), 4, 0, 2 * Math.PI)
      context.fill()
    },
    at(px, py, width) {
      const scale = scaleOf(width)
      let best: number | undefined
      let reach = REACH ** 2
      points.forEach(({ x, y }, i) => {
        const distance = (scale.x(x) - px) ** 2 + (scale.y(y) - py) ** 2
        if (distance < reach) [best, reach] = [i, distance]
      })
      return best
    },
    next(part, key) {
      const by = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1
      return (part + by + points.length) % Math.max(1, points.length)
    },
    describe(part) {
      const point = points[part]
      if (!point) return ''
      return `${lines[point.line]!.name} · (${formatValue(point.x)}, ${formatValue(point.y)})`
    },
  }
}
