// Whether a run could begin now.
import { isActive } from '../store/run-slice.ts'
import { engineStore } from '../store/store.ts'
import { workspaceStore } from '../workspace/workspace.ts'

export function canRun(): boolean {
  const { engine, run } = engineStore.getState()
  const isFree = engine.status !== 'booting' && !engine.isStarting && !isActive(run.current)
  return isFree && workspaceStore.getState().entry !== null
}
