// Methods of plugins that are named after hooks.
import {
  EngineError,
  type HookMethodOptions,
  type HookName,
  type HookOptions,
  isEngineError,
  type SourceLocation,
} from '#sdk'
import type { HookSpecs } from './specs.ts'

export interface HookMethod {
  readonly name: HookName
  readonly method: (args: never, next: never) => unknown
  readonly options: HookOptions
}

/** The methods themselves, by how they are called. */
export const unbound = new WeakMap<object, object>()

/**
 * Methods of `instance` that are named after hooks, its own fields and inherited ones included. Throws
 * `hook.unknown` for an `on…` name that is no hook, and for options of a method that is not there; `placeOf` finds
 * them in the source.
 */
export function hookMethods(
  specs: HookSpecs,
  instance: object,
  options: HookMethodOptions = {},
  placeOf?: (member: string) => SourceLocation | undefined,
): HookMethod[] {
  try {
    return findMethods(specs, instance, options)
  } catch (thrown) {
    if (isEngineError(thrown) && thrown.hook !== undefined) thrown.source ??= placeOf?.(thrown.hook)
    throw thrown
  }
}

function findMethods(specs: HookSpecs, instance: object, options: HookMethodOptions): HookMethod[] {
  const found = new Map<string, HookMethod['method']>()
  for (let at = instance; at !== Object.prototype && at !== null; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (!/^on[A-Z_]/.test(name) || typeof value !== 'function' || found.has(name)) continue
      specs.get(name, 'method')
      const bound = value.bind(instance) as HookMethod['method']
      unbound.set(bound, value)
      found.set(name, bound)
    }
  }
  for (const [name, option] of Object.entries(options)) {
    specs.checkOptions(name, option)
    if (!found.has(name)) {
      throw new EngineError({
        code: 'hook.unknown',
        hook: name,
        message: `the plugin sets options for the hook ${name}, but has no method ${name}`,
        hint: `write a method ${name}, or take ${name} out of \`hooks\``,
      })
    }
  }
  return [...found].map(([name, method]) => ({
    name: name as HookName,
    method,
    options: options[name as HookName] ?? {},
  }))
}
