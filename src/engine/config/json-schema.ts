// Schemas as JSON schemas, for editors: what authors may write, as strictly as it is read.
import { z } from '#sdk'
import { projectSchema } from './project.ts'
import { strict } from './strict.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema

/** Making those of a project takes some ten milliseconds, and an editor asks after each edit. */
const known = new WeakMap<z.ZodType, JsonSchema>()

/**
 * The JSON schema of what may be written; of a schema that has none, one that takes anything. The same object for
 * the same schema: not to be written to.
 */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const made = known.get(schema) ?? makeJsonSchema(schema)
  known.set(schema, made)
  return made
}

function makeJsonSchema(schema: z.ZodType): JsonSchema {
  try {
    const { $schema: _, ...rest } = z.toJSONSchema(strict(schema), {
      io: 'input',
      unrepresentable: 'any',
    })
    return rest
  } catch {
    return {}
  }
}

/** What can be named in a project; `config` where its settings are known. */
export interface Named {
  readonly name: string
  readonly description: string
  readonly config?: JsonSchema | undefined
}

/** The JSON schema of plugboard.yaml with these plugins, and these components by kind. */
export function projectJsonSchema(
  plugins: readonly Named[],
  kinds: ReadonlyMap<string, readonly Named[]>,
): JsonSchema {
  const defs: Record<string, JsonSchema> = {}
  /** A reference to `schema`, kept under a name of its own so that references inside of it stay right. */
  const define = (key: string, schema: JsonSchema): JsonSchema => {
    const pointer = `#/$defs/${encodeURIComponent(key)}`
    defs[key] = moved(schema, pointer)
    return { $ref: pointer }
  }
  const root = structuredClone(jsonSchemaOf(projectSchema))
  const { use } = propertiesOf(propertiesOf(root)['plugins'])
  const settings = use!.additionalProperties as JsonSchema
  use!.properties = Object.fromEntries(
    plugins.map(({ name, description, config }) => {
      const known = config && define(`plugin:${name}`, config)
      const properties = { ...settings.properties, ...(known ? { config: known } : {}) }
      // `early_stopping:` alone uses a plugin as it is.
      return [name, { ...settings, description, type: ['object', 'null'], properties }]
    }),
  )
  use!.additionalProperties = false
  for (const section of ['logging', 'schedules']) {
    const named = propertiesOf(propertiesOf(root)[section])['plugins']!
    const each = named.additionalProperties as JsonSchema
    named.properties = Object.fromEntries(
      plugins.map(({ name, description }) => [name, { ...each, description }]),
    )
    named.additionalProperties = false
  }
  for (const [kind, all] of kinds) {
    for (const { name, config } of all) if (config) define(`${kind}:${name}`, config)
  }
  const filled = fill({ ...root, $defs: { ...root.$defs, ...defs } }, '', kinds) as JsonSchema
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...filled }
}

const propertiesOf = (schema: unknown): Record<string, JsonSchema> =>
  (schema as JsonSchema).properties as Record<string, JsonSchema>

/** `schema` with its references to itself led to its new place. */
export function moved(schema: JsonSchema, pointer: string): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? pointer + value.slice(1) : value,
  )
  return JSON.parse(text) as JsonSchema
}

/** A copy in which all places for a component name those of their kind. `key` is that of the nearest property. */
function fill(node: unknown, key: string, kinds: ReadonlyMap<string, readonly Named[]>): unknown {
  if (Array.isArray(node)) return node.map((each) => fill(each, key, kinds))
  if (typeof node !== 'object' || node === null) return node
  const { component, anyOf, ...rest } = node as JsonSchema & { component?: unknown }
  if (component === true && Array.isArray(anyOf)) {
    const kind = kindFor(key, [...kinds.keys()])
    return { ...rest, anyOf: kind === undefined ? anyOf : componentsOf(kind, kinds.get(kind)!) }
  }
  return Object.fromEntries(
    Object.entries(node).map(([name, child]) => [
      name,
      name === 'properties' ? fillEach(child as object, kinds) : fill(child, key, kinds),
    ]),
  )
}

const fillEach = (
  properties: object,
  kinds: ReadonlyMap<string, readonly Named[]>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).map(([name, child]) => [name, fill(child, name, kinds)]),
  )

/** `attention` holds an attention, `metrics` a list of metrics, `preprocess` one of preprocessors. */
const kindFor = (key: string, kinds: readonly string[]): string | undefined =>
  kinds.find((kind) => kind === key) ??
  kinds.find((kind) => key !== '' && (key.startsWith(kind) || kind.startsWith(key)))

function componentsOf(kind: string, all: readonly Named[]): JsonSchema[] {
  const withConfig = all.map(({ name, description, config }) => ({
    type: 'object' as const,
    description,
    properties: {
      name: { const: name },
      config: config
        ? { $ref: `#/$defs/${encodeURIComponent(`${kind}:${name}`)}` }
        : { type: 'object' as const },
    },
    required: ['name'],
    additionalProperties: false,
  }))
  return [{ enum: all.map(({ name }) => name) }, ...withConfig]
}
