// The tests of the open workspace: evaluated anew each time, apart from the plugins that are up.
import type { CompiledModule, TestReport } from '#protocol'
import { type DeviceInfo, EngineError, type PluginClass } from '#sdk'
import type { EventBus } from './events/event-bus.ts'
import type { Host } from './host.ts'
import type { ModuleGraph } from './modules/index.ts'
import { nameHint } from './nearest.ts'
import { runTests } from './testkit/run-tests.ts'
import { within } from './testkit/surroundings.ts'

const TEST_FILE = /^tests\/.*\.test\.ts$/

export interface TestSlotOptions {
  readonly host: Pick<Host, 'enter' | 'beat'>
  readonly bus: EventBus
  /** Plugins that engines made in tests have as well. */
  readonly builtins: readonly PluginClass[]
  makeModules(): ModuleGraph
  /** Throws while there is none. */
  device(): DeviceInfo
  asset(path: string): Promise<ArrayBuffer>
}

export class TestSlot {
  /** Of the project as it was last opened, whether it could be taken or not. */
  modules: readonly CompiledModule[] = []
  readonly #options: TestSlotOptions

  constructor(options: TestSlotOptions) {
    this.#options = options
  }

  /** Runs the test files of `paths`, or all. Throws `module.missing` for a path that is no test file. */
  async run(paths?: readonly string[]): Promise<TestReport> {
    const { host, bus, builtins, makeModules, device, asset } = this.#options
    const files = this.#files(paths)
    // A graph of its own: tests get copies of the modules they import, fresh at each run, and the plugins
    // that are up keep theirs.
    const modules = makeModules()
    const plan = modules.plan(this.modules)
    const surroundings = { builtins, modules, device: device(), asset, beat: () => host.beat() }
    try {
      return await within(surroundings, () =>
        runTests({
          modules,
          plan,
          paths: files,
          enter: (label) => host.enter(label),
          onResult: (result) => bus.emit('test.result', result),
        }),
      )
    } finally {
      host.enter('')
      modules.dispose()
    }
  }

  #files(paths: readonly string[] | undefined): readonly string[] {
    const known = this.modules.map(({ path }) => path).filter((path) => TEST_FILE.test(path))
    const unknown = paths?.find((path) => !known.includes(path))
    if (unknown === undefined) return paths ?? known
    throw new EngineError({
      code: 'module.missing',
      message: `${unknown} is no test file of the workspace`,
      hint: nameHint(unknown, known),
    })
  }
}

/** They share the thread, the device and its count of tensors: each would falsify the other. */
export const testsDuringRun = (): EngineError =>
  new EngineError({
    code: 'run.state',
    message: 'tests cannot run beside a training run: they share its device',
    hint: 'stop the run first, or wait until it has ended',
  })
