// Schemas made strict: keys that a plain `z.object` would drop in silence are refused, at any depth.
import { z } from '#sdk'

type Schema = z.core.$ZodType
type Def = Record<string, unknown> & { type: string }

/** Where definitions hold the schemas inside them. Behind a pipe are an author's own values, not what was written. */
const CHILDREN = ['innerType', 'element', 'valueType', 'rest', 'left', 'right', 'in'] as const
const LISTS = ['items', 'options'] as const

const made = new WeakMap<Schema, Schema>()

/** `schema`, in which no object takes keys that it does not name, unless it has a catch-all. Descriptions stay. */
export function strict<S extends Schema>(schema: S): S {
  const known = made.get(schema)
  if (known) return known as S
  const copy = z.core.clone(schema, strictDef(schema) as S['_zod']['def'])
  // An id has one owner.
  const { id: _, ...meta } = z.globalRegistry.get(schema) ?? {}
  z.globalRegistry.add(copy, meta)
  made.set(schema, copy)
  return copy
}

function strictDef(schema: Schema): Def {
  const def = schema._zod.def as unknown as Def
  // Getters stay getters: defaults are made anew for each parse, schemas may hold themselves.
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(def)) as Def
  const set = (key: string, get: () => unknown): void => {
    Object.defineProperty(copy, key, { get, enumerable: true, configurable: true })
  }
  // What a `catch` swallows would be told to nobody.
  if (def.type === 'catch') return copy
  if (def.type === 'object') {
    set(
      'shape',
      once(() => strictShape(def['shape'] as Record<string, Schema>)),
    )
    if (def['catchall'] === undefined)
      set(
        'catchall',
        once(() => z.never()),
      )
  }
  for (const key of CHILDREN) {
    const child = def[key] as Schema | null | undefined
    if (child) set(key, () => strict(child))
  }
  for (const key of LISTS) {
    const list = def[key] as Schema[] | undefined
    if (list)
      set(
        key,
        once(() => list.map((child) => strict(child))),
      )
  }
  const {
    in: input,
    out,
    getter,
  } = def as Partial<Record<'in' | 'out', Schema>> & {
    getter?: () => Schema
  }
  // `z.preprocess`: what comes out of it is still what was written.
  if (out && input?._zod.def.type === 'transform') set('out', () => strict(out))
  if (getter) copy['getter'] = () => strict(getter())
  return copy
}

const strictShape = (shape: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(shape).map(([key, child]) => [key, strict(child)]))

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
