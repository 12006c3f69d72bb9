// A model graph that code makes, as the text of a file in models/.

/** A layer, or a block of nodes. */
export interface GraphNode {
  readonly name: string
  /** Of a layer: its name and settings. */
  readonly layer?: string | undefined
  readonly config?: Readonly<Record<string, unknown>> | undefined
  /** Nodes or columns that it takes; without it, the node before. */
  readonly inputs?: readonly string[] | undefined
  /** So many of them, one after the other; `$name` for a setting. */
  readonly repeat?: number | string | undefined
  /** Of a block. */
  readonly nodes?: readonly GraphNode[] | undefined
}

/** What a file of models/ says. Texts such as `$width` stand for settings, `$$` for a dollar sign. */
export interface GraphSpec {
  readonly description?: string | undefined
  readonly version?: string | undefined
  readonly inputs:
    | readonly string[]
    | Readonly<
        Record<
          string,
          {
            readonly shape?: readonly (number | null)[] | undefined
            readonly dtype?: 'float32' | 'int32' | undefined
          } | null
        >
      >
  /** Settings by their defaults, or described: `{ type: 'int', default: 48, min: 1 }`. */
  readonly config?: Readonly<Record<string, unknown>> | undefined
  readonly nodes: readonly GraphNode[]
  readonly outputs: Readonly<Record<string, string>>
}

/** Texts that need no quotes. */
const PLAIN = /^[A-Za-z$][\w$.-]*(?: [A-Za-z$][\w$.-]*)*$/
/** Plain words that YAML, in one version or another, takes for something else. */
const WORD = /^(?:true|false|yes|no|on|off|null|y|n)$/i

const textOf = (text: string): string =>
  PLAIN.test(text) && !WORD.test(text) ? text : JSON.stringify(text)

const NOT_FINITE: Record<string, string> = { NaN: '.nan', Infinity: '.inf', '-Infinity': '-.inf' }

/** A value on one line. */
function flow(value: unknown): string {
  if (typeof value === 'string') return textOf(value)
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'number' && !Number.isFinite(value)) return NOT_FINITE[`${value}`]!
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const pairs = entriesOf(value).map(([key, each]) => `${textOf(key)}: ${flow(each)}`)
  return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}'
}

const entriesOf = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, each]) => each !== undefined)

function nodeLines({ nodes, ...node }: GraphNode, indent: string): string[] {
  if (!nodes) return [`${indent}- ${flow(node)}`]
  const [first, ...rest] = entriesOf(node).map(([key, value]) => `${textOf(key)}: ${flow(value)}`)
  return [
    `${indent}- ${first}`,
    ...rest.map((line) => `${indent}  ${line}`),
    `${indent}  nodes:`,
    ...nodes.flatMap((inner) => nodeLines(inner, `${indent}    `)),
  ]
}

/**
 * The text of `models/<name>.yaml`, a node on each line. Reading it gives the same graph again; what is wrong with
 * it, the file's own check tells. Values are what JSON has, and numbers that are not finite.
 */
export function graphYaml({ nodes, config, outputs, ...head }: GraphSpec): string {
  const settings = entriesOf(config ?? {})
  const lines = [
    ...entriesOf(head).map(([key, value]) => `${key}: ${flow(value)}`),
    ...(settings.length > 0 ? ['config:'] : []),
    ...settings.map(([name, value]) => `  ${textOf(name)}: ${flow(value)}`),
    'nodes:',
    ...nodes.flatMap((node) => nodeLines(node, '  ')),
    `outputs: ${flow(outputs)}`,
  ]
  return `${lines.join('\n')}\n`
}
