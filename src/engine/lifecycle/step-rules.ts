// What keeps a plugin from a step: the state of those it requires, and a run that needs what it contributed.
import type { LifecycleStep, PluginState } from '#protocol'
import { EngineError } from '#sdk'
import type { PluginUnit } from './plugin-unit.ts'
import { isAllowed } from './steps.ts'

/** States in which a plugin has what it takes for another that stands on it. */
const ready: Partial<Record<LifecycleStep, readonly PluginState[]>> = {
  initialize: ['initialized', 'running', 'stopped'],
  start: ['running'],
}

/**
 * Throws `lifecycle.transition` while one of `others`, which the plugin requires, has to take the step first. One that
 * failed makes the plugin fail as well: `plugin.requirement`.
 */
export function checkRequirements(
  unit: PluginUnit,
  step: LifecycleStep,
  others: readonly PluginUnit[],
): void {
  if (step === 'stop' || step === 'cleanup' || !isAllowed(step, unit.state)) return
  const failed = others.find(({ state }) => state === 'failed')
  if (failed) {
    const error = requirementError(unit, failed, step)
    unit.fail(step, 'dependency', error)
    throw error
  }
  const late = others.find(({ state }) => ready[step]?.includes(state) === false)
  if (!late) return
  throw new EngineError({
    code: 'lifecycle.transition',
    plugin: unit.name,
    stage: step,
    message: `${unit.name} cannot ${step} while ${late.name}, which it requires, is ${late.state}`,
    hint: `${step} ${late.name} first`,
  })
}

/** Throws `lifecycle.transition` for the cleanup of a plugin that is pinned. */
export function checkPinned(unit: PluginUnit, step: LifecycleStep, isPinned: boolean): void {
  if (step !== 'cleanup' || unit.state === 'cleaned' || !isPinned) return
  throw new EngineError({
    code: 'lifecycle.transition',
    plugin: unit.name,
    stage: step,
    message: `${unit.name} cannot be cleaned up: the active run needs what it contributed`,
    hint: 'stop the run first; the plugin itself can be stopped at any time',
  })
}

export const requirementError = (
  unit: PluginUnit,
  failed: PluginUnit,
  stage: string,
): EngineError =>
  new EngineError({
    code: 'plugin.requirement',
    plugin: unit.name,
    stage,
    message: `${unit.name} requires ${failed.name}, which failed: ${failed.failure?.error.message ?? 'it is gone'}`,
    source: unit.definition.source,
    hint: `repair ${failed.name}, or disable both`,
    cause: failed.failure?.error,
  })
