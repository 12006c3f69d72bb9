// The model as it was described last; kept while its panel is out of sight.
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ModelGraph } from '#protocol'
import { type ErrorInfo, errorInfo } from '#sdk'
import { SandboxLostError } from '../../remote/lost.ts'
import { session } from '../../session/page-session.ts'
import { engineStore } from '../../store/store.ts'
import { workspaceStore } from '../../workspace/index.ts'

interface ModelState {
  readonly graph: ModelGraph | undefined
  readonly error: ErrorInfo | undefined
  readonly isBusy: boolean
  /** Of what it is the model: the run and its reloads. */
  readonly subject: string | undefined
}

const unknown = { graph: undefined, error: undefined, subject: undefined }

const store = createStore<ModelState>(() => ({ ...unknown, isBusy: false }))

// What kept it from being built may have been the engine that is gone.
engineStore.subscribe(({ engine }, before) => {
  const isBack = engine.status === 'ready' && before.engine.status !== 'ready'
  if (isBack && store.getState().error) void describeModel()
})

workspaceStore.subscribe(({ entry }, before) => {
  if (entry?.id !== before.entry?.id) store.setState(unknown)
})

export const useModel = (): ModelState => useStore(store)

/** Asks the engine, once for each subject; without one, each time. */
export async function describeModel(subject?: string): Promise<void> {
  const { isBusy, subject: known } = store.getState()
  if (isBusy || (subject !== undefined && subject === known)) return
  store.setState({ isBusy: true, subject, error: undefined })
  try {
    store.setState({ graph: await session.describeModel() })
  } catch (thrown) {
    // A lost sandbox has its own banner.
    if (!(thrown instanceof SandboxLostError)) store.setState({ error: errorInfo(thrown) })
  } finally {
    store.setState({ isBusy: false })
  }
}
