// Which hooks there are, and checks of everything that is registered for one.
import {
  EngineError,
  type HookMethodOptions,
  type HookName,
  type HookOptions,
  type HookSpec,
  runHooks,
} from '#sdk'
import { nameHint } from '../nearest.ts'

const names = Object.keys(runHooks) as HookName[]

/** The hook a name of another framework most likely means: `on_epoch_start` → `onEpochBegin`. */
function translate(name: string): string {
  return name
    .replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/Start$/, 'Begin')
    .replace(/(Finish|Stop)$/, 'End')
}

function unknownHook(name: string, subject: string): EngineError {
  return new EngineError({
    code: 'hook.unknown',
    hook: name,
    message: `${subject} \`${name}\` is not the name of a hook`,
    hint: nameHint(translate(name), names),
  })
}

/** The spec of a hook. Throws `hook.unknown` with the nearest right name. */
function hookSpec(name: string, subject = 'hook'): HookSpec {
  if (!Object.hasOwn(runHooks, name)) throw unknownHook(name, subject)
  return runHooks[name as HookName]
}

/** Refuses a priority that is no number, and a condition on a counter that the hook does not have. */
export function checkHookOptions(name: string, options: HookOptions | undefined): void {
  const { counters } = hookSpec(name)
  const { priority = 0 } = options ?? {}
  if (!Number.isFinite(priority)) {
    throw new EngineError({
      code: 'config.invalid',
      hook: name,
      message: `the priority of a handler of ${name} is ${String(priority)}, but must be a finite number`,
      hint: 'higher priorities run first; 0 is the default',
    })
  }
  const missing = options?.when?.counters.find((counter) => !counters.includes(counter))
  if (missing === undefined) return
  const fitting = names.filter((other) => (runHooks[other] as HookSpec).counters.includes(missing))
  throw new EngineError({
    code: 'hook.condition',
    hook: name,
    message: `the condition "${options!.when!.label}" on ${name} reads the ${missing}, which ${name} does not have`,
    hint: `hooks with a ${missing}: ${fitting.join(', ')}`,
  })
}

export interface HookMethod {
  readonly name: HookName
  readonly method: (args: never) => unknown
  readonly options: HookOptions
}

/**
 * Methods of `instance` that are named after hooks, its own fields and inherited ones included. Throws
 * `hook.unknown` for an `on…` name that is no hook, and for options of a method that is not there.
 */
export function hookMethods(instance: object, options: HookMethodOptions = {}): HookMethod[] {
  const found = new Map<string, (args: never) => unknown>()
  for (let at = instance; at !== Object.prototype && at !== null; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (!/^on[A-Z_]/.test(name) || typeof value !== 'function' || found.has(name)) continue
      hookSpec(name, 'method')
      found.set(name, value.bind(instance))
    }
  }
  for (const [name, option] of Object.entries(options)) {
    checkHookOptions(name, option)
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
