// Which plugins are to work in an epoch, and switching them on and off while others work.
import { isOnIn } from '../config/index.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { OpenProject } from './project.ts'

/** Plugins that the project file keeps from working in an epoch, and what stands on them; epoch 0 is before the first. */
export function offIn(
  { definitions, config, resolution }: OpenProject,
  epoch: number,
): ReadonlySet<string> {
  const { plugins: schedules } = config.schedules
  const off = new Set<string>()
  for (const { name, isEnabled } of definitions.values()) {
    const schedule = Object.hasOwn(schedules, name) ? schedules[name] : undefined
    if (isEnabled === false || !isOnIn(schedule, epoch)) off.add(name)
  }
  for (const name of resolution.order) {
    if (resolution.requirements.get(name)?.some((other) => off.has(other))) off.add(name)
  }
  return off
}

/** Stops what went off since `wasOff`, and starts what went on. Failures are told as events. */
export async function followSwitches(
  lifecycle: Lifecycle,
  wasOff: ReadonlySet<string>,
): Promise<void> {
  const { off, project } = lifecycle
  const { plugins, schedules } = project.config
  const units = lifecycle.startOrder()
  for (const unit of units.toReversed()) {
    const isOver = off.has(unit.name) && !wasOff.has(unit.name)
    if (isOver && unit.state === 'running') await lifecycle.attempt(unit, 'stop')
  }
  for (const unit of units) {
    const { name, state } = unit
    if (off.has(name) || !wasOff.has(name) || state === 'running' || state === 'failed') continue
    // One that a schedule names starts by it, in whatever state that finds it.
    const isDue = Object.hasOwn(schedules.plugins, name)
    if (isDue || state === 'stopped' || (state === 'initialized' && plugins.auto_start))
      await lifecycle.attempt(unit, 'start')
  }
}

/** Brings plugins to where their schedules want them in the epoch that is about to begin. */
export async function enterEpoch(lifecycle: Lifecycle, epoch: number): Promise<void> {
  const wasOff = lifecycle.off
  lifecycle.epoch = epoch
  await followSwitches(lifecycle, wasOff)
}
