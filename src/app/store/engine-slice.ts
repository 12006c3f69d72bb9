// The engine as the page knows it: whether it is up, on which device, with which plugins and problems.
import type { CommandInfo, DeviceInfo, ErrorInfo } from '#sdk'
import type { EngineApi, EngineEvent, EventData, PluginInfo, ProjectReport } from '#protocol'
import type { LostReason } from '../remote/index.ts'

export type EngineStatus = 'booting' | 'ready' | 'lost'

export type YamlSchemas = Awaited<ReturnType<EngineApi['yamlSchemas']>>

export interface EngineSlice {
  readonly status: EngineStatus
  /** The last loss; kept while the next engine starts, until dismissed or the next run. */
  readonly lost: LostReason | undefined
  readonly device: DeviceInfo | undefined
  /** Run was pressed and the engine has not taken it up yet. */
  readonly isStarting: boolean
  readonly plugins: readonly PluginInfo[]
  /** JSON schemas of YAML files by name, as far as the engine knows the project. */
  readonly yamlSchemas: YamlSchemas
  /** Of the plugins that are up. */
  readonly commands: readonly CommandInfo[]
  /** Of the workspace's files, as the compiler found them. */
  readonly compileProblems: readonly ErrorInfo[]
  /** Of the project, as the engine found them; a failed reload among them. */
  readonly projectProblems: readonly ErrorInfo[]
  /** What failed while code ran; newest last. */
  readonly runtimeProblems: readonly ErrorInfo[]
}

export const initialEngine: EngineSlice = {
  status: 'booting',
  lost: undefined,
  device: undefined,
  isStarting: false,
  plugins: [],
  yamlSchemas: {},
  commands: [],
  compileProblems: [],
  projectProblems: [],
  runtimeProblems: [],
}

const MAX_RUNTIME_PROBLEMS = 100

export function reduceEngine(engine: EngineSlice, event: EngineEvent): EngineSlice {
  switch (event.type) {
    case 'device.ready':
      return { ...engine, device: event.data }
    case 'device.lost':
    case 'error.uncaught':
    case 'hook.failed':
      return withProblem(engine, event.data.error)
    case 'plugin.reloaded': {
      const names = new Set(event.data.names)
      return {
        ...engine,
        runtimeProblems: engine.runtimeProblems.filter(({ plugin }) => !names.has(plugin ?? '')),
      }
    }
    case 'plugin.discovered':
      return { ...engine, plugins: discovered(engine.plugins, event.data) }
    case 'plugin.removed':
      return { ...engine, plugins: engine.plugins.filter((p) => nameOf(p) !== event.data.name) }
    case 'plugin.state': {
      const { name, state, cause, error } = event.data
      const plugins = engine.plugins.map((plugin) =>
        nameOf(plugin) === name ? { ...plugin, state, cause, error } : plugin,
      )
      return error ? withProblem({ ...engine, plugins }, error) : { ...engine, plugins }
    }
    case 'run.state': {
      const { state, error } = event.data
      if (state === 'preparing' && engine.runtimeProblems.length > 0) {
        return { ...engine, runtimeProblems: [] }
      }
      return error ? withProblem(engine, error) : engine
    }
    default:
      return engine
  }
}

/** Takes over a report; the runtime's own problems stay. */
export function withReport(engine: EngineSlice, report: ProjectReport): EngineSlice {
  return { ...engine, plugins: report.plugins, projectProblems: report.problems }
}

export const nameOf = (plugin: PluginInfo): string => plugin.manifest.name

function withProblem(engine: EngineSlice, error: ErrorInfo): EngineSlice {
  if (engine.runtimeProblems.some((known) => isSameProblem(known, error))) return engine
  const runtimeProblems = [...engine.runtimeProblems, error].slice(-MAX_RUNTIME_PROBLEMS)
  return { ...engine, runtimeProblems }
}

function isSameProblem(a: ErrorInfo, b: ErrorInfo): boolean {
  return (
    a.code === b.code &&
    a.message === b.message &&
    a.source?.file === b.source?.file &&
    a.source?.line === b.source?.line
  )
}

function discovered(
  plugins: readonly PluginInfo[],
  { manifest, origin, file }: EventData<'plugin.discovered'>,
): PluginInfo[] {
  const found = plugins.find((plugin) => nameOf(plugin) === manifest.name)
  if (found) {
    const updated = { ...found, manifest, origin, file }
    return plugins.map((plugin) => (plugin === found ? updated : plugin))
  }
  return [
    ...plugins,
    {
      manifest,
      origin,
      file,
      replacesBuiltin: false,
      isEnabled: false,
      isPinned: false,
      state: 'discovered',
      dependencies: [],
      hooks: [],
      contributions: [],
      services: [],
      uses: [],
      emits: [],
      stages: [],
      metrics: [],
      totalMs: 0,
    },
  ]
}

/** True once plugins were brought up. */
export const arePluginsUp = ({ plugins }: Pick<EngineSlice, 'plugins'>): boolean =>
  plugins.some(({ state }) => state === 'initialized' || state === 'running')
