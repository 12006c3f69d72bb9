// The tests of the open workspace: evaluated anew each time, apart from the plugins that are up.
import type { CompiledModule, TestFile, TestReport, TestSelection, TextFile } from '#protocol'
import { type DeviceInfo, EngineError, type PluginClass, type SourceLocation } from '#sdk'
import type { EventBus } from './events/event-bus.ts'
import type { Host } from './host.ts'
import { isTestPath, type ModuleGraph } from './modules/index.ts'
import { nameHint } from './nearest.ts'
import type { Logs } from './services/index.ts'
import { readTests } from './testkit/read-tests.ts'
import { runTests } from './testkit/run-tests.ts'
import { selects } from './testkit/select.ts'
import { type Surroundings, within } from './testkit/surroundings.ts'
import type { Turn } from './turn.ts'

export interface TestSlotOptions {
  readonly host: Pick<Host, 'enter' | 'beat' | 'breathe'>
  readonly bus: EventBus
  readonly logs: Logs
  readonly turn: Turn
  /** Plugins that engines made in tests have as well. */
  readonly builtins: readonly PluginClass[]
  makeModules(): ModuleGraph
  /** Whether a training run keeps tests from beginning. */
  isTraining(): boolean
  /** Throws while there is none. */
  device(): DeviceInfo
  asset(path: string): Promise<ArrayBuffer>
}

export class TestSlot {
  /** Of the project as it was last opened, whether it could be taken or not. */
  modules: readonly CompiledModule[] = []
  /** Each plugin.yaml of it, and others. */
  manifests: readonly TextFile[] = []
  readonly #options: TestSlotOptions
  /** Of tests that run, or wait for their turn. */
  readonly #stops = new Set<AbortController>()
  /** What tests that run are evaluated in. */
  #modules: ModuleGraph | undefined
  /** What nobody caught since tests began to run. */
  #uncaught: unknown[] | undefined

  constructor(options: TestSlotOptions) {
    this.#options = options
  }

  get isActive(): boolean {
    return this.#stops.size > 0
  }

  /** The test files, with what they describe. */
  list(): TestFile[] {
    return this.#files().map((module) => readTests(module))
  }

  /** Throws `module.missing` for a file that is no test file, `run.state` beside a training run. */
  async run(selection: TestSelection = {}): Promise<TestReport> {
    const stop = new AbortController()
    this.#stops.add(stop)
    try {
      return await this.#options.turn.run(() => {
        if (this.#options.isTraining()) throw testsDuringRun()
        return this.#run(selection, stop.signal)
      })
    } finally {
      this.#stops.delete(stop)
    }
  }

  /** Takes an error that nobody caught, to fail the test that runs; false when none does. */
  takeUncaught(thrown: unknown): boolean {
    this.#uncaught?.push(thrown)
    return this.#uncaught !== undefined
  }

  /** As that of a `ModuleGraph`, in tests that run. */
  callers(): SourceLocation[] {
    return this.#modules?.callers() ?? []
  }

  stop(): void {
    for (const stop of this.#stops) stop.abort()
  }

  async #run(selection: TestSelection, signal: AbortSignal): Promise<TestReport> {
    const { host, bus, logs, builtins, makeModules, device, asset } = this.#options
    const paths = this.#paths(selection)
    // A graph of its own: tests get copies of the modules they import, fresh at each run, and the plugins
    // that are up keep theirs.
    const modules = makeModules()
    this.#modules = modules
    const plan = modules.plan(this.modules)
    const beat = (): void => host.beat()
    const surroundings: Surroundings = {
      builtins,
      modules,
      workspace: { modules, plan, manifests: this.manifests },
      device: device(),
      asset,
      onLog: (line, plugin) => logs.write(line, plugin),
      beat,
      runs: new Set(),
    }
    const uncaught: unknown[] = []
    this.#uncaught = uncaught
    try {
      const report = await within(surroundings, () =>
        runTests({
          modules,
          plan,
          paths,
          selects: selects(selection),
          signal,
          uncaught,
          enter: (label) => host.enter(label),
          breathe: () => host.breathe(),
          onBegin: (test) => bus.emit('test.begin', test),
          onResult: (result) => bus.emit('test.result', result),
        }),
      )
      bus.emit('tests.end', report)
      return report
    } finally {
      this.#uncaught = undefined
      this.#modules = undefined
      host.enter('')
      modules.dispose()
    }
  }

  #files(): CompiledModule[] {
    return this.modules.filter(({ path }) => isTestPath(path) && path.endsWith('.test.ts'))
  }

  /** The files of a selection, in the project's order. */
  #paths({ only }: TestSelection): readonly string[] {
    const known = this.#files().map(({ path }) => path)
    if (!only) return known
    const wanted = new Set(only.map(({ file }) => file))
    const unknown = [...wanted].find((path) => !known.includes(path))
    if (unknown === undefined) return known.filter((path) => wanted.has(path))
    throw new EngineError({
      code: 'module.missing',
      message: `${unknown} is no test file of the workspace`,
      hint: nameHint(unknown, known),
    })
  }
}

/** They share the thread, the device and its count of tensors: each would falsify the other. */
const testsDuringRun = (): EngineError =>
  new EngineError({
    code: 'run.state',
    message: 'tests cannot run beside a training run: they share its device',
    hint: 'stop the run first, or wait until it has ended',
  })

export const runDuringTests = (): EngineError =>
  new EngineError({
    code: 'run.state',
    message: 'a training run cannot start beside tests: they share its device',
    hint: 'stop the tests first, or wait until they have ended',
  })
