// Settings as plugin.yaml describes them, and the schema they make.
import { z } from '#sdk'

interface Limits {
  min?: number | undefined
  max?: number | undefined
}

type Values =
  | (Limits & { type: 'int'; default?: number | undefined })
  | (Limits & { type: 'number'; default?: number | undefined })
  | { type: 'string'; default?: string | undefined; choices?: string[] | undefined }
  | { type: 'boolean'; default?: boolean | undefined }
  | { type: 'list'; default?: unknown[] | undefined; items?: Setting | undefined }
  | { type: 'object'; default?: object | undefined; properties?: Settings | undefined }

type Setting = Values & { description?: string | undefined; required: boolean }

/** Settings by name. */
export type Settings = Record<string, Setting>

/** The form of a setting of one type. `value` is what its default has to be. */
const typed = <T extends string, V extends z.ZodType, S extends z.ZodRawShape>(
  type: T,
  value: V,
  more: S,
) =>
  z.strictObject({
    type: z.literal(type),
    description: z.string().max(1000).optional(),
    required: z.boolean().default(false),
    default: value.optional(),
    ...more,
  })

const limits = { min: z.number().optional(), max: z.number().optional() }
const nested = z.lazy(() => setting)

const setting: z.ZodType<Setting> = z
  .discriminatedUnion('type', [
    typed('int', z.int(), limits),
    typed('number', z.number(), limits),
    typed('string', z.string(), { choices: z.array(z.string()).min(1).optional() }),
    typed('boolean', z.boolean(), {}),
    typed('list', z.array(z.unknown()), { items: nested.optional() }),
    typed('object', z.record(z.string(), z.unknown()), {
      properties: z.record(z.string(), nested).optional(),
    }),
  ])
  .superRefine((found, { addIssue }) => {
    if (found.default === undefined) return
    const refuse = (key: string, message: string): void =>
      addIssue({ code: 'custom', path: [key], message })
    if (found.required) refuse('required', 'a setting with a default is never missing')
    const { error } = valueOf(found).safeParse(found.default)
    for (const { path, message } of error?.issues ?? [])
      addIssue({ code: 'custom', path: ['default', ...path], message })
  })

/** `configuration` of a plugin.yaml: settings with type, default, required, description and limits. */
export const settingsSchema = z.record(z.string(), setting)

/** Settings given by their defaults, or described as in a plugin.yaml. */
export const defaultsSchema = z.record(
  z.string(),
  z.union([z.number(), z.string(), z.boolean(), z.array(z.unknown()), setting]),
)

/** The schema of a config with such settings: what is given by its default takes values of the same type. */
export function schemaOfDefaults(defaults: z.output<typeof defaultsSchema>): z.ZodType {
  const described = Object.entries(defaults).map(([name, given]): [string, Setting] => {
    if (Array.isArray(given)) return [name, { type: 'list', default: given, required: false }]
    if (typeof given === 'object') return [name, given]
    const type = typeof given as 'number' | 'string' | 'boolean'
    return [name, { type, default: given, required: false } as Setting]
  })
  return schemaOf(Object.fromEntries(described))
}

/** The schema of a config that has these settings and no others. */
export function schemaOf(settings: Settings): z.ZodType {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(settings).map(([name, each]) => {
        const { description } = each
        const value =
          description === undefined ? valueOf(each) : valueOf(each).describe(description)
        if (each.default !== undefined) return [name, value.default(each.default)]
        return [name, each.required ? value : value.optional()]
      }),
    ),
  )
}

function valueOf(found: Setting): z.ZodType {
  switch (found.type) {
    case 'int':
      return within(z.int(), found)
    case 'number':
      return within(z.number(), found)
    case 'string':
      return found.choices ? z.enum(found.choices) : z.string()
    case 'boolean':
      return z.boolean()
    case 'list':
      return z.array(found.items ? valueOf(found.items) : z.unknown())
    case 'object':
      return found.properties ? schemaOf(found.properties) : z.record(z.string(), z.unknown())
    default:
      return found satisfies never
  }
}

function within(number: z.ZodNumber, { min, max }: Limits): z.ZodNumber {
  const above = min === undefined ? number : number.min(min)
  return max === undefined ? above : above.max(max)
}
