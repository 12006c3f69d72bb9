// Where the boxes of a graph are drawn: in layers from top to bottom, some of them together in frames.
import { Graph, layout } from '@dagrejs/dagre'

export interface Vertex {
  readonly id: string
  readonly width: number
  readonly height: number
}

/** Is drawn around its members; frames may lie inside of each other. */
export interface Group {
  readonly id: string
  readonly parent: string | undefined
  readonly members: readonly string[]
}

/** Top left corner and size. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A way through points. */
export interface Edge {
  readonly id: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

export interface Layers {
  /** Of a vertex or group. */
  placeOf(id: string): Place
  readonly edges: readonly Edge[]
  readonly width: number
  readonly height: number
}

interface GraphParts {
  readonly vertices: readonly Vertex[]
  readonly groups?: readonly Group[]
  readonly edges: readonly (readonly [from: string, to: string])[]
}

/** Places the parts of a graph. Edges from what is no vertex are left out. */
export function layersOf({ vertices, groups = [], edges }: GraphParts): Layers {
  const placed = new Graph({ compound: true })
  placed.setGraph({ rankdir: 'TB', nodesep: 26, ranksep: 34, marginx: 16, marginy: 16 })
  placed.setDefaultEdgeLabel(() => ({}))
  for (const { id, width, height } of vertices) placed.setNode(id, { width, height })
  for (const { id } of groups) placed.setNode(id, {})
  for (const { id, parent, members } of groups) {
    if (parent !== undefined) placed.setParent(id, parent)
    for (const member of members) placed.setParent(member, id)
  }
  const known = new Set(vertices.map(({ id }) => id))
  for (const [from, to] of edges) if (known.has(from)) placed.setEdge(from, to)
  layout(placed)
  const { width = 0, height = 0 } = placed.graph()
  return {
    placeOf(id) {
      const { x = 0, y = 0, width: w = 0, height: h = 0 } = placed.node(id)
      return { x: x - w / 2, y: y - h / 2, width: w, height: h }
    },
    edges: placed.edges().map((edge) => ({
      id: `${edge.v} → ${edge.w}`,
      points: placed.edge(edge)?.points ?? [],
    })),
    width,
    height,
  }
}

const SMALLEST = 96
/** Widths in pixels: of a character, and of what is around a text. */
const CHARACTER = 6.9
const PADDING = 26
const LARGEST = 250

/** Width of a box around a text of so many characters. */
export const widthFor = (characters: number): number =>
  Math.min(LARGEST, Math.max(SMALLEST, characters * CHARACTER + PADDING))
