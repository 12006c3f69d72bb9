// Whether a run could begin now: at once, or in place of the one that is on.
import { isActive } from '../store/run-slice.ts'
import { engineStore } from '../store/store.ts'
import { workspaceStore } from '../workspace/workspace.ts'

/** Whether one could begin once the run that is on, if any, is stopped. */
export function canRunInstead(): boolean {
  const { engine } = engineStore.getState()
  const isFree = engine.status !== 'booting' && !engine.isStarting
  return isFree && workspaceStore.getState().entry !== null
}

export const canRun = (): boolean =>
  canRunInstead() && !isActive(engineStore.getState().run.current)
