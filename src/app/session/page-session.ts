// The page's session: the real engine, workspace, compiler and preferences, put together.
import type { LifecycleStep, ModelGraph, TestSelection } from '#protocol'
import type { ErrorInfo } from '#sdk'
import { projectOf } from '#workspace'
import { toast } from 'sonner'
import { compileWorkspace } from '../compile/index.ts'
import { showProblems, showYamlSchemas } from '../editor/index.ts'
import { fileOf } from '../data/index.ts'
import { connectEngine, onEngineChange } from '../remote/index.ts'
import { goTo, showPanel } from '../shell/navigation.ts'
import { preferences } from '../store/preferences.ts'
import { engineStore } from '../store/store.ts'
import { workspaceStore } from '../workspace/index.ts'
import { markedProblems } from './problems.ts'
import { createSession, type WorkspaceSource } from './session.ts'
import { acceptWorkspace, runsCode } from './trust.ts'

const workspace: WorkspaceSource = {
  id: () => workspaceStore.getState().entry?.id,
  subscribe: (listen) =>
    workspaceStore.subscribe((now, before) => {
      if (now.files !== before.files || now.entry?.id !== before.entry?.id) listen()
    }),
  async compile() {
    const { files } = workspaceStore.getState()
    const { modules, problems } = await compileWorkspace(files)
    return { project: projectOf(files, modules), problems, isBroken: problems.length > 0 }
  },
}

function showFailure({ message, hint, source }: ErrorInfo) {
  const action = source ? { label: 'Show', onClick: () => goTo(source) } : undefined
  toast.error(message, { description: hint, duration: 10_000, ...(action ? { action } : {}) })
  showPanel('problems')
}

const engineSession = createSession({
  store: engineStore,
  workspace,
  connect: () =>
    connectEngine({
      readWorkspaceFile: fileOf,
    }),
  devicePreference: () => preferences.getState().device,
  onFailure: showFailure,
})

export const session = {
  ...engineSession,
  run(): Promise<void> {
    acceptWorkspace()
    return engineSession.run()
  },
  /** Tests are code of the workspace as well: to run them is to accept it. */
  test(selection?: TestSelection): Promise<void> {
    acceptWorkspace()
    return engineSession.test(selection)
  },
  /** Builds the model, which runs code of the workspace. */
  describeModel(): Promise<ModelGraph> {
    acceptWorkspace()
    return engineSession.describeModel()
  },
  activate(): Promise<void> {
    acceptWorkspace()
    return engineSession.activate()
  },
  transition(plugin: string, step: LifecycleStep): Promise<void> {
    if (runsCode(step)) acceptWorkspace()
    return engineSession.transition(plugin, step)
  },
}

/** Starts the engine and keeps it in step with workspace, device choice and, in development, the engine's code. */
export function beginSession(): void {
  session.begin()
  engineStore.subscribe(({ engine, tests }) => {
    showProblems(markedProblems(engine, tests))
    showYamlSchemas(engine.yamlSchemas)
  })
  preferences.subscribe((now, before) => {
    if (now.device !== before.device) void session.restart()
  })
  onEngineChange(() => void session.restart())
}
