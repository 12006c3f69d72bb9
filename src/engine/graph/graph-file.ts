// A file of models/: parsed, and checked as far as that needs neither layers nor data.
import type { EngineError, z } from '#sdk'
import { type Locate, parseConfig, parseYaml, schemaOfDefaults } from '../config/index.ts'
import { nameHint } from '../nearest.ts'
import { type GraphNodeValue, NodeCheck } from './check-nodes.ts'
import { graphSchema, type GraphValue, type InputForm } from './graph-schema.ts'
import { isOfColumns, referencesIn } from './references.ts'

const FILE = /^models\/([^/]+)\.yaml$/
const NAME = /^[a-z][a-z0-9_-]*$/

export const isGraphPath = (path: string): boolean => FILE.test(path)

/** A model graph as its file has it. */
export interface GraphFile {
  readonly path: string
  readonly text: string
  /** Name of the model. */
  readonly name: string
  readonly value: GraphValue
  /** Columns it reads, and the form they must have. */
  readonly inputs: ReadonlyMap<string, InputForm>
  /** Those first that others need. */
  readonly nodes: readonly GraphNodeValue[]
  /** Schema of its settings. */
  readonly schema: z.ZodType
  readonly locate: Locate
}

/** Reads a graph. All problems at once, each at its place; `file` is missing when there are any. */
export function parseGraph(
  path: string,
  text: string,
): { file?: GraphFile; problems: readonly EngineError[] } {
  const name = FILE.exec(path)![1]!
  const { value: raw, problems, locate } = parseYaml(text, path)
  if (problems.length > 0) return { problems }
  const parsed = parseConfig(graphSchema, raw ?? {}, { subject: path, path: [], locate })
  if (parsed.problems) return { problems: parsed.problems }
  const { value } = parsed
  const check = new NodeCheck(path, locate)
  if (!NAME.test(name)) {
    const message = `\`${name}\` is no name for a model`
    check.refuse([], message, 'file names in models/ have lower-case letters, digits, "_" or "-"')
  }
  const inputs = inputsOf(value)
  const columns = [...inputs.keys()]
  const only = columns.length === 1 ? columns[0] : undefined
  const nodes = check.order(value.nodes, ['nodes'], new Set(columns), only)
  checkOutputs(check, value, [...new Set([...columns, ...nodes.map((node) => node.name)])])
  checkReferences(check, value)
  const schema = schemaOfDefaults(value.config)
  if (check.problems.length > 0) return { problems: check.problems }
  return { file: { path, text, name, value, inputs, nodes, schema, locate }, problems: [] }
}

const inputsOf = ({ inputs }: GraphValue): Map<string, InputForm> =>
  Array.isArray(inputs)
    ? new Map(inputs.map((name) => [name, {}]))
    : new Map(Object.entries(inputs).map(([name, form]) => [name, form ?? {}]))

function checkOutputs(check: NodeCheck, { outputs }: GraphValue, known: readonly string[]): void {
  const entries = Object.entries(outputs)
  if (entries.length === 0)
    check.refuse(['outputs'], 'the model gives nothing', 'name a node: `outputs: { logits: head }`')
  for (const [output, node] of entries) {
    if (known.includes(node)) continue
    const message = `output \`${output}\` is \`${node}\`, but there is no such node`
    check.refuse(['outputs', output], message, nameHint(node, known))
  }
}

/** References to settings that there are not. What they stand for is checked when the model is built. */
function checkReferences(check: NodeCheck, { nodes, config }: GraphValue): void {
  const known = Object.keys(config)
  for (const { name, path } of referencesIn(nodes, ['nodes'])) {
    if (isOfColumns(name) || known.includes(name)) continue
    const message = `\`$${name}\` stands for no setting of the model`
    check.refuse(path, message, known.length > 0 ? nameHint(name, known) : SETTINGS)
  }
}

const SETTINGS =
  'settings are under `config` with their defaults; what a batch says is under `$columns`'
