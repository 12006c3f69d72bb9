// A graph with its settings filled in: every layer in the order of computation, repeats written out.
import { type ComponentRef, EngineError } from '#sdk'
import type { GraphNodeValue } from './check-nodes.ts'
import type { GraphFile } from './graph-file.ts'
import { MAX_NODES } from './graph-schema.ts'
import { filled, isOfColumns, referencesIn, unescaped } from './references.ts'

/** A layer by name with its settings; `$columns` in them are filled in place once a batch is known. */
export interface LayerRef {
  name: string
  config: Record<string, unknown>
}

/** One layer of a model. */
export interface Step {
  /** Of its module and its value: `head`, `blocks.0.norm`. */
  readonly path: string
  /** Paths of values, or names of columns. */
  readonly inputs: readonly string[]
  readonly ref: LayerRef
  /** Its node in the file. */
  readonly node: GraphNodeValue
}

export interface Plan {
  /** Its settings, all of them. */
  readonly config: Readonly<Record<string, unknown>>
  readonly steps: readonly Step[]
  /** Path of a value, or name of a column, by output. */
  readonly outputs: ReadonlyMap<string, string>
  /** Nodes that no output needs; they are left out. */
  readonly unused: readonly GraphNodeValue[]
  /** References to layers where the file has their nodes. */
  readonly written: object
}

type Scope = ReadonlyMap<string, string>

/** Throws `config.invalid` for a repeat that is none, and for a graph of too many layers. */
export function planGraph(file: GraphFile, config: Record<string, unknown>): Plan {
  const setting = (name: string): unknown => (isOfColumns(name) ? undefined : config[name])
  const steps: Step[] = []
  const written: Holder = {}

  const expand = (nodes: readonly GraphNodeValue[], outer: Scope, prefix: string): Scope => {
    const scope = new Map(outer)
    for (const node of nodes) {
      const place = prefix + node.name
      const inputs = node.inputs.map((name) => scope.get(name)!)
      const ref: LayerRef = { name: node.layer ?? '', config: filled(node.config ?? {}, setting) }
      if (node.layer !== undefined) setAt(written, node.path, ref)
      const repeat = repeatOf(node, setting, file)
      for (let i = 0; i < (repeat ?? 1); i++) {
        const path = repeat === undefined ? place : `${place}.${i}`
        if (node.nodes) {
          const inner = new Map(scope).set('input', inputs[0]!)
          inputs[0] = expand(node.nodes, inner, `${path}.`).get(node.last!)!
        } else {
          steps.push({ path, inputs: [...inputs], ref, node })
          if (steps.length > MAX_NODES) throw tooMany(node, file)
          inputs[0] = path
        }
      }
      scope.set(node.name, inputs[0]!)
    }
    return scope
  }

  const columns = [...file.inputs.keys()].map((name) => [name, name] as const)
  const scope = expand(file.nodes, new Map(columns), '')
  const outputs = new Map(
    Object.entries(file.value.outputs).map(([name, node]) => [name, scope.get(node)!]),
  )
  const needed = reached(steps, [...outputs.values()])
  const isNeeded = ({ path }: Step): boolean => needed.has(path)
  const kept = new Set(steps.filter(isNeeded).map(({ node }) => node))
  const unused = new Set(steps.map(({ node }) => node).filter((node) => !kept.has(node)))
  return { config, steps: steps.filter(isNeeded), outputs, unused: [...unused], written }
}

/** Values that those of `goals` are computed from, they included. */
function reached(steps: readonly Step[], goals: readonly string[]): Set<string> {
  const found = new Set(goals)
  for (const { path, inputs } of steps.toReversed()) {
    if (found.has(path)) for (const input of inputs) found.add(input)
  }
  return found
}

/** Settings of a layer, whole: `columns` gives what a batch says. */
export function completed(ref: LayerRef, columns: (name: string) => unknown): void {
  ref.config = unescaped(filled(ref.config, columns))
}

/** Whether a layer's settings are not whole before a batch is known. */
export const needsColumns = (ref: ComponentRef): boolean =>
  typeof ref === 'object' && !referencesIn(ref.config).next().done

function repeatOf(
  { name, path, repeat }: GraphNodeValue,
  setting: (name: string) => unknown,
  { path: file, locate }: GraphFile,
): number | undefined {
  if (typeof repeat !== 'string') return repeat
  const times = filled<unknown>(repeat, setting)
  if (typeof times === 'number' && Number.isInteger(times) && times >= 0) return times
  throw new EngineError({
    code: 'config.invalid',
    message: `${file}: node \`${name}\` is repeated ${repeat} times, which is ${JSON.stringify(times)}`,
    source: locate([...path, 'repeat']),
    hint: 'let it be a setting that is a whole number from 0 on',
  })
}

const tooMany = ({ name, path }: GraphNodeValue, { path: file, locate }: GraphFile): EngineError =>
  new EngineError({
    code: 'config.invalid',
    message: `${file}: with node \`${name}\` there are more than ${MAX_NODES} layers`,
    source: locate(path),
    hint: 'repeat it less often',
  })

interface Holder {
  [key: PropertyKey]: Holder | LayerRef
}

/** Puts `ref` where the document has its node. */
function setAt(root: Holder, path: readonly PropertyKey[], ref: LayerRef): void {
  let at = root
  for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Holder
  at[path.at(-1)!] = ref
}
