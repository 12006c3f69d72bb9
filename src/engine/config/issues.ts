// What a zod schema found wrong, as sentences: subject, value, limit.
import { z } from '#sdk'
import { nameHint } from '../nearest.ts'

interface Issue {
  path: PropertyKey[]
  message: string
  hint?: string | undefined
}

type ZodIssue = z.core.$ZodIssue

/** `experiment.training.metrics[0]`: a path as people write it. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return `${text}${text && '.'}${String(key)}`
  }, '')
}

/** A value shortened for a message. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : `${value as number}`
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      at !== null && typeof at === 'object' ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  )
}

/** Of a union's branches the one that came furthest says the most. */
function flatten(issue: ZodIssue, path: readonly PropertyKey[]): ZodIssue[] {
  const full = [...path, ...issue.path]
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path: full }]
  const depth = (branch: readonly ZodIssue[]): number =>
    Math.max(
      0,
      ...branch.map(
        (i) => i.path.length * 10 + (i.code === 'invalid_type' && i.path.length === 0 ? 0 : 1),
      ),
    )
  const best = issue.errors.toSorted((a, b) => depth(b) - depth(a) || strayOf(a) - strayOf(b))[0]!
  if (depth(best) === 0) {
    const expected = issue.errors.flatMap((branch) =>
      branch.map((i) => (i.code === 'invalid_type' ? i.expected : i.message)),
    )
    return [{ ...issue, path: full, message: `expected ${[...new Set(expected)].join(' or ')}` }]
  }
  return best.flatMap((inner) => flatten(inner, full))
}

/** How many keys a branch does not know. */
const strayOf = (branch: readonly ZodIssue[]): number =>
  branch.reduce((sum, i) => sum + (i.code === 'unrecognized_keys' ? i.keys.length : 0), 0)

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** The schema of what is written, behind defaults, optionals and transforms. */
function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const def = schema?._zod.def as
    | Partial<Record<'innerType' | 'in' | 'out', z.core.$ZodType>>
    | undefined
  const isPreprocessed = def?.in?._zod.def.type === 'transform'
  const inner = def?.innerType ?? (isPreprocessed ? def?.out : def?.in)
  return inner ? unwrap(inner) : schema
}

/** Keys an object schema allows at `path`, for suggestions; empty where that is not known. */
function keysOf(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let at = unwrap(schema)
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrap(at.shape[String(key)])
    else if (at instanceof z.ZodRecord) at = unwrap(at._zod.def.valueType)
    else if (at instanceof z.ZodArray) at = unwrap(at._zod.def.element)
    else return []
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}

/** Most issues, and keys of one issue, that are told: each of them is looked up in the text. */
const MAX_ISSUES = 100

/** The issues of parsing `value` by `schema`, one sentence each. */
export function issuesOf(
  error: z.core.$ZodError,
  value: unknown,
  schema: z.core.$ZodType,
): Issue[] {
  return error.issues
    .slice(0, MAX_ISSUES)
    .flatMap((issue) => flatten(issue, []))
    .flatMap((issue): Issue[] => {
      const path = [...issue.path]
      if (issue.code === 'unrecognized_keys') {
        const names = keysOf(schema, path)
        return issue.keys.slice(0, MAX_ISSUES).map((key) => ({
          path: [...path, key],
          message: `\`${formatPath([...path, key])}\` is not a known setting`,
          hint: names.length > 0 ? nameHint(key, names) : undefined,
        }))
      }
      const received = valueAt(value, path)
      const subject = path.length > 0 ? `\`${formatPath(path)}\`` : 'the value'
      if (received === undefined)
        return [{ path, message: `${subject} is missing${missingDetail(issue)}` }]
      return [{ path, message: `${subject} is ${show(received)}: ${lowerFirst(issue.message)}` }]
    })
    .slice(0, MAX_ISSUES)
}

function missingDetail(issue: ZodIssue): string {
  if (issue.code !== 'invalid_type') return ''
  return ` (${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected} is needed)`
}
