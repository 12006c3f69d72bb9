// Whose code runs inside of a training step, and what it holds.
import type { HookName, SourceLocation } from '#sdk'
import { unbound } from '../hooks/index.ts'
import type { ModuleState } from '../modules/index.ts'
import type { Core } from './core.ts'
import type { Lifecycle } from './lifecycle.ts'

/** Hooks that are called inside of what a repeated step leaves out. */
const INNER: readonly HookName[] = [
  'onBatchBegin',
  'onBatchEnd',
  'onBackwardBegin',
  'onBackwardEnd',
  'onOptimizerStep',
]

export interface StepCode {
  /** Of the plugins named, of those with handlers inside of the step, and of all whose services these use. */
  readonly modules: readonly ModuleState[]
  /** Of any plugin: the version of a module that a key names, and what it imports. */
  modulesOf(key: string): readonly ModuleState[]
  /** Plugins with handlers inside of the step. */
  readonly plugins: readonly { name: string; instance: object }[]
  /** What their contexts lead to: configs, manifests, what code has added. */
  readonly contexts: readonly { name: string; read(): readonly unknown[] }[]
  /** Services that these use, as they are now. */
  services(): readonly unknown[]
  /** What is called inside of the step now, in order, and on what conditions. */
  handlers(): readonly unknown[]
  /** Where a plugin's source writes a variable or a member. */
  placeOf(plugin: string, name: string): SourceLocation | undefined
}

/** As `RunEnvironment` says. */
export function countCalls(hooks: Core['hooks']): () => () => void {
  const before = INNER.flatMap((hook) => hooks.handlersOf(hook)).map(
    (handler) => [handler, handler.calls] as const,
  )
  return () => {
    const called = before
      .map(([handler, calls]) => [handler, handler.calls - calls] as const)
      .filter(([, calls]) => calls > 0)
    return () => {
      for (const [handler, calls] of called) handler.calls += calls
    }
  }
}

/** `named` are the plugins of the parts of a run. */
export function stepCode(
  { hooks, services }: Pick<Core, 'hooks' | 'services'>,
  lifecycle: Lifecycle,
  named: Iterable<string>,
): StepCode {
  const handlers = INNER.flatMap((hook) => hooks.handlersOf(hook))
  const withHandlers = new Set(handlers.map(({ plugin }) => plugin))
  const all = new Set([...named, ...withHandlers])
  const used = new Set<string>()
  // Those that are added come up in turn.
  for (const name of all) {
    for (const service of lifecycle.units.get(name)?.uses ?? []) {
      used.add(service)
      const provider = services.providerOf(service)
      if (provider !== undefined) all.add(provider)
    }
  }
  const stateOf = (name: string): readonly ModuleState[] =>
    lifecycle.units.get(name)?.definition.moduleState?.() ?? []
  return {
    modules: [...all].flatMap(stateOf),
    modulesOf: (key) =>
      [...lifecycle.units.keys()]
        .flatMap(stateOf)
        .find((state) => state.key === key)
        ?.withImports() ?? [],
    plugins: [...withHandlers].map((name) => ({ name, instance: lifecycle.unit(name).instance })),
    contexts: [...all].flatMap((name) => {
      const unit = lifecycle.units.get(name)
      return unit ? [{ name, read: () => unit.contextState }] : []
    }),
    services: () => [...used].map((name) => services.valueOf(name)),
    handlers: () =>
      INNER.flatMap((hook) =>
        hooks
          .handlersOf(hook)
          .flatMap(({ call, when, isActive }) => [hook, unbound.get(call) ?? call, when, isActive]),
      ),
    placeOf(plugin, name) {
      for (const state of stateOf(plugin)) {
        const place = state.placeOf(name)
        if (place) return place
      }
      return undefined
    },
  }
}
