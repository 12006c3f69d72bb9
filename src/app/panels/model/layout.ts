// Where the nodes of a model are drawn: layered from top to bottom, repeated blocks in frames.
import type { ModelGraph, ModelNode } from '#protocol'
import { type Edge, layersOf, type Place, widthFor } from '../graph/layered.ts'
import { showShape } from './show-shape.ts'

/** What is drawn as a box: a part of the model, or what goes into and comes out of it. */
export interface Box extends Place {
  readonly id: string
  readonly kind: 'input' | 'node' | 'output'
  readonly title: string
  readonly type: string
  readonly detail: string
  readonly node?: ModelNode
}

export interface Drawing {
  readonly boxes: readonly Box[]
  readonly frames: readonly (Place & { readonly title: string })[]
  readonly edges: readonly Edge[]
  readonly width: number
  readonly height: number
}

type Content = Omit<Box, keyof Place>

const HEIGHT = 46
const SMALL = 30

/** Draws a model whose edges are known. */
export function drawingOf(graph: ModelGraph, countOf: (count: number) => string): Drawing {
  const contents = contentsOf(graph, countOf)
  const frames = framesOf(graph.nodes)
  const known = new Set(contents.map(({ id }) => id))
  const idOf = (path: string): string => (known.has(nodeId(path)) ? nodeId(path) : `input ${path}`)
  const { placeOf, edges, width, height } = layersOf({
    vertices: contents.map((content) => ({ id: content.id, ...sizeOf(content) })),
    groups: [...frames].map(([id, { parent, members }]) => {
      return { id, parent, members: members.map(nodeId) }
    }),
    edges: [
      ...graph.nodes.flatMap(({ path, inputs }) =>
        inputs.map((input) => [idOf(input), nodeId(path)] as const),
      ),
      ...graph.outputs.map(({ name, from }) => [idOf(from), `output ${name}`] as const),
    ],
  })
  return {
    boxes: contents.map((content) => ({ ...content, ...placeOf(content.id) })),
    frames: [...frames].map(([id, { title }]) => ({ title, ...placeOf(id) })),
    edges,
    width,
    height,
  }
}

const nodeId = (path: string): string => `node ${path}`

function sizeOf({ title, type, detail, kind }: Content): { width: number; height: number } {
  const longest = Math.max(`${title}  ${type}`.length, detail.length)
  return { width: widthFor(longest), height: kind === 'node' ? HEIGHT : SMALL }
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
