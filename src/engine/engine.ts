// The engine: takes a project, brings its plugins up, trains, reloads what changes. Headless.
import * as tf from '@tensorflow/tfjs'
import type {
  DevicePreference,
  EngineApi,
  LifecycleStep,
  Project,
  ProjectReport,
  RunAction,
} from '#protocol'
import * as sdk from '#sdk'
import { type DeviceInfo, EngineError, errorInfo, type EventRecord, type PluginClass } from '#sdk'
import { AssetInbox } from './assets.ts'
import { EventBus } from './events/event-bus.ts'
import { FAILURE_LIMIT, type Handler, HookTable } from './hooks/index.ts'
import type { Device, Host } from './host.ts'
import { joined } from './joined.ts'
import {
  type Core,
  Lifecycle,
  type OpenProject,
  planReload,
  readProject,
  reload,
} from './lifecycle/index.ts'
import { type Blame, ModuleGraph } from './modules/index.ts'
import { TrainingRun } from './nn/index.ts'
import { Creator, PanelTable, Registry, ServiceTable } from './registry/index.ts'
import { reportOf } from './report.ts'
import { runEnvironment } from './run-environment.ts'
import { Turn } from './turn.ts'

export interface EngineOptions {
  /** Built-in plugins; the engine knows none by name. */
  readonly plugins: readonly PluginClass[]
  readonly host: Host
  /** Gets every event, in order. */
  onEvent(record: EventRecord): void
}

const emptyProject: Project = { config: '', modules: [], assets: [] }

export class Engine implements EngineApi {
  readonly events: EventBus
  readonly #options: EngineOptions
  readonly #modules: ModuleGraph
  readonly #core: Core
  readonly #assets: AssetInbox
  readonly #lifecycle: Lifecycle
  readonly #turn = new Turn()
  #device: Device | undefined
  #run: TrainingRun | undefined
  #runCount = 0
  /** Of the project as it was last opened, whether it could be taken or not. */
  #problems: readonly EngineError[] = []

  constructor(options: EngineOptions) {
    const { host, plugins } = options
    this.#options = options
    this.#modules = new ModuleGraph(host.modules, { plugboard: sdk, '@tensorflow/tfjs': tf })
    this.events = new EventBus({
      now: () => host.now(),
      onEvent: (record) => options.onEvent(record),
      onFailure: (thrown, { type }) => {
        if (type !== 'error.uncaught') this.reportUncaught(thrown)
      },
    })
    this.#assets = new AssetInbox(this.events)
    this.#core = this.#makeCore()
    const project = readProject(emptyProject, plugins, this.#modules)
    this.#lifecycle = new Lifecycle({
      core: this.#core,
      project,
      turn: this.#turn,
      isPinned: (name) => this.#run?.isActive === true && this.#run.plugins.has(name),
    })
  }

  #makeCore(): Core {
    const { host } = this.#options
    const enter = (label: string): void => host.enter(label)
    const locate = (thrown: unknown, blame: Blame): EngineError =>
      this.#modules.locate(thrown, blame)
    const registry = new Registry()
    const promised = (kind: string): string[] =>
      [...this.#lifecycle.project.definitions.values()].flatMap(({ manifest }) =>
        manifest.provides.flatMap((capability) =>
          capability.startsWith(`${kind}/`) ? [capability.slice(kind.length + 1)] : [],
        ),
      )
    return {
      bus: this.events,
      hooks: new HookTable({
        enter,
        locate,
        onFailure: (handler, error) => this.#hookFailed(handler, error),
      }),
      registry,
      creator: new Creator(registry, {
        enter,
        locate,
        promised,
        place: (path) => this.#lifecycle.project.locate(path),
      }),
      services: new ServiceTable(),
      panels: new PanelTable(this.events),
      device: () => this.#openedDevice().info,
      asset: (path) => this.asset(path),
      enter,
      locate,
    }
  }

  #hookFailed(handler: Handler, error: EngineError): void {
    const { plugin, hook, failuresInRow: failures } = handler
    const isQuarantined = failures >= FAILURE_LIMIT
    this.events.emit(
      'hook.failed',
      { plugin, hook, failures, isQuarantined, error: errorInfo(error) },
      plugin,
    )
    if (isQuarantined) handler.quarantine(error)
  }

  #openedDevice(): Device {
    if (this.#device) return this.#device
    throw new EngineError({
      code: 'device.unavailable',
      message: 'there is no device to compute on yet, or it was lost',
      hint: 'boot the engine first',
    })
  }

  boot({ device: preference }: { device: DevicePreference }): Promise<DeviceInfo> {
    return this.#turn.run(async () => {
      if (this.#device) {
        throw new EngineError({
          code: 'device.unavailable',
          message: `the engine runs on ${this.#device.info.label} already`,
          hint: 'a device is chosen once; make a new engine for another',
        })
      }
      const device = await this.#options.host.openDevice(preference)
      this.#device = device
      void device.lost.then((reason) => this.#deviceLost(device, reason))
      this.events.emit('device.ready', { ...device.info, features: [...device.info.features] })
      return device.info
    })
  }

  async #deviceLost(device: Device, reason: string): Promise<void> {
    this.#device = undefined
    if (this.#run?.isActive) await this.#run.stop()
    device.dispose()
    const error = new EngineError({
      code: 'device.lost',
      message: `the device ${device.info.label} was lost: ${reason}`,
      hint: 'start again; the project and its plugins are as they were',
    })
    this.events.emit('device.lost', { error: errorInfo(error) })
  }

  open(project: Project): Promise<ProjectReport> {
    return this.#turn.run(async () => {
      const next = readProject(project, this.#options.plugins, this.#modules)
      this.#problems = next.problems
      if (this.#lifecycle.isUp) await this.#reload(next)
      else this.#lifecycle.adopt(next)
      return this.#report()
    })
  }

  /** Takes a changed project while plugins are up: all of it or nothing. */
  async #reload(next: OpenProject): Promise<void> {
    const startedMs = performance.now()
    const plan = planReload(this.#lifecycle, next)
    const names = [...plan.names]
    const durationMs = (): number => performance.now() - startedMs
    try {
      if (next.problems.length > 0) throw joined(next.problems)
      if (names.length === 0) {
        this.#lifecycle.adopt(next, ({ isUp, state }) => isUp || state === 'failed')
        return
      }
      const run = this.#run?.isActive ? this.#run : undefined
      const change = () =>
        reload(this.#lifecycle, next, plan, (changed) => run?.prepareSwap(changed))
      const { rebuiltModel } = await (run ? run.atBoundary(change) : change())
      this.events.emit('plugin.reloaded', { names, durationMs: durationMs(), rebuiltModel })
    } catch (thrown) {
      const error = this.#modules.locate(thrown, { code: 'reload.failed' })
      if (next.problems.length === 0) this.#problems = [error]
      this.events.emit('plugin.reload_failed', {
        names,
        durationMs: durationMs(),
        error: errorInfo(error),
      })
    }
  }

  activate(): Promise<ProjectReport> {
    return this.#turn.run(async () => {
      await this.#lifecycle.bringUp()
      return this.#report()
    })
  }

  transition(plugin: string, step: LifecycleStep): Promise<void> {
    return this.#turn.run(() => this.#lifecycle.step(plugin, step))
  }

  report(): Promise<ProjectReport> {
    return this.#turn.run(async () => this.#report())
  }

  #report(): ProjectReport {
    return reportOf(this.#core, this.#lifecycle, this.#problems)
  }

  startRun(): Promise<string> {
    return this.#turn.run(async () => {
      if (this.#run?.isActive) {
        throw new EngineError({
          code: 'run.state',
          message: 'a run is active already, and an engine has one at a time',
          hint: 'stop it first',
        })
      }
      const device = this.#openedDevice()
      if (this.#problems.length > 0) throw joined(this.#problems)
      const { experiment } = this.#lifecycle.project.config
      if (!experiment) {
        throw new EngineError({
          code: 'config.invalid',
          message: 'plugboard.yaml has no experiment to run',
          source: this.#lifecycle.project.locate([]),
          hint: 'add `experiment:` with a dataset and a model',
        })
      }
      await this.#lifecycle.bringUp()
      const failed = this.#lifecycle.failures()
      const problems = [
        ...failed.flatMap((each) => each.problems),
        ...this.#core.creator.check(experiment),
      ]
      if (problems.length > 0) throw joined(problems)

      const id = `run-${Math.floor(this.#options.host.now()).toString(36)}-${++this.#runCount}`
      const run = new TrainingRun(
        runEnvironment(this.#core, this.#options.host, device, experiment),
        experiment,
        id,
      )
      this.#run = run
      void run.start().then(() => this.#turn.run(() => this.#lifecycle.releaseFailed()))
      return id
    })
  }

  async control(action: RunAction): Promise<void> {
    if (!this.#run?.isActive) {
      throw new EngineError({
        code: 'run.state',
        message: `there is no active run to ${action}`,
        hint: 'start one first',
      })
    }
    await this.#run[action]()
  }

  async command(name: string, args: Record<string, unknown>): Promise<unknown> {
    const place = { value: undefined, path: [] }
    const { creator } = this.#core
    const { plugin, owner } = creator.find('command', name, place)
    const instance = creator.create('command', name, {}, place)
    const stage = `command ${name}`
    if (owner.isWorkspace) this.#core.enter(`${plugin} · ${stage}`)
    try {
      return await instance.run(args)
    } catch (thrown) {
      throw this.#core.locate(thrown, { code: 'plugin.threw', plugin, stage })
    }
  }

  /** Bytes of a shipped or workspace file, from the page. */
  asset(path: string): Promise<ArrayBuffer> {
    return this.#assets.request(path)
  }

  async provideAsset(id: number, bytes: ArrayBuffer | null, message?: string): Promise<void> {
    this.#assets.provide(id, bytes, message)
  }

  /** For errors and rejections that nobody caught: tells them as an event, led back to their source. */
  reportUncaught(thrown: unknown): void {
    const error = this.#modules.locate(thrown, { code: 'plugin.threw' })
    const file = error.source?.file
    const owner = [...this.#lifecycle.units.values()].find(
      ({ definition }) => definition.file !== undefined && definition.file === file,
    )
    error.plugin ??= owner?.name
    this.events.emit('error.uncaught', { error: errorInfo(error) }, error.plugin)
  }
}

/** An engine with the given built-in plugins. Many can live side by side. */
export function createEngine(options: EngineOptions): Engine {
  return new Engine(options)
}
