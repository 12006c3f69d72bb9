// A real engine beside the one that runs the tests: its own plugins, services, events and clock.
import type { EventData, LifecycleStep, PluginState, ProjectReport } from '#protocol'
import {
  type Clock as ClockService,
  Clock,
  type ComponentRef,
  EngineError,
  type EndReason,
  type ErrorInfo,
  isEngineError,
  type Metrics,
  type ModelFile,
  type PluginClass,
  type PluginInstance,
  pluginSpec,
  type ServiceKey,
} from '#sdk'
import { Engine } from '../engine.ts'
import { joined } from '../joined.ts'
import { described } from './described.ts'
import { EventLog } from './event-log.ts'
import type { Settings } from './line.ts'
import { surroundings } from './surroundings.ts'
import { testHost } from './test-host.ts'

export interface TestEngineOptions {
  /**
   * Classes as plugin files export them, also where a plugin.yaml describes them. They are enabled; beside them are
   * the built-in ones, as ever.
   */
  plugins?: readonly PluginClass[]
  /** What plugboard.yaml would say. Its experiment may name a model graph of the workspace. */
  config?: { plugins?: Settings; experiment?: Settings; [section: string]: unknown }
  /** Services in place of those that the engine or its plugins offer: `[[Clock, clock]]`. */
  services?: readonly (readonly [key: ServiceKey<unknown>, value: unknown])[]
  /** Text or bytes of files for `ctx.asset`, by path. Others come from the workspace. */
  assets?: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>
  /** Time of events and the service `core.clock`. */
  clock?: ClockService
}

/** How a run ended. */
export interface TestRun {
  readonly reason: EndReason
  readonly steps: number
  /** The last value of each metric. */
  readonly metrics: Metrics
}

export interface TestEngine {
  /** Everything that happened in it. */
  readonly events: EventLog
  /** Brings all plugins up. Throws what is wrong with the project or keeps a plugin from coming up. */
  up(): Promise<void>
  /** Takes all plugins down, those that stand on others first. */
  down(): Promise<void>
  /** One step of one plugin, by hand. Rejects when its state does not allow it, or with its failure. */
  step(plugin: string, step: LifecycleStep): Promise<void>
  state(plugin: string): PluginState
  /** The plugin's object, to call its methods; from load to cleanup. */
  instance<P = PluginInstance>(plugin: string): P
  /** Runs a method with its hooks and timer, as other plugins do with `ctx.call`. */
  call(plugin: string, method: string, ...args: unknown[]): Promise<unknown>
  report(): Promise<ProjectReport>
  /** Trains the experiment to its end. Throws what made it fail. */
  run(): Promise<TestRun>
  /** Files of a run's model in a format; `from` is the path of a checkpoint that the run took. */
  exportModel(format: ComponentRef, from?: string): Promise<ModelFile[]>
  command(name: string, args?: Record<string, unknown>): Promise<unknown>
}

/** Opens an engine of its own; no plugin code runs yet. Any number can live side by side. */
export async function createTestEngine({
  plugins: given = [],
  config = {},
  services = [],
  assets = {},
  clock,
}: TestEngineOptions = {}): Promise<TestEngine> {
  const { builtins, modules, workspace, onLog, runs } = surroundings()
  const plugins = await Promise.all(given.map((plugin) => described(plugin, workspace)))
  const names = plugins.map(nameOf)
  const log = new EventLog()
  const engine: Engine = new Engine(
    {
      plugins: [...builtins.filter((plugin) => !names.includes(nameOf(plugin))), ...plugins],
      host: testHost(clock),
      services: clock ? [[Clock, clock], ...services] : services,
      onEvent(record) {
        log.add(record)
        if (record.type === 'log') onLog(record.data as EventData<'log'>, record.plugin)
        if (record.type === 'asset.request') void answer(record.data as AssetRequest)
      },
    },
    () => modules,
  )

  async function answer({ id, path }: AssetRequest): Promise<void> {
    try {
      await engine.provideAsset(id, await bytesOf(path))
    } catch (thrown) {
      await engine.provideAsset(id, null, thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  async function bytesOf(path: string): Promise<ArrayBuffer> {
    const given = Object.hasOwn(assets, path) ? assets[path] : undefined
    if (given === undefined) return await surroundings().asset(path)
    return (typeof given === 'string' ? new TextEncoder().encode(given) : given.slice()).buffer
  }

  const state = (plugin: string): PluginState => engine.plugins.unit(plugin).state

  await engine.open({
    config: projectText(config, names),
    modules: [],
    manifests: workspace?.manifests.filter(({ path }) => path === graphPathOf(config)) ?? [],
    assets: Object.keys(assets).map((path) => ({ path, version: '' })),
  })
  await engine.boot({ device: 'auto' })
  return {
    events: log,
    async up() {
      const { problems } = await engine.activate()
      if (problems.length > 0) throw withoutFile(joined(problems.map(revived)))
    },
    async down() {
      for (const { name } of engine.plugins.startOrder().toReversed()) {
        if (state(name) === 'running') await engine.transition(name, 'stop')
        if (isLoaded.has(state(name))) await engine.transition(name, 'cleanup')
      }
    },
    async step(plugin, step) {
      await engine.transition(plugin, step).catch(rethrow)
    },
    state,
    instance: <P>(plugin: string) => engine.plugins.unit(plugin).instance as P,
    call: (plugin, method, ...args) => engine.call(plugin, method, ...args),
    report: () => engine.report(),
    async run() {
      const id = await engine.startRun().catch(rethrow)
      const end = (): void => void engine.control('stop').catch(() => undefined)
      runs.add(end)
      await log.once('run.state', ({ data }) => {
        const run = data as { id: string; state: string }
        return run.id === id && run.state === 'ended'
      })
      runs.delete(end)
      const ended = log.data('run.state').findLast((run) => run.id === id)!
      if (ended.error) throw revived(ended.error)
      const points = log.data('run.metrics').flatMap((of) => (of.id === id ? of.points : []))
      const metrics: Metrics = Object.assign({}, ...points.map(({ values }) => values))
      return { reason: ended.reason ?? 'finished', steps: ended.step, metrics }
    },
    exportModel: (format, from = 'checkpoints/last.safetensors') =>
      engine.exportModel(format, from).catch(rethrow),
    command: (name, args = {}) => engine.command(name, args),
  }
}

interface AssetRequest {
  id: number
  path: string
}

/** States from which a plugin is cleaned up; from others there is nothing to clean. */
const isLoaded: ReadonlySet<PluginState> = new Set(['loaded', 'initialized', 'stopped'])

const nameOf = (plugin: PluginClass): string => pluginSpec(plugin)!.manifest!.name

/** Where the model of the experiment lies, if it is a graph of the workspace. */
function graphPathOf({ experiment }: NonNullable<TestEngineOptions['config']>): string {
  const model: unknown = experiment?.['model']
  const name: unknown = typeof model === 'object' ? Object(model)['name'] : model
  return `models/${String(name)}.yaml`
}

/** Text of plugboard.yaml; JSON is YAML. The plugins given are used unless the config says otherwise. */
function projectText(config: NonNullable<TestEngineOptions['config']>, names: string[]): string {
  const { use, ...rest } = config.plugins ?? {}
  const enabled = Object.fromEntries(names.map((name) => [name, {}]))
  return JSON.stringify({ ...config, plugins: { ...rest, use: { ...enabled, ...Object(use) } } })
}

/** Its project file is no file of the author's: the place is that of the test. */
function withoutFile(thrown: unknown): unknown {
  if (isEngineError(thrown) && thrown.source?.file === 'plugboard.yaml') thrown.source = undefined
  return thrown
}

function rethrow(thrown: unknown): never {
  throw withoutFile(thrown)
}

const revived = ({ cause, ...info }: ErrorInfo): EngineError =>
  new EngineError(cause ? { ...info, cause: revived(cause) } : info)
