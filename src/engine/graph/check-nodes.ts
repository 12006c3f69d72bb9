// Nodes of a graph put in order, with everything that is wrong with their names and inputs.
import { EngineError } from '#sdk'
import type { Locate } from '../config/index.ts'
import { nameHint } from '../nearest.ts'
import { GraphModel } from './graph-model.ts'
import type { NodeValue } from './graph-schema.ts'

type Path = readonly PropertyKey[]

/** A node with its inputs known, and the nodes of a block in the order in which they are computed. */
export interface GraphNodeValue {
  readonly name: string
  /** Where it is written. */
  readonly path: Path
  readonly inputs: readonly string[]
  readonly layer: string | undefined
  readonly config: Record<string, unknown> | undefined
  readonly repeat: number | string | undefined
  readonly nodes: readonly GraphNodeValue[] | undefined
  /** Of a block: the node whose value it gives. */
  readonly last: string | undefined
}

export class NodeCheck {
  readonly #problems: EngineError[] = []
  readonly #file: string
  readonly #locate: Locate

  constructor(file: string, locate: Locate) {
    this.#file = file
    this.#locate = locate
  }

  /** In the order of the file. */
  get problems(): EngineError[] {
    return this.#problems.toSorted((a, b) => a.source!.line - b.source!.line)
  }

  refuse(path: Path, message: string, hint: string): void {
    const source = this.#locate(path)
    const text = `${this.#file}: ${message}`
    this.#problems.push(new EngineError({ code: 'config.invalid', message: text, source, hint }))
  }

  /**
   * The nodes of one list, those first that others need. `outer` are names from around the list; `only` is what the
   * first node takes by itself.
   */
  order(
    nodes: readonly NodeValue[],
    at: Path,
    outer: ReadonlySet<string>,
    only: string | undefined,
  ): GraphNodeValue[] {
    const names = this.#names(nodes, at, outer)
    const visible = new Set([...outer, ...names.keys()])
    const made = nodes.map((node, i) => {
      const path = [...at, i]
      return this.#node(node, path, visible, i === 0 ? only : nodes[i - 1]!.name)
    })
    // Of two of the same name the first counts.
    return this.#sorted(made, new Map(made.toReversed().map((node) => [node.name, node])))
  }

  #names(nodes: readonly NodeValue[], at: Path, outer: ReadonlySet<string>): Map<string, number> {
    const names = new Map<string, number>()
    for (const [i, { name }] of nodes.entries()) {
      const path = [...at, i, 'name']
      const before = names.get(name)
      if (before !== undefined) {
        const { line } = this.#locate([...at, before])
        this.refuse(path, `two nodes are named \`${name}\`, the first in line ${line}`, RENAME)
      } else if (outer.has(name)) {
        this.refuse(path, `\`${name}\` is the name of a node, and of something it can take`, RENAME)
      } else if (isReserved(name)) {
        this.refuse(
          path,
          `\`${name}\` cannot be the name of a node: models have it already`,
          RENAME,
        )
      }
      if (before === undefined) names.set(name, i)
    }
    return names
  }

  #node(
    node: NodeValue,
    path: Path,
    visible: ReadonlySet<string>,
    before: string | undefined,
  ): GraphNodeValue {
    const { name, layer, config, repeat } = node
    const subject = `node \`${name}\``
    if ((layer === undefined) === (node.nodes === undefined)) {
      const what = layer === undefined ? 'neither `layer` nor `nodes`' : '`layer` and `nodes`'
      this.refuse(path, `${subject} has ${what}`, 'a node is a layer, or a block of nodes')
    }
    if (node.nodes && config)
      this.refuse([...path, 'config'], `${subject} is a block, which has no settings`, TAKE_OUT)
    if (node.nodes && node.inputs && node.inputs.length > 1)
      this.refuse([...path, 'inputs'], `${subject} is a block, which takes one input`, BLOCK)
    if (!node.inputs && before === undefined)
      this.refuse(path, `${subject} comes first, and there is more than one input`, INPUTS)
    const inputs = node.inputs ?? (before === undefined ? [] : [before])
    for (const [i, input] of inputs.entries()) {
      if (visible.has(input)) continue
      const hint = nameHint(input, [...visible])
      const message = `${subject} takes \`${input}\`, which is neither a node nor an input`
      this.refuse([...path, 'inputs', i], message, hint)
    }
    const outer = new Set([...visible, 'input'])
    outer.delete(name)
    const nodes = node.nodes && this.order(node.nodes, [...path, 'nodes'], outer, 'input')
    const last = node.nodes?.at(-1)?.name
    return { name, path, inputs, layer, config, repeat, nodes, last }
  }

  /** Depth-first along what nodes take; each circle is told once, with its path. */
  #sorted(
    nodes: readonly GraphNodeValue[],
    byName: ReadonlyMap<string, GraphNodeValue>,
  ): GraphNodeValue[] {
    const done = new Set<GraphNodeValue>()
    const open: GraphNodeValue[] = []
    const enter = (node: GraphNodeValue): void => {
      if (done.has(node)) return
      const at = open.indexOf(node)
      if (at >= 0) {
        const circle = [...open.slice(at), node].map(({ name }) => name).join(' → ')
        const message = `nodes take each other in a circle: ${circle}`
        this.refuse(
          node.path,
          message,
          'each arrow leads to what a node takes; take one of them out',
        )
        return
      }
      open.push(node)
      for (const name of takenBy(node)) {
        const other = byName.get(name)
        if (other) enter(other)
      }
      open.pop()
      done.add(node)
    }
    for (const node of nodes) enter(node)
    return [...done]
  }
}

/** Names that a node takes, and those that the nodes of a block take from around it. */
function takenBy({ inputs, nodes }: GraphNodeValue): string[] {
  const own = new Set(nodes?.map(({ name }) => name))
  const inner = nodes?.flatMap(takenBy) ?? []
  return [...inputs, ...inner.filter((name) => name !== 'input' && !own.has(name))]
}

/** Fields that a model may have besides those of every graph and every object. */
const MODEL_FIELDS = new Set([
  'width',
  'input',
  'trainingStep',
  'validationStep',
  'configureOptimizer',
  'configureLoss',
])
const isReserved = (name: string): boolean => MODEL_FIELDS.has(name) || name in GraphModel.prototype

const RENAME = 'choose another name'
const TAKE_OUT = 'take it out; settings belong to layers'
const BLOCK = 'its nodes may take anything from around the block by name, besides `input`'
const INPUTS = 'say which it takes: `inputs: [name]`'
