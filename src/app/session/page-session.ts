// The page's session: the real engine, workspace, compiler and preferences, put together.
import type { LifecycleStep, ModelGraph, RunOptions, TestSelection } from '#protocol'
import type { ErrorInfo } from '#sdk'
import { projectOf } from '#workspace'
import { toast } from 'sonner'
import {
  type CheckpointEntry,
  checkpoints,
  createCheckpointCopies,
  followWorkspace,
  resumable,
} from '../checkpoints/index.ts'
import { compileWorkspace } from '../compile/index.ts'
import { showProblems, showYamlSchemas } from '../editor/index.ts'
import { fileOf } from '../data/index.ts'
import { connectEngine, onEngineChange } from '../remote/index.ts'
import { keepRuns } from '../runs/index.ts'
import { goTo, showPanel } from '../shell/navigation.ts'
import { keepMeasured, measuredBefore } from '../store/measured.ts'
import { preferences } from '../store/preferences.ts'
import { seriesUntil } from '../store/series.ts'
import { engineStore } from '../store/store.ts'
import { workspaceStore } from '../workspace/index.ts'
import { formatCount } from '../ui/format.ts'
import { createComeback } from './device-loss.ts'
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

const copies = createCheckpointCopies({
  async keep(taken, savedAt, file) {
    const { current, previous } = engineStore.getState().run
    const run = [current, previous].find((it) => it?.id === taken.id)
    const history = seriesUntil(run?.series ?? {}, taken.step)
    await checkpoints.take(taken, savedAt, { file, history, totalSteps: run?.totalSteps ?? 0 })
  },
  forget: (run, name) => checkpoints.forget(run, name),
})

const engineSession = createSession({
  store: engineStore,
  workspace,
  async connect(device) {
    const remote = await connectEngine({
      device,
      measured: measuredBefore(),
      readWorkspaceFile: async (path) => (await fileOf(path)) ?? (await checkpoints.fileAt(path)),
    })
    remote.device.then(keepMeasured, () => undefined)
    return remote
  },
  devicePreference: () => preferences.getState().device,
  onEvents(events, engine) {
    copies.receive(events, engine)
    comeback.receive(events)
  },
  onReplaced: (reason) => void comeback.goOn(reason),
  onFailure: showFailure,
})

const comeback = createComeback<CheckpointEntry>({
  run: () => engineStore.getState().run.current,
  async checkpoint(run) {
    await copies.settled()
    return resumable(checkpoints.getState().entries.filter((entry) => entry.run === run))
  },
  async goOn(entry, cause) {
    toast.warning(`The device was lost; the run goes on from step ${formatCount(entry.step)}.`)
    await session.goOn(entry, { cause })
  },
  onGivenUp: (count) =>
    toast.error(`The device was lost ${count} times within ten minutes: the run waits for you.`, {
      description: 'A smaller model or batch may help, or another device.',
      duration: 10_000,
    }),
  now: () => Date.now(),
})

export const session = {
  ...engineSession,
  run(): Promise<void> {
    acceptWorkspace()
    return engineSession.run()
  },
  runAgain(): Promise<void> {
    acceptWorkspace()
    return engineSession.runAgain()
  },
  /** Goes on from a checkpoint; from one at the end of its run for some epochs more. Ends the run that is on. */
  async goOn(
    entry: CheckpointEntry,
    options: Pick<RunOptions, 'cause' | 'moreEpochs'> = {},
  ): Promise<void> {
    const kept = await checkpoints.read(entry)
    if (!kept) {
      toast.error(`The checkpoint ${entry.name} is gone: this browser no longer has its file.`)
      return
    }
    acceptWorkspace()
    engineStore.remember(entry.run, kept.history)
    const from = new Uint8Array(await kept.file.arrayBuffer())
    await engineSession.runAgain({ from, ...options })
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
  renew(plugin: string): Promise<void> {
    acceptWorkspace()
    return engineSession.renew(plugin)
  },
  transition(plugin: string, step: LifecycleStep): Promise<void> {
    if (runsCode(step)) acceptWorkspace()
    return engineSession.transition(plugin, step)
  },
}

/** Starts the engine and keeps it in step with workspace, device choice and, in development, the engine's code. */
export function beginSession(): void {
  session.begin()
  followWorkspace()
  keepRuns()
  engineStore.subscribe(({ engine, tests }) => {
    showProblems(markedProblems(engine, tests))
    showYamlSchemas(engine.yamlSchemas)
  })
  preferences.subscribe((now, before) => {
    if (now.device !== before.device) void session.restart()
  })
  onEngineChange(() => void session.restart())
}
