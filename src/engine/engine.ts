// The engine: takes a project, brings its plugins up, trains, reloads what changes. Headless.
import type {
  CheckpointSource,
  EngineApi,
  InputValue,
  FileBytes,
  Inspection,
  LifecycleStep,
  ModelGraph,
  Prediction,
  PredictForm,
  PredictOptions,
  ProfileOptions,
  Project,
  ProjectReport,
  RunAction,
  RunOptions,
  TestFile,
  TestReport,
  TestSelection,
} from '#protocol'
import {
  type CommandInfo,
  type ComponentRef,
  type DeviceInfo,
  EngineError,
  type ErrorInfo,
  type KindName,
  errorInfo,
  type EventRecord,
  type LogLevel,
  type ModelFile,
  type PluginClass,
} from '#sdk'
import { AssetInbox } from './assets.ts'
import { exportModel } from './export-model.ts'
import { listCommands, runCommand } from './commands.ts'
import { describeProject, describeRun } from './describe.ts'
import { DeviceSlot } from './device-slot.ts'
import { EventBus } from './events/event-bus.ts'
import { alone, type GroupMember } from './group/index.ts'
import type { Host } from './host.ts'
import { joined } from './joined.ts'
import { type Core, Lifecycle, type OpenProject, readProject } from './lifecycle/index.ts'
import { makeCore } from './make-core.ts'
import type { ModuleGraph } from './modules/index.ts'
import { plainCopy } from './plain.ts'
import { printed } from './printed.ts'
import { reportOf } from './report.ts'
import { openCheckpoint, readBeginning } from './run-beginning.ts'
import { RunSlot } from './run-slot.ts'
import type { ServiceReplacements } from './services/index.ts'
import { swapProject, tellOfNextRun } from './swap-project.ts'
import { runDuringTests, TestSlot } from './test-slot.ts'
import { Turn } from './turn.ts'
import { yamlSchemasOf } from './yaml-schemas.ts'

export interface EngineOptions {
  /** Built-in plugins; the engine knows none by name. */
  readonly plugins: readonly PluginClass[]
  readonly host: Host
  /** Services in place of those that the engine or its plugins offer under the same keys. */
  readonly services?: ServiceReplacements
  /** Its place among engines that train together; it is alone without one. */
  readonly group?: GroupMember | undefined
  /** Gets every event, in order. */
  onEvent(record: EventRecord): void
}

const emptyProject: Project = { config: '', modules: [], manifests: [], assets: [] }

export class Engine implements EngineApi {
  readonly events: EventBus
  readonly #options: EngineOptions
  readonly #makeModules: () => ModuleGraph
  readonly #modules: ModuleGraph
  readonly #assets: AssetInbox
  readonly #device: DeviceSlot
  readonly #core: Core
  readonly #lifecycle: Lifecycle
  readonly #runs: RunSlot
  readonly #tests: TestSlot
  readonly #turn = new Turn()
  /** Of the project as it was last opened, whether it could be taken or not. */
  #problems: readonly EngineError[] = []

  /** `makeModules` gives graphs that know what user modules can import. */
  constructor(options: EngineOptions, makeModules: () => ModuleGraph) {
    const { host, plugins, services = [], group = alone } = options
    this.#options = options
    this.#makeModules = makeModules
    this.#modules = makeModules()
    this.events = new EventBus({
      now: () => host.now(),
      step: () => this.#runs.active?.position,
      onEvent: (record) => options.onEvent(record),
      onFailure: (thrown, { type }) => {
        if (type !== 'error.uncaught') this.reportUncaught(thrown)
      },
    })
    this.#assets = new AssetInbox(this.events)
    this.#device = new DeviceSlot({
      host,
      bus: this.events,
      onLost: async () => await this.#runs.active?.stop(),
    })
    this.#core = makeCore({
      host,
      bus: this.events,
      modules: this.#modules,
      services,
      group,
      call: (name, method, args, by) => this.#lifecycle.unit(name).call(method, args, by),
      project: () => this.#lifecycle.project,
      device: () => this.#device.device.info,
      asset: (path) => this.asset(path),
      ask: (plugin, step, by) => this.#lifecycle.ask(plugin, step, by),
    })
    this.#lifecycle = new Lifecycle({
      core: this.#core,
      project: readProject(emptyProject, plugins, this.#modules),
      turn: this.#turn,
      isPinned: (name) => this.#runs.active?.needs(name) === true,
    })
    this.#tests = new TestSlot({
      host,
      bus: this.events,
      logs: this.#core.logs,
      turn: this.#turn,
      builtins: plugins,
      makeModules,
      isTraining: () => this.#runs.active !== undefined,
      device: () => this.#device.device.info,
      asset: (path) => this.asset(path),
    })
    this.#runs = new RunSlot({
      core: this.#core,
      host,
      turn: this.#turn,
      onEnd: () => void this.#turn.run(() => this.#lifecycle.releaseFailed()),
    })
  }

  /** Its plugins, for what runs in the same thread. */
  get plugins(): Pick<Lifecycle, 'unit' | 'startOrder'> {
    return this.#lifecycle
  }

  boot({ device, measured }: Parameters<EngineApi['boot']>[0]): Promise<DeviceInfo> {
    return this.#turn.run(() => this.#device.open(device, measured))
  }

  open(project: Project): Promise<ProjectReport> {
    return this.#turn.run(async () => {
      const next = readProject(project, this.#options.plugins, this.#modules)
      this.#problems = next.problems
      this.#tests.modules = project.modules
      this.#tests.manifests = project.manifests
      const before = this.#lifecycle.project.config
      if (this.#lifecycle.isUp) await this.#swap(next)
      else this.#lifecycle.adopt(next)
      if (this.#runs.active) tellOfNextRun(this.#core.logs, before, this.#lifecycle.project.config)
      return this.#report()
    })
  }

  async inspect(project: Project): Promise<Inspection> {
    const modules = this.#makeModules()
    const { definitions, problems } = readProject(project, this.#options.plugins, modules)
    const plugins = [...definitions.values()].flatMap(
      ({ origin, manifest, file = '', replacesBuiltin }) =>
        origin === 'workspace' ? { manifest, file, replacesBuiltin } : [],
    )
    return { plugins, problems: problems.map((error) => errorInfo(error)) }
  }

  /** Takes a changed project while plugins are up, and fresh instances of `renewed`. */
  async #swap(next: OpenProject, renewed?: ReadonlySet<string>): Promise<void> {
    const { active: run } = this.#runs
    const parts = { lifecycle: this.#lifecycle, bus: this.events, modules: this.#modules, run }
    const problem = await swapProject(parts, next, renewed)
    if (problem) this.#problems = [problem]
  }

  activate(): Promise<ProjectReport> {
    return this.#turn.run(async () => {
      await this.#lifecycle.bringUp()
      const report = this.#report()
      const { experiment } = this.#lifecycle.project.config
      // A plugin that failed is missed by the experiment: one problem, not two.
      if (!experiment || report.problems.length > 0) return report
      return this.#report(this.#core.creator.check(experiment))
    })
  }

  transition(plugin: string, step: LifecycleStep): Promise<void> {
    return this.#turn.run(() => this.#lifecycle.step(plugin, step))
  }

  renew(plugin: string): Promise<void> {
    return this.#turn.run(async () => {
      const { isUp } = this.#lifecycle.unit(plugin)
      if (!isUp) await this.#lifecycle.beginAnew(plugin)
      else await this.#swap(this.#lifecycle.project, new Set([plugin]))
    })
  }

  async profile(options: ProfileOptions | null): Promise<void> {
    if (options) this.#core.profiler.begin(options, this.#device.device)
    else this.#core.profiler.end()
  }

  async call(plugin: string, method: string, ...args: unknown[]): Promise<unknown> {
    return plainCopy(await this.#core.call(plugin, method, args))
  }

  report(): Promise<ProjectReport> {
    return this.#turn.run(async () => this.#report())
  }

  #report(problems = this.#problems): ProjectReport {
    return reportOf(this.#core, this.#lifecycle, problems)
  }

  yamlSchemas(): Promise<Record<string, Record<string, unknown>>> {
    return this.#turn.run(async () => yamlSchemasOf(this.#core, this.#lifecycle))
  }

  async startRun(options: RunOptions = {}): Promise<string> {
    if (this.#tests.isActive) throw runDuringTests()
    const beginning = await readBeginning(options, (path) => this.asset(path))
    return await this.#turn.run(() => {
      if (this.#problems.length > 0) throw joined(this.#problems)
      return this.#runs.start(this.#lifecycle, this.#device.device, beginning)
    })
  }

  async checkpoint(
    key: number,
    begin: number,
    end: number,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#core.checkpoints.read(key, begin, end) ?? null
  }

  async takeCheckpoint(key: number): Promise<void> {
    this.#core.checkpoints.take(key)
  }

  async exportModel(format: ComponentRef, from: CheckpointSource): Promise<ModelFile[]> {
    const checkpoint = await openCheckpoint(from, (path) => this.asset(path))
    const within = { core: this.#core, lifecycle: this.#lifecycle }
    return await this.#turn.run(() => exportModel(within, format, checkpoint))
  }

  async predictForm(): Promise<PredictForm | null> {
    return this.#runs.tryOut?.form() ?? null
  }

  async predict(
    values: Readonly<Record<string, InputValue>>,
    options?: PredictOptions,
  ): Promise<Prediction> {
    const { tryOut } = this.#runs
    if (tryOut) return await tryOut.predict(values, options)
    throw new EngineError({
      code: 'run.state',
      message: 'there is no model to predict with',
      hint: 'start a run; its model can be used from its first step on',
    })
  }

  control(action: RunAction): Promise<void> {
    return this.#runs.control(action)
  }

  async describeModel(): Promise<ModelGraph> {
    const run = this.#runs.active
    const live = run && (await describeRun(run))
    if (live) return live
    return await this.#turn.run(() => {
      if (this.#problems.length > 0) throw joined(this.#problems)
      return describeProject({
        core: this.#core,
        lifecycle: this.#lifecycle,
        host: this.#options.host,
        turn: this.#turn,
        device: this.#device.device,
      })
    })
  }

  async tests(): Promise<TestFile[]> {
    return this.#tests.list()
  }

  test(selection?: TestSelection): Promise<TestReport> {
    return this.#tests.run(selection)
  }

  async stopTests(): Promise<void> {
    this.#tests.stop()
  }

  async commands(): Promise<CommandInfo[]> {
    return listCommands(this.#core)
  }

  command(name: string, args: Record<string, unknown>): Promise<unknown> {
    return runCommand(this.#core, name, args)
  }

  async validateConfig(
    kind: string,
    name: string,
    config: Record<string, unknown>,
  ): Promise<ErrorInfo[]> {
    const problems = this.#core.creator.validate(kind as KindName, name, config)
    return problems.map((problem) => errorInfo(problem))
  }

  /** Bytes of a file: a checkpoint that the engine holds, or from the page a workspace or shipped one. */
  async asset(path: string): Promise<ArrayBuffer> {
    const held = this.#core.checkpoints.file(path)
    return held ? held.slice().buffer : await this.#assets.request(path)
  }

  async provideAsset(id: number, bytes: FileBytes | null, message?: string): Promise<void> {
    this.#assets.provide(id, bytes, message)
  }

  async artefact(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#core.artefacts.read(name) ?? null
  }

  /** For what user code writes to the console: a line of the log. What libraries write there is none. */
  print(level: LogLevel, values: readonly unknown[]): void {
    const callers = [...this.#modules.callers(), ...this.#tests.callers()]
    const [source] = callers
    if (!source) return
    const plugin = callers.map(({ file }) => this.#ownerOf(file)).find((owner) => owner)
    this.#core.logs.write({ level, message: values.map(printed).join(' '), source }, plugin)
  }

  /** The plugin that a file of the workspace holds. */
  #ownerOf(file: string): string | undefined {
    return [...this.#lifecycle.units.values()].find(({ definition }) => definition.file === file)
      ?.name
  }

  /** For errors and rejections that nobody caught: tells them as an event, led back to their source. */
  reportUncaught(thrown: unknown): void {
    if (this.#tests.takeUncaught(thrown)) return
    const error = this.#modules.locate(thrown, { code: 'plugin.threw' })
    error.plugin ??= error.source && this.#ownerOf(error.source.file)
    // What comes after is computed from what is not there: the run goes no further, and its last checkpoint is good.
    if (error.code === 'device.memory' || error.code === 'device.refused')
      this.#runs.active?.fail(error)
    this.events.emit('error.uncaught', { error: errorInfo(error) }, error.plugin)
  }
}
