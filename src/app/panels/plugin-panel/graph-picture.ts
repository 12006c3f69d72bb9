// How a graph of a plugin is laid out and drawn: in layers, arrows from top to bottom.
import { layersOf, widthFor } from '../graph/layered.ts'
import type { GraphContent } from './content-types.ts'
import type { PictureSource } from './picture.tsx'

const BOX_HEIGHT = 30
/** A second line, with the detail. */
const DETAIL = 14
const CORNER = 5
const ARROW = 5

export function graphSource({ nodes, edges }: Omit<GraphContent, 'caption'>): PictureSource {
  const nameOf = ({ id, label }: GraphContent['nodes'][number]): string => label ?? id
  const layers = layersOf({
    vertices: nodes.map((node) => ({
      id: node.id,
      width: widthFor(Math.max(nameOf(node).length, node.detail?.length ?? 0)),
      height: BOX_HEIGHT + (node.detail ? DETAIL : 0),
    })),
    edges: edges.map(({ from, to }) => [from, to] as const),
  })
  /** Shrinks what is wider than the panel. */
  const ratioOf = (width: number) => (layers.width > width && width > 0 ? width / layers.width : 1)
  const indexOf = new Map(nodes.map(({ id }, i) => [id, i]))
  const near = (part: number, isForward: boolean): number | undefined => {
    const { id } = nodes[part]!
    const edge = edges.find(({ from, to }) => (isForward ? from : to) === id)
    return edge && indexOf.get(isForward ? edge.to : edge.from)
  }
  return {
    height: (width) => Math.max(40, layers.height * ratioOf(width)),
    draw({ context, palette, width }, pointed) {
      const ratio = ratioOf(width)
      context.save()
      context.scale(ratio, ratio)
      context.lineWidth = 1
      context.strokeStyle = context.fillStyle = palette.muted
      for (const { points } of layers.edges) {
        context.beginPath()
        for (const { x, y } of points) context.lineTo(x, y)
        context.stroke()
        const [before, end] = points.slice(-2)
        if (!before || !end) continue
        const angle = Math.atan2(end.y - before.y, end.x - before.x)
        context.beginPath()
        for (const turn of [0, 2.6, -2.6])
          context.lineTo(
            end.x + (turn === 0 ? 0 : ARROW * 1.6 * Math.cos(angle + turn)),
            end.y + (turn === 0 ? 0 : ARROW * 1.6 * Math.sin(angle + turn)),
          )
        context.fill()
      }
      context.textAlign = 'center'
      context.textBaseline = 'middle'
      nodes.forEach((node, i) => {
        const { x, y, width: wide, height } = layers.placeOf(node.id)
        context.fillStyle = palette.bg
        context.strokeStyle = i === pointed ? palette.fg : palette.group(0)
        context.lineWidth = i === pointed ? 2 : 1
        context.beginPath()
        context.roundRect(x + 0.5, y + 0.5, wide - 1, height - 1, CORNER)
        context.fill()
        context.stroke()
        const middle = y + height / 2
        context.fillStyle = palette.fg
        context.fillText(
          nameOf(node),
          x + wide / 2,
          node.detail ? middle - DETAIL / 2 : middle,
          wide - 8,
        )
        if (!node.detail) return
        context.fillStyle = palette.muted
        context.fillText(node.detail, x + wide / 2, middle + DETAIL / 2, wide - 8)
      })
      context.restore()
    },
    at(px, py, width) {
      const ratio = ratioOf(width)
      const [x, y] = [px / ratio, py / ratio]
      const at = nodes.findIndex(({ id }) => {
        const place = layers.placeOf(id)
        const isAcross = x >= place.x && x <= place.x + place.width
        return isAcross && y >= place.y && y <= place.y + place.height
      })
      return at < 0 ? undefined : at
    },
    next(part, key) {
      const by = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1
      const along = key === 'ArrowDown' || key === 'ArrowUp' ? near(part, by > 0) : undefined
      return along ?? (part + by + nodes.length) % Math.max(1, nodes.length)
    },
    describe(part) {
      const node = nodes[part]
      if (!node) return ''
      const next = edges.filter(({ from }) => from === node.id).map(({ to }) => to)
      const leads = next.length > 0 ? [`leads to ${next.join(', ')}`] : []
      return [nameOf(node), ...(node.detail ? [node.detail] : []), ...leads].join(' · ')
    },
  }
}
