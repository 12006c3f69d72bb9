// Where the nodes of a model are drawn: layered from top to bottom, repeated blocks in frames.
import { Graph, layout } from '@dagrejs/dagre'
import type { ModelGraph, ModelNode } from '#protocol'
import { showShape } from './show-shape.ts'

/** What is drawn as a box: a part of the model, or what goes into and comes out of it. */
export interface Box {
  readonly id: string
  readonly kind: 'input' | 'node' | 'output'
  readonly title: string
  readonly type: string
  readonly detail: string
  readonly node?: ModelNode
  /** Top left corner. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Frame {
  readonly title: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Drawing {
  readonly boxes: readonly Box[]
  readonly frames: readonly Frame[]
  /** Each a way through points. */
  readonly edges: readonly { readonly id: string; readonly points: readonly Point[] }[]
  readonly width: number
  readonly height: number
}

interface Point {
  readonly x: number
  readonly y: number
}

type Content = Omit<Box, 'x' | 'y' | 'width' | 'height'>

const HEIGHT = 46
const SMALL = 30
/** Widths in pixels: of a character, and of what is around a text. */
const CHARACTER = 6.9
const PADDING = 26
const LIMITS = { min: 96, max: 250 }

/** Draws a model whose edges are known. */
export function drawingOf(graph: ModelGraph, countOf: (count: number) => string): Drawing {
  const placed = new Graph({ compound: true })
  placed.setGraph({ rankdir: 'TB', nodesep: 26, ranksep: 34, marginx: 16, marginy: 16 })
  placed.setDefaultEdgeLabel(() => ({}))
  const contents = contentsOf(graph, countOf)
  for (const content of contents) placed.setNode(content.id, sizeOf(content))
  const frames = framesOf(graph.nodes)
  for (const frame of frames.keys()) placed.setNode(frame, {})
  for (const [frame, { parent, members }] of frames) {
    if (parent !== undefined) placed.setParent(frame, parent)
    for (const member of members) placed.setParent(nodeId(member), frame)
  }
  const known = new Set(contents.map(({ id }) => id))
  const idOf = (path: string): string => (known.has(nodeId(path)) ? nodeId(path) : `input ${path}`)
  const connect = (from: string, to: string): void => {
    if (known.has(from)) placed.setEdge(from, to)
  }
  for (const { path, inputs } of graph.nodes)
    for (const input of inputs) connect(idOf(input), nodeId(path))
  for (const { name, from } of graph.outputs) connect(idOf(from), `output ${name}`)
  layout(placed)
  const { width = 0, height = 0 } = placed.graph()
  const cornerOf = (id: string) => {
    const { x = 0, y = 0, width: w = 0, height: h = 0 } = placed.node(id)
    return { x: x - w / 2, y: y - h / 2, width: w, height: h }
  }
  return {
    boxes: contents.map((content) => ({ ...content, ...cornerOf(content.id) })),
    frames: [...frames].map(([id, { title }]) => ({ title, ...cornerOf(id) })),
    edges: placed.edges().map((edge) => ({
      id: `${edge.v} → ${edge.w}`,
      points: placed.edge(edge)?.points ?? [],
    })),
    width,
    height,
  }
}

const nodeId = (path: string): string => `node ${path}`

function sizeOf({ title, type, detail, kind }: Content): { width: number; height: number } {
  const longest = Math.max(`${title}  ${type}`.length, detail.length)
  const width = Math.min(LIMITS.max, Math.max(LIMITS.min, longest * CHARACTER + PADDING))
  return { width, height: kind === 'node' ? HEIGHT : SMALL }
}

function contentsOf(
  { columns, nodes, outputs }: ModelGraph,
  countOf: (count: number) => string,
): Content[] {
  const paths = new Set(nodes.map(({ path }) => path))
  const taken = new Set([...nodes.flatMap(({ inputs }) => inputs), ...outputs.map((it) => it.from)])
  const read = columns.filter(({ name }) => taken.has(name) && !paths.has(name))
  return [
    ...read.map(({ name, shape }): Content => {
      return { id: `input ${name}`, kind: 'input', title: name, type: showShape(shape), detail: '' }
    }),
    ...nodes.map((node): Content => {
      const { path, type, shape, parameters } = node
      const size = parameters > 0 ? `${countOf(parameters)} parameters` : ''
      const detail = [showShape(shape), size].filter(Boolean).join(' · ')
      const title = path.split('.').at(-1)!
      return { id: nodeId(path), kind: 'node', title, type, detail, node }
    }),
    ...outputs.map(({ name }): Content => {
      return { id: `output ${name}`, kind: 'output', title: name, type: '', detail: '' }
    }),
  ]
}

/** Blocks that hold more than one node, by path. */
function framesOf(nodes: readonly ModelNode[]) {
  const members = new Map<string, string[]>()
  for (const { path } of nodes) {
    const block = path.split('.').slice(0, -1).join('.')
    if (block !== '') members.set(block, [...(members.get(block) ?? []), path])
  }
  const kept = new Map([...members].filter(([, paths]) => paths.length > 1))
  return new Map(
    [...kept].map(([block, paths]) => {
      const around = [...kept.keys()].filter((other) => block.startsWith(`${other}.`))
      const parent = around.toSorted((a, b) => b.length - a.length)[0]
      return [
        `frame ${block}`,
        {
          title: block,
          members: paths,
          parent: parent === undefined ? undefined : `frame ${parent}`,
        },
      ]
    }),
  )
}
