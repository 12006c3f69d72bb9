// The arguments of a command, one by one, as its JSON schema has them.

/** How a value is written: `data` is anything else, as YAML. */
type FieldType = 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'data'

/** One argument. */
export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly description: string
  readonly isRequired: boolean
  /** What it is when it is left out. */
  readonly fallback: unknown
  /** All values of a choice. */
  readonly choices: readonly unknown[]
  readonly minimum: number | undefined
  readonly maximum: number | undefined
}

type Schema = Readonly<Record<string, unknown>>

/**
 * The arguments that a JSON schema of an object names. What the schema says besides is the engine's to judge: of
 * alternatives every argument is listed, and only those that all need are required.
 */
export function fieldsOf(schema: unknown): readonly Field[] {
  const root = schemaAt(schema)
  const definitions = schemaAt(root['$defs'])
  return Object.entries(propertiesOf(root, definitions)).map(([name, { property, isRequired }]) =>
    fieldOf(name, schemaAt(property, definitions), isRequired),
  )
}

/** A part of a schema; a reference to one of `definitions` is followed. */
function schemaAt(value: unknown, definitions: Schema = {}): Schema {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  const schema = value as Schema
  const target = /^#\/\$defs\/(.+)$/.exec(String(schema['$ref']))?.[1]
  if (target === undefined) return schema
  return { ...schemaAt(definitions[decodeURIComponent(target)]), ...schema }
}

const listAt = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

type Properties = Record<string, { property: unknown; isRequired: boolean }>

function propertiesOf(schema: Schema, definitions: Schema): Properties {
  const needed = new Set(listAt(schema['required']))
  const own = Object.entries(schemaAt(schema['properties'])).map(
    ([name, property]) => [name, { property, isRequired: needed.has(name) }] as const,
  )
  const parts = (key: string): Properties[] =>
    listAt(schema[key]).map((part) => propertiesOf(schemaAt(part, definitions), definitions))
  const either = [...parts('anyOf'), ...parts('oneOf')]
  const alternatives = either
    .flatMap((part) => Object.entries(part))
    .map(([name, found]) => {
      const isRequired = either.every((part) => part[name]?.isRequired === true)
      return [name, { ...found, isRequired }] as const
    })
  const whole = parts('allOf').flatMap((part) => Object.entries(part))
  // Of several of one name the first tells the most: the schema's own.
  return Object.fromEntries([...alternatives, ...whole, ...own])
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): Field {
  const choices = choicesOf(schema)
  const { description, minimum, maximum } = schema
  const limit = (value: unknown): number | undefined =>
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
  return {
    name,
    type: choices.length > 0 ? 'choice' : typeOf(schema),
    description: typeof description === 'string' ? description : '',
    isRequired,
    fallback: schema['default'],
    choices,
    minimum: limit(minimum),
    maximum: limit(maximum),
  }
}

const SIMPLE: Readonly<Record<string, FieldType>> = {
  string: 'text',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
}

const typeOf = (schema: Schema): FieldType => SIMPLE[String(schema['type'])] ?? 'data'

/** The values that a schema lists, one by one or as alternatives. */
function choicesOf(schema: Schema): readonly unknown[] {
  if ('const' in schema) return [schema['const']]
  const listed = listAt(schema['enum'])
  if (listed.length > 0) return listed
  const options = listAt(schema['anyOf']).map((option) => choicesOf(schemaAt(option)))
  return options.every((values) => values.length > 0) ? options.flat() : []
}
