// Hot reload as a transaction: the changed plugins and what stands on them are replaced, or nothing is.
import type { LifecycleStep, PluginState } from '#protocol'
import type { Definition } from './definition.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { PluginUnit } from './plugin-unit.ts'
import type { OpenProject } from './project.ts'

/** The parts of a run that were rebuilt from new contributions, not in use yet. */
export interface Swap {
  readonly rebuiltModel: boolean
  commit(): void
  rollback(): void
}

export interface ReloadPlan {
  /** New versions of plugins and new plugins, dependencies first. */
  readonly fresh: readonly Definition[]
  /** Units that go, last started first: those replaced and those removed. */
  readonly old: readonly PluginUnit[]
  readonly removed: readonly string[]
  readonly names: ReadonlySet<string>
}

/** What has to change to get from what is up to `next`, and to have fresh instances of `renewed`. */
export function planReload(
  lifecycle: Lifecycle,
  next: OpenProject,
  renewed: ReadonlySet<string> = new Set(),
): ReloadPlan {
  const wanted = new Set(next.resolution.order)
  const present = [...lifecycle.units.values()].filter(
    ({ isUp, state }) => isUp || state === 'failed',
  )
  const removed = present.filter(({ name }) => {
    const isKept = wanted.has(name) || lifecycle.isPinned(name)
    return !next.definitions.has(name) || !isKept
  })
  const presentNames = new Set(present.map(({ name }) => name))
  const isRead = ({ assets }: PluginUnit): boolean =>
    [...assets].some((path) => lifecycle.project.assets.get(path) !== next.assets.get(path))
  const changed = present.filter((unit) => {
    const now = next.definitions.get(unit.name)
    if (now === undefined) return false
    const isEdited = now.fingerprint !== unit.definition.fingerprint || isRead(unit)
    return isEdited || renewed.has(unit.name)
  })
  const added = next.resolution.order.filter((name) => !presentNames.has(name))
  const causes = new Set([...removed, ...changed].map(({ name }) => name).concat(added))
  const dependents = [
    ...lifecycle.dependents(causes, true).map(({ name }) => name),
    ...dependentsIn(next, causes),
  ]
  const names = new Set([...causes, ...dependents.filter((name) => presentNames.has(name))])
  const gone = new Set(removed.map(({ name }) => name))
  const order = [...next.resolution.order, ...[...names].filter((name) => !wanted.has(name))]
  return {
    fresh: order
      .filter((name) => names.has(name) && !gone.has(name))
      .map((name) => next.definitions.get(name)!),
    old: lifecycle
      .startOrder()
      .filter(({ name }) => names.has(name) && presentNames.has(name))
      .toReversed(),
    removed: [...gone],
    names,
  }
}

function dependentsIn({ resolution }: OpenProject, causes: ReadonlySet<string>): string[] {
  const found = new Set(causes)
  for (const name of resolution.order) {
    if (resolution.dependencies.get(name)?.some((other) => found.has(other))) found.add(name)
  }
  return [...found].filter((name) => !causes.has(name))
}

/** Steps that bring a new version to where the old one was. */
function stepsTo(
  state: PluginState | undefined,
  automatic: readonly LifecycleStep[],
): readonly LifecycleStep[] {
  const all: LifecycleStep[] = ['validate', 'load', 'initialize', 'start']
  if (state === undefined || state === 'failed') return automatic
  return all.slice(0, { loaded: 2, initialized: 3, stopped: 3, running: 4 }[state as 'running'])
}

/**
 * Replaces what `plan` says and commits, or puts everything back as it was and throws. Training holds
 * still meanwhile. `prepareSwap` rebuilds the parts of the run that were made from replaced code.
 */
export async function reload(
  lifecycle: Lifecycle,
  next: OpenProject,
  { fresh, old, removed, names }: ReloadPlan,
  prepareSwap: (names: ReadonlySet<string>) => Swap | undefined,
): Promise<{ rebuiltModel: boolean }> {
  const before = { project: lifecycle.project, units: new Map(lifecycle.units) }
  const states = new Map(old.map((unit) => [unit.name, unit.state]))
  const captured = new Map<string, unknown>()
  for (const unit of old) if (unit.isUp) captured.set(unit.name, await unit.capture())
  for (const unit of old) await unit.suspend()

  lifecycle.project = next
  const made: PluginUnit[] = []
  let swap: Swap | undefined
  try {
    for (const definition of fresh) {
      const unit = lifecycle.make(definition)
      made.push(unit)
      lifecycle.announce(definition)
      const automatic = lifecycle.automaticSteps.filter(
        (step) => step !== 'start' || !lifecycle.off.has(unit.name),
      )
      for (const step of stepsTo(states.get(unit.name), automatic)) {
        await lifecycle.take(unit, step)
        if (step === 'initialize') await unit.restore(captured.get(unit.name))
      }
    }
    swap = prepareSwap(names)
    const failed = made.find(({ state }) => state === 'failed')
    if (failed) throw failed.failure!.error
  } catch (thrown) {
    swap?.rollback()
    for (const unit of made.toReversed()) await lifecycle.discard(unit)
    lifecycle.project = before.project
    lifecycle.units = before.units
    await putBack(lifecycle, old.toReversed(), states)
    throw thrown
  }

  swap?.commit()
  for (const unit of old) await lifecycle.discard(unit)
  lifecycle.adopt(
    next,
    ({ name, isUp, state }) => (isUp || state === 'failed') && !removed.includes(name),
  )
  lifecycle.sortHandlers()
  return { rebuiltModel: swap?.rebuiltModel ?? false }
}

/** The old versions go on as they were. */
async function putBack(
  lifecycle: Lifecycle,
  units: readonly PluginUnit[],
  states: ReadonlyMap<string, PluginState>,
): Promise<void> {
  for (const unit of units) {
    lifecycle.announce(unit.definition)
    unit.reattach()
    // Should it fail to start again, that is its own failure and told as such.
    if (states.get(unit.name) === 'running')
      await lifecycle.perform(unit, 'start').catch(() => undefined)
    else unit.announce()
  }
  lifecycle.sortHandlers()
}
