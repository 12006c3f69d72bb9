// Which hooks there are, and checks of everything that is registered for one.
import { builtinHooks, EngineError, type HookOptions, type HookSpec, z } from '#sdk'
import { nameHint } from '../nearest.ts'

const MODES: readonly string[] = ['each', 'collect', 'pipe', 'around']

/** The hook a name of another framework most likely means: `on_epoch_start` → `onEpochBegin`. */
function translate(name: string): string {
  return name
    .replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/Start$/, 'Begin')
    .replace(/(Finish|Stop)$/, 'End')
}

export class HookSpecs {
  readonly #specs = new Map<string, HookSpec & { owner: string }>()

  constructor() {
    for (const [name, spec] of Object.entries(builtinHooks))
      this.#specs.set(name, { ...spec, owner: 'the engine' })
  }

  /** The spec of a hook. Throws `hook.unknown` with the nearest right name. */
  get(name: string, subject = 'hook'): HookSpec {
    const found = this.#specs.get(name)
    if (found) return found
    throw new EngineError({
      code: 'hook.unknown',
      hook: name,
      message: `${subject} \`${name}\` is not the name of a hook`,
      hint: nameHint(translate(name), [...this.#specs.keys()]),
    })
  }

  /** A hook of a plugin's own: there between `attach` and `detach`. */
  define(owner: string, name: string, spec: HookSpec) {
    const { mode, value, item } = Object(spec) as HookSpec
    const problem = !/^on[A-Z]\w{0,98}$/.test(name)
      ? 'a name is `on` and a word with a capital, such as onTokens'
      : !MODES.includes(mode)
        ? `the mode must be one of ${MODES.join(', ')}`
        : mode === 'pipe' && typeof value !== 'string'
          ? 'a pipe must name in `value` the argument that it hands on'
          : item !== undefined && !(item instanceof z.ZodType)
            ? '`item` must be a zod schema'
            : undefined
    if (problem !== undefined) {
      throw new EngineError({
        code: 'config.invalid',
        plugin: owner,
        hook: String(name),
        message: `${owner} declares the hook ${String(name)}, but ${problem}`,
        hint: "for example ctx.defineHook('onTokens', { mode: 'pipe', value: 'tokens' })",
      })
    }
    const declared = { ...spec, owner }
    return {
      attach: (): void => {
        const present = this.#specs.get(name)
        if (present) {
          throw new EngineError({
            code: 'hook.duplicate',
            plugin: owner,
            hook: name,
            message: `${owner} declares the hook ${name}, which ${present.owner} has declared already`,
            hint: 'give it a name of its own',
          })
        }
        this.#specs.set(name, declared)
      },
      // Once more when it is ended: by then, the plugin's next version may have declared it.
      detach: (): void => {
        if (this.#specs.get(name) === declared) this.#specs.delete(name)
      },
    }
  }

  /** Refuses a priority that is no number, and a condition on a counter that the hook does not have. */
  checkOptions(name: string, options: HookOptions | undefined): void {
    const { counters = [] } = this.get(name)
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
    const fitting = [...this.#specs].filter(([, other]) => other.counters?.includes(missing))
    throw new EngineError({
      code: 'hook.condition',
      hook: name,
      message: `the condition "${options!.when!.label}" on ${name} reads the ${missing}, which ${name} does not have`,
      hint: `hooks with a ${missing}: ${fitting.map(([other]) => other).join(', ')}`,
    })
  }
}
