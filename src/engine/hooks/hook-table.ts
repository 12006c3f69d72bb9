// Calls hooks: order, modes, wrappers.
import {
  EngineError,
  extended,
  type HookArgs,
  type HookName,
  type HookOutcome,
  type Undo,
} from '#sdk'
import { HandlerCalls, type HandlerCallsOptions, spent } from './handler-calls.ts'
import type { Handler } from './handler.ts'
import { checkItems, checkValue } from './results.ts'
import { HookSpecs } from './specs.ts'
import { wrap, type Wrapping } from './wrap.ts'

/** Most calls of hooks inside of each other. */
const MAX_DEPTH = 30

/** How the engine calls hooks. */
export interface HookCaller {
  /**
   * Notifies all handlers, each isolated from the others. A synchronous hook returns `undefined`;
   * another one a promise only if some handler was asynchronous.
   */
  each<N extends HookName>(name: N, args: HookArgs<N>): void | Promise<void>
  /** Hands the hook's value on from handler to handler. Throws what a handler throws, located. */
  pipe<N extends HookName>(name: N, args: HookArgs<N>): HookOutcome<N>
  /** Gathers what handlers return, and tells `onItem` whose each item is. Throws what a handler throws, located. */
  collect<N extends HookName>(name: N, args: HookArgs<N>, onItem?: OnItem): HookOutcome<N>
  /** Does `work` inside of the wrappers. Throws what it or a wrapper throws, the latter located. */
  around<N extends HookName>(name: N, args: HookArgs<N>, work: () => HookOutcome<N>): HookOutcome<N>
  /** Whether anyone listens now. */
  has(name: HookName): boolean
}

type OnItem = (item: unknown, plugin: string) => void

interface AroundOptions {
  /** A plugin whose own wrappers are left out. */
  except?: string
  /** A wrapper that fails is told, and cannot keep the work from being done. */
  isIsolated?: boolean
}

interface Subscribers {
  readonly handlers: readonly Handler[]
  readonly wrappers: readonly Handler[]
}

export class HookTable implements HookCaller {
  readonly specs = new HookSpecs()
  readonly calls: HandlerCalls
  // Lists are replaced, never changed: a call goes on over the handlers it began with.
  readonly #subscribers = new Map<string, Subscribers>()

  constructor(options: HandlerCallsOptions) {
    this.calls = new HandlerCalls(options)
  }

  /** Adds a handler behind those of its priority that are there already. */
  add(handler: Handler): Undo {
    handler.isActive = true
    const { hook, isWrapper } = handler
    const isAround = isWrapper || this.specs.get(hook).mode === 'around'
    const { handlers, wrappers } = this.#of(hook)
    if (isAround) this.#set(hook, handlers, inserted(wrappers, handler))
    else this.#set(hook, inserted(handlers, handler), wrappers)
    return () => {
      handler.isActive = false
      const now = this.#of(hook)
      const isOther = (other: Handler): boolean => other !== handler
      this.#set(hook, now.handlers.filter(isOther), now.wrappers.filter(isOther))
    }
  }

  #of(hook: string): Subscribers {
    return this.#subscribers.get(hook) ?? { handlers: [], wrappers: [] }
  }

  #set(hook: string, handlers: readonly Handler[], wrappers: readonly Handler[]): void {
    if (handlers.length + wrappers.length === 0) this.#subscribers.delete(hook)
    else this.#subscribers.set(hook, { handlers, wrappers })
  }

  has(name: HookName): boolean {
    return this.#subscribers.has(name)
  }

  /** All that a call of the hook would call, were their conditions to hold. */
  handlersOf(name: HookName): readonly Handler[] {
    const { handlers, wrappers } = this.#of(name)
    return wrappers.length === 0 ? handlers : [...handlers, ...wrappers]
  }

  each<N extends HookName>(name: N, args: HookArgs<N>): void | Promise<void> {
    const found = this.#subscribers.get(name)
    if (found === undefined) return
    const { isSync = false } = this.specs.get(name)
    const { handlers, wrappers } = found
    this.#descend(name, args)
    try {
      if (wrappers.length === 0) return this.#notify(handlers, args, isSync)
      const notify = (): unknown => this.#notify(handlers, args, isSync)
      return wrap({ wrappers, args, isSync, isIsolated: true }, this.calls, notify) as void
    } finally {
      this.calls.depth--
    }
  }

  #notify(handlers: readonly Handler[], args: unknown, isSync: boolean): Promise<void> | undefined {
    for (let i = 0; i < handlers.length; i++) {
      const pending = this.calls.isolated(handlers[i]!, args, isSync)
      if (pending) return this.#notifyAfter(pending, handlers, i + 1, args)
    }
    return undefined
  }

  async #notifyAfter(
    first: Promise<void>,
    handlers: readonly Handler[],
    next: number,
    args: unknown,
  ): Promise<void> {
    await first
    for (let i = next; i < handlers.length; i++)
      await this.calls.isolated(handlers[i]!, args, false)
  }

  pipe<N extends HookName>(name: N, args: HookArgs<N>): HookOutcome<N> {
    const field = this.specs.get(name).value!
    const given = (args as unknown as Record<string, unknown>)[field]
    const accept: Wrapping['accept'] = (handler, value, result) => {
      checkValue(handler, field, value, result)
      return result
    }
    return this.#gather(name, args, given, accept, (value, call, handler) => {
      const result = call(extended(args, { [field]: value }))
      return result === undefined ? value : accept(handler, value, result)
    })
  }

  collect<N extends HookName>(name: N, args: HookArgs<N>, onItem?: OnItem): HookOutcome<N> {
    const { item } = this.specs.get(name)
    const itemsOf = (handler: Handler, result: unknown): unknown[] => {
      const items = checkItems(handler, item, result)
      for (const each of items) onItem?.(each, handler.plugin)
      return items
    }
    const accept: Wrapping['accept'] = (handler, items, result) =>
      [result]
        .flat()
        .flatMap((each) => ((items as unknown[]).includes(each) ? each : itemsOf(handler, each)))
    return this.#gather(name, args, [], accept, (items, call, handler) => {
      const result = call(args)
      return result === undefined ? items : [...(items as unknown[]), ...itemsOf(handler, result)]
    })
  }

  /** Calls handlers in turn, each making a new value of the one before. */
  #gather<N extends HookName>(
    name: N,
    args: HookArgs<N>,
    first: unknown,
    accept: Wrapping['accept'],
    take: (value: unknown, call: (args: unknown) => unknown, handler: Handler) => unknown,
  ): HookOutcome<N> {
    const found = this.#subscribers.get(name)
    if (found === undefined) return first as HookOutcome<N>
    const gather = (): unknown => {
      let value = first
      for (const handler of found.handlers) {
        const startedMs = this.calls.begin(handler, true)
        try {
          if (!this.calls.applies(handler, args)) continue
          value = take(value, (given) => this.calls.call(handler, given, true), handler)
        } catch (thrown) {
          throw this.calls.failed(handler, thrown, spent(startedMs))
        }
        this.calls.end(handler, true, startedMs)
      }
      return value
    }
    return this.#wrapped(name, { ...found, args, isSync: true, isIsolated: false, accept }, gather)
  }

  around<N extends HookName>(
    name: N,
    args: HookArgs<N>,
    work: () => HookOutcome<N>,
    { except, isIsolated = false }: AroundOptions = {},
  ): HookOutcome<N> {
    const wrappers = this.#of(name).wrappers.filter(({ plugin }) => plugin !== except)
    if (wrappers.length === 0) return work()
    const { isSync = false } = this.specs.get(name)
    return this.#wrapped(name, { wrappers, args, isSync, isIsolated }, work)
  }

  #wrapped<N extends HookName>(name: N, wrapping: Wrapping, inner: () => unknown): HookOutcome<N> {
    this.#descend(name, wrapping.args)
    try {
      return wrap(wrapping, this.calls, inner) as HookOutcome<N>
    } finally {
      this.calls.depth--
    }
  }

  /** Ends hooks that call each other without end: the outermost handler is told to have failed. */
  #descend(name: string, args: unknown): void {
    if (this.calls.depth >= MAX_DEPTH) {
      throw new EngineError({
        code: 'hook.recursion',
        hook: name,
        message: `${name} is called from inside of hooks that are called from hooks, ${MAX_DEPTH} deep`,
        hint: 'let a handler not bring about the call that it handles',
      })
    }
    // All handlers share them.
    Object.freeze(args)
    this.calls.depth++
  }
}

/** A list with the handler behind those of its priority. */
function inserted(present: readonly Handler[], handler: Handler): Handler[] {
  const at = present.findIndex(({ priority }) => priority < handler.priority)
  return present.toSpliced(at < 0 ? present.length : at, 0, handler)
}
