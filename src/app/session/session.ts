// One open workspace on one sandboxed engine: boots it, opens every edit in it, runs, and starts over when it is lost.
import {
  type DevicePreference,
  type EngineApi,
  isEngineEvent,
  type LifecycleStep,
  type ProfileOptions,
  type Project,
  type RunAction,
  type RunOptions,
} from '#protocol'
import { type ErrorInfo, errorInfo, type EventRecord } from '#sdk'
import type { Remote } from '../remote/index.ts'
import { type LostReason, SandboxLostError } from '../remote/lost.ts'
import { isActive } from '../store/run-slice.ts'
import type { EngineStore } from '../store/store.ts'
import { isTesting } from '../store/tests-slice.ts'
import { createArtefactCopies } from './artefact-copies.ts'
import { lossIn } from './device-loss.ts'
import { besideTests, brokenCode, lossOf, notUp } from './refusals.ts'
import { createTestRunner } from './test-runner.ts'

/** What the session needs of the workspace that is open. */
export interface WorkspaceSource {
  /** Changes when another workspace is opened; `undefined` until the first is there. */
  id(): string | undefined
  /** Calls back after each change of files or workspace. Returns its undo. */
  subscribe(listen: () => void): () => void
  /** Compiles the files as they are now; `isBroken` when one gave no code, so that they can't be opened. */
  compile(): Promise<{ project: Project; problems: ErrorInfo[]; isBroken: boolean }>
}

export interface SessionParts {
  store: EngineStore
  workspace: WorkspaceSource
  connect(device: DevicePreference): Promise<Remote>
  devicePreference(): DevicePreference
  /** Quiet time after an edit before it is compiled. */
  debounceMs?: number
  /** Sees every batch of events, with the engine that sent it. */
  onEvents?(events: readonly EventRecord[], engine: EngineApi): void
  /** A fresh engine is up, with the workspace in it, in place of one that was lost. */
  onReplaced?(reason: LostReason): void
  /** An action that the user asked for failed. */
  onFailure?(error: ErrorInfo): void
}

/** A run may be gone on with from a state so old, whatever happens to its sandbox. */
const CHECKPOINT_EVERY_MS = 5_000
/** How often plugins' counters are read while a run is on. */
const REPORT_INTERVAL_MS = 2_000

export function createSession(parts: SessionParts) {
  const { store, workspace, debounceMs = 200 } = parts
  let remote: Remote | undefined
  /** Counts engines, so that answers of one that was given up are dropped. */
  let generation = 0
  let openedWorkspace: string | undefined
  let isStale = false
  let isBroken = false
  /** Ends when the present engine is up, or is given up. */
  let starting: Promise<void> | undefined
  let opening: Promise<void> | undefined
  let debounce: ReturnType<typeof setTimeout> | undefined
  let reporting: ReturnType<typeof setInterval> | undefined
  const undo: (() => void)[] = []
  const artefacts = createArtefactCopies({ store, engine: () => remote?.api })

  function begin() {
    openedWorkspace = workspace.id()
    undo.push(workspace.subscribe(onWorkspaceChange))
    reporting = setInterval(() => {
      if (store.getState().run.current?.state === 'running') void refresh()
    }, REPORT_INTERVAL_MS)
    void restart()
  }

  /** Gives the present engine up and brings a fresh one up. */
  function restart(): Promise<void> {
    starting = bringUp()
    return starting
  }

  async function bringUp(): Promise<void> {
    const turn = ++generation
    remote?.dispose()
    remote = undefined
    store.boot()
    try {
      const fresh = await parts.connect(parts.devicePreference())
      if (turn !== generation) return fresh.dispose()
      remote = fresh
      fresh.onEvents((events) => onEvents(turn, events))
      fresh.onLost((reason) => onLost(turn, reason))
      const device = await fresh.device
      if (turn !== generation) return
      store.setEngine({ status: 'ready', device })
      await open()
    } catch (error) {
      // One that never came up would only fail again: the user decides.
      if (turn === generation) end(lossOf(error))
    }
  }

  function onEvents(turn: number, events: readonly EventRecord[]) {
    store.receive(events)
    if (remote) parts.onEvents?.(events, remote.api)
    for (const event of events) {
      const reason = isEngineEvent(event) && lossIn(event)
      if (reason) onLost(turn, reason)
    }
  }

  function onLost(turn: number, reason: LostReason) {
    if (turn !== generation) return
    const wasUp = store.getState().engine.status === 'ready'
    end(reason)
    if (wasUp) void restart().then(() => onRestarted(reason))
  }

  function onRestarted(reason: LostReason) {
    const { status } = store.getState().engine
    if (status === 'ready') parts.onReplaced?.(reason)
  }

  function end(reason: LostReason) {
    generation++
    remote?.dispose()
    remote = undefined
    store.lose(reason)
  }

  function onWorkspaceChange() {
    clearTimeout(debounce)
    const id = workspace.id()
    const before = openedWorkspace
    openedWorkspace = id
    if (id === before) {
      store.markEdited()
      debounce = setTimeout(compileAhead, debounceMs / 2)
    }
    // The engine comes up while the first workspace is read: nothing was opened in it yet.
    else if (before === undefined) void open()
    else {
      store.reset()
      void restart()
    }
  }

  /** Compiles while the rest of the quiet time goes by; what is compiled once need not be again. */
  function compileAhead() {
    const compiled = workspace.compile().catch(() => undefined)
    const timer = setTimeout(() => {
      // Not if there was an edit meanwhile: its own quiet time counts.
      void compiled.then(() => (debounce === timer ? open() : undefined))
    }, debounceMs / 2)
    debounce = timer
  }

  /** Compiles and opens the workspace; edits made meanwhile are opened right after. */
  function open(): Promise<void> {
    clearTimeout(debounce)
    debounce = undefined
    isStale = true
    opening ??= openLatest().finally(() => (opening = undefined))
    return opening
  }

  async function openLatest() {
    while (isStale) {
      isStale = false
      if (workspace.id() === undefined) return
      try {
        const compiled = await workspace.compile()
        isBroken = compiled.isBroken
        store.setEngine({ compileProblems: compiled.problems })
        // A broken edit changes nothing: what runs goes on with the version before.
        if (!remote || isBroken) continue
        const turn = generation
        const report = await remote.api.open(compiled.project)
        if (turn === generation) store.setReport(report)
        void refreshTests()
        void refreshKnown()
      } catch (error) {
        if (!(error instanceof SandboxLostError)) store.addProblem(errorInfo(error))
      }
    }
  }

  /** The engine's calls. Throws while none is up. */
  function up(): EngineApi {
    if (!remote) throw notUp()
    return remote.api
  }

  async function refresh() {
    const turn = generation
    const report = await remote?.api.report().catch(() => undefined)
    if (report && turn === generation) store.setReport(report)
  }

  /** Schemas and commands; after each change of the project or its plugins. */
  async function refreshKnown() {
    const turn = generation
    if (!remote) return
    const { api } = remote
    const known = await Promise.all([api.yamlSchemas(), api.commands()]).catch(() => undefined)
    if (!known || turn !== generation) return
    const [yamlSchemas, commands] = known
    store.setEngine({ yamlSchemas, commands })
  }

  /** After each change of the workspace. */
  async function refreshTests() {
    const turn = generation
    const files = await remote?.api.tests().catch(() => undefined)
    if (files && turn === generation) store.setTestFiles(files)
  }

  /** Does what the user asked for; a failure is shown, never thrown. */
  async function attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
      await refresh()
    } catch (error) {
      // A lost sandbox has its own banner.
      if (error instanceof SandboxLostError && error.reason) return
      const info = errorInfo(error)
      store.addProblem(info)
      parts.onFailure?.(info)
    } finally {
      void refreshKnown()
    }
  }

  /** An engine with the latest edits opened in it. Rejects with what keeps code from running. */
  async function ready(): Promise<EngineApi> {
    await (store.getState().engine.status === 'lost' ? restart() : starting)
    // What is being opened already is the latest, unless an edit waits.
    await (debounce === undefined ? opening : open())
    if (isBroken) throw brokenCode(store.getState().engine.compileProblems[0])
    return up()
  }

  /** Opens the latest edits, then trains. */
  async function run(options: RunOptions = {}): Promise<void> {
    store.setEngine({ isStarting: true, lost: undefined })
    try {
      await attempt(async () => {
        // Said at once: edits would be opened only after the tests.
        if (isTesting(store.getState().tests)) throw besideTests()
        return (await ready()).startRun({
          checkpointEveryMs: CHECKPOINT_EVERY_MS,
          keepsModel: true,
          ...options,
        })
      })
    } finally {
      store.setEngine({ isStarting: false })
    }
  }

  /** Ends the run that is on, if there is one, and begins anew. */
  async function runAgain(options?: RunOptions): Promise<void> {
    if (isActive(store.getState().run.current)) await attempt(() => up().control('stop'))
    await run(options)
  }

  /** Brings the plugins up without a run. */
  const activate = (): Promise<void> =>
    attempt(async () => {
      store.setEngine({ lost: undefined })
      const [problem] = (await (await ready()).activate()).problems
      if (problem) parts.onFailure?.(problem)
    })

  /** Runs a command of a plugin. Rejects as the engine does; what its code threw is a problem as well. */
  async function command(name: string, args: Record<string, unknown>): Promise<unknown> {
    try {
      return await up().command(name, args)
    } catch (error) {
      const info = errorInfo(error)
      if (info.code === 'plugin.threw') store.addProblem(info)
      throw error
    }
  }

  return {
    begin,
    restart,
    run,
    runAgain,
    activate,
    command,
    /** Reads manifests of a project without opening it. */
    inspect: async (project: Project) => {
      await starting
      return up().inspect(project)
    },
    /** Rejects with what keeps the model from being built. */
    describeModel: async () => (await ready()).describeModel(),
    exportModel: async (...asked: Parameters<EngineApi['exportModel']>) =>
      (await ready()).exportModel(...asked),
    predictForm: async () => up().predictForm(),
    predict: async (...asked: Parameters<EngineApi['predict']>) => up().predict(...asked),
    control: (action: RunAction) => attempt(async () => up().control(action)),
    transition: (plugin: string, step: LifecycleStep) =>
      attempt(async () => up().transition(plugin, step)),
    renew: (plugin: string) => attempt(async () => (await ready()).renew(plugin)),
    profile: (options: ProfileOptions | null) => attempt(async () => up().profile(options)),
    /** Reads plugins' counters now. */
    refresh,
    ...createTestRunner({ store, ready }),
    artefact: (name: string) => artefacts.artefact(name),
    dispose() {
      generation++
      clearTimeout(debounce)
      clearInterval(reporting)
      for (const end of undo) end()
      artefacts.dispose()
      remote?.dispose()
    },
  }
}
