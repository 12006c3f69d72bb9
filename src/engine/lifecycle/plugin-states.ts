// What plugins keep in a checkpoint: captured state, random stream, and whether they were at work.
import type { PluginState } from '../checkpoint/index.ts'
import type { Core } from './core.ts'
import type { Lifecycle } from './lifecycle.ts'

/** States of all plugins that are up. What cannot be captured is told as an event, and left out. */
export async function capturePlugins(lifecycle: Lifecycle): Promise<Record<string, PluginState>> {
  const states: Record<string, PluginState> = {}
  for (const unit of lifecycle.startOrder()) {
    if (!unit.isUp) continue
    states[unit.name] = {
      version: unit.definition.manifest.version,
      isRunning: unit.state === 'running',
      random: unit.random,
      data: await unit.capture(),
    }
  }
  return states
}

/** Puts plugins back to where they were. Throws what a plugin's `restore` throws. */
export async function restorePlugins(
  lifecycle: Lifecycle,
  states: Readonly<Record<string, PluginState>>,
  logs: Core['logs'],
): Promise<void> {
  const gone = Object.keys(states).filter((name) => !lifecycle.units.get(name)?.isUp)
  if (gone.length > 0)
    logs.of().info(`the checkpoint has states of plugins that are not up: ${gone.join(', ')}`)
  for (const unit of lifecycle.startOrder()) {
    const state = states[unit.name]
    if (!state || !unit.isUp) continue
    // One that another plugin, or the user, switched on or off in the run.
    const isRunning = unit.state === 'running'
    if (state.isRunning !== isRunning) await lifecycle.attempt(unit, isRunning ? 'stop' : 'start')
    unit.random = state.random
    if (unit.isUp) await unit.restore(state.data)
  }
}
