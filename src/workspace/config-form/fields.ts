// What a JSON schema asks of a setting, as a form shows it: which control, with which limits and choices.

export type JsonSchema = Readonly<Record<string, unknown>>
export type Scalar = string | number | boolean | null

/** A named part of an experiment with settings of its own: a model, an optimizer, a plugin. */
export interface ComponentChoice {
  readonly name: string
  readonly description: string
  /** Its settings; without it they are not known yet. */
  readonly config: JsonSchema | undefined
}

export interface Entry {
  readonly key: string
  readonly schema: JsonSchema
  readonly isRequired: boolean
}

export type Control =
  | {
      readonly kind: 'number'
      readonly isInteger: boolean
      readonly min: number | undefined
      readonly max: number | undefined
      /** Whether the limits themselves are refused. */
      readonly isOpen: boolean
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly choices: readonly Scalar[] }
  | { readonly kind: 'list'; readonly item: JsonSchema }
  | { readonly kind: 'record'; readonly value: JsonSchema }
  | { readonly kind: 'group'; readonly entries: readonly Entry[] }
  /** By name, with or without settings; any name may be written where no choices are known. */
  | { readonly kind: 'component'; readonly choices: readonly ComponentChoice[] }
  | { readonly kind: 'variants'; readonly variants: readonly JsonSchema[] }
  | { readonly kind: 'any' }

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const objectOf = (value: unknown): JsonSchema => (isObject(value) ? value : {})
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : []
const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined

/** A schema behind its references, which look into `root`; what it says besides them wins. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema
  for (let hops = 0; hops < 20; hops++) {
    const { $ref, ...own } = found
    if (typeof $ref !== 'string') break
    const keys = $ref.slice(2).split('/').filter(Boolean).map(decoded)
    const target = keys.reduce<unknown>((at, key) => objectOf(at)[key], root)
    found = { ...objectOf(target), ...own }
  }
  return found
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return key
  }
}

export const descriptionOf = (schema: JsonSchema): string =>
  typeof schema['description'] === 'string' ? schema['description'] : ''

/** The control for a setting. `schema` has no reference at its top. */
export function controlOf(schema: JsonSchema, root: JsonSchema): Control {
  const variants = listOf(schema['anyOf'] ?? schema['oneOf']).map((each) =>
    resolved(objectOf(each), root),
  )
  if (variants.length > 0) return componentOf(variants) ?? unionOf(variants, root)
  if ('const' in schema) return { kind: 'choice', choices: [schema['const'] as Scalar] }
  if (Array.isArray(schema['enum'])) return { kind: 'choice', choices: schema['enum'] as Scalar[] }
  const [type] = listOf(schema['type']).filter((each) => each !== 'null')
  switch (type ?? schema['type']) {
    case 'integer':
    case 'number':
      return numberControl(schema)
    case 'boolean':
      return { kind: 'boolean' }
    case 'string':
      return { kind: 'text' }
    case 'array':
      return isObject(schema['items']) ? { kind: 'list', item: schema['items'] } : { kind: 'any' }
    case 'object':
      return objectControl(schema)
    default:
      return { kind: 'any' }
  }
}

function numberControl(schema: JsonSchema): Control {
  const [above, below] = [schema['exclusiveMinimum'], schema['exclusiveMaximum']]
  return {
    kind: 'number',
    isInteger: schema['type'] === 'integer',
    min: numberOf(schema['minimum'] ?? above),
    max: numberOf(schema['maximum'] ?? below),
    isOpen: typeof above === 'number' || typeof below === 'number',
  }
}

function objectControl(schema: JsonSchema): Control {
  const properties = Object.entries(objectOf(schema['properties']))
  const required = listOf(schema['required'])
  if (properties.length > 0) {
    const entries = properties.map(([key, each]) => ({
      key,
      schema: objectOf(each),
      isRequired: required.includes(key),
    }))
    return { kind: 'group', entries }
  }
  const extra = schema['additionalProperties']
  if (extra === false) return { kind: 'group', entries: [] }
  return isObject(extra) ? { kind: 'record', value: extra } : { kind: 'any' }
}

/** A name, or a name with its settings: as models, losses and optimizers are written. */
function componentOf([first, ...others]: readonly JsonSchema[]): Control | undefined {
  const withName = others.map((each) => objectOf(each['properties']))
  const isNamed = others.length > 0 && withName.every((each) => 'name' in each && 'config' in each)
  if (!isNamed || !first) return undefined
  const names = listOf(first['enum'])
  if (names.length === 0)
    return first['type'] === 'string' ? { kind: 'component', choices: [] } : undefined
  const choices = names.map((name): ComponentChoice => {
    const place = withName.findIndex((each) => objectOf(each['name'])['const'] === name)
    const config = objectOf(withName[place]?.['config'])
    const isKnown = '$ref' in config || 'properties' in config
    return {
      name: String(name),
      description: descriptionOf(others[place] ?? {}),
      config: isKnown ? config : undefined,
    }
  })
  return { kind: 'component', choices }
}

function unionOf(variants: readonly JsonSchema[], root: JsonSchema): Control {
  const others = variants.filter((each) => each['type'] !== 'null')
  if (others.length === 1 && others.length < variants.length) return controlOf(others[0]!, root)
  const choices = variants.flatMap((each) => listOf(each['enum'] ?? [each['const']]))
  if (variants.every((each) => 'enum' in each || 'const' in each))
    return { kind: 'choice', choices: choices as Scalar[] }
  return { kind: 'variants', variants }
}

/** What a value of the schema begins with, where its default does not say so. */
export function initialOf(schema: JsonSchema, root: JsonSchema): unknown {
  const known = resolved(schema, root)
  if (known['default'] !== undefined) return known['default']
  const control = controlOf(known, root)
  switch (control.kind) {
    case 'number':
      return Math.max(control.min ?? 0, control.isOpen ? Number(control.isInteger) : 0)
    case 'boolean':
      return false
    case 'choice':
      return control.choices[0]
    case 'list':
      return []
    case 'component':
      return control.choices[0]?.name ?? ''
    case 'variants':
      return initialOf(control.variants[0]!, root)
    case 'record':
      return {}
    case 'group':
      return Object.fromEntries(
        control.entries
          .filter(({ isRequired }) => isRequired)
          .map((entry) => [entry.key, initialOf(entry.schema, root)]),
      )
    case 'text':
    case 'any':
      return ''
    default:
      return control satisfies never
  }
}

const typeOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value

/** The variant that a value is of: by what it may be, then by type, else the first. */
export function variantOf(
  variants: readonly JsonSchema[],
  value: unknown,
  root: JsonSchema,
): number {
  const fits = (schema: JsonSchema): number => {
    const { enum: choices, const: only, type } = resolved(schema, root)
    if (only !== undefined) return only === value ? 3 : 0
    if (Array.isArray(choices)) return choices.includes(value) ? 3 : 0
    const isOfType = type === typeOf(value) || (type === 'integer' && Number.isInteger(value))
    if (!isOfType) return 0
    const { properties } = resolved(schema, root)
    const known = Object.keys(Object(value) as object).filter((key) => key in objectOf(properties))
    return 1 + known.length / 100
  }
  const ranks = variants.map(fits)
  return Math.max(0, ranks.indexOf(Math.max(...ranks)))
}

/** What a variant is called in a list of them. */
export function variantName(schema: JsonSchema): string {
  const { description, enum: choices, const: only, type, properties } = schema
  if (typeof description === 'string' && description !== '') return description
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(choices)) return choices.join(', ')
  if (isObject(properties)) return Object.keys(properties).join(', ')
  return typeof type === 'string' ? type : 'other'
}
