// What a zod schema found wrong, as sentences: subject, value, limit.
import type { z } from '#sdk'
import { nameHint } from '../nearest.ts'

export interface Issue {
  path: PropertyKey[]
  message: string
  /** True when `path` names a key that should not be there. */
  isKey: boolean
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
  const best = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0]!
  if (depth(best) === 0) {
    const expected = issue.errors.flatMap((branch) =>
      branch.map((i) => (i.code === 'invalid_type' ? i.expected : i.message)),
    )
    return [{ ...issue, path: full, message: `expected ${[...new Set(expected)].join(' or ')}` }]
  }
  return best.flatMap((inner) => flatten(inner, full))
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** All issues of a failed parse of `value`, one sentence each. `known` names the keys allowed at a path. */
export function issuesOf(
  error: z.core.$ZodError,
  value: unknown,
  known: (path: PropertyKey[]) => string[] = () => [],
): Issue[] {
  return error.issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap((issue): Issue[] => {
      const path = [...issue.path]
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => {
          const names = known(path)
          return {
            path: [...path, key],
            isKey: true,
            message: `\`${formatPath([...path, key])}\` is not a known setting`,
            hint: names.length > 0 ? nameHint(key, names) : undefined,
          }
        })
      }
      const received = valueAt(value, path)
      const subject = path.length > 0 ? `\`${formatPath(path)}\`` : 'the value'
      if (received === undefined)
        return [{ path, isKey: false, message: `${subject} is missing${missingDetail(issue)}` }]
      return [
        {
          path,
          isKey: false,
          message: `${subject} is ${show(received)}: ${lowerFirst(issue.message)}`,
        },
      ]
    })
}

function missingDetail(issue: ZodIssue): string {
  return issue.code === 'invalid_type' ? ` (a ${issue.expected} is needed)` : ''
}
