// Puts together the parts that plugins reach through their contexts.
import { type DeviceInfo, type EngineError, errorInfo } from '#sdk'
import { CheckpointStore } from './checkpoint/index.ts'
import type { EventBus } from './events/event-bus.ts'
import { FAILURE_LIMIT, type Handler, HookTable } from './hooks/index.ts'
import type { GroupMember } from './group/index.ts'
import type { Host } from './host.ts'
import type { Core, OpenProject } from './lifecycle/index.ts'
import type { Blame, ModuleGraph } from './modules/index.ts'
import { Profiler } from './profile/index.ts'
import { Creator, PanelTable, Registry } from './registry/index.ts'
import {
  ArtefactStore,
  Logs,
  makeClock,
  type ServiceReplacements,
  ServiceTable,
} from './services/index.ts'

export interface CoreParts {
  readonly host: Pick<Host, 'enter' | 'now' | 'beat'>
  readonly bus: EventBus
  readonly modules: ModuleGraph
  readonly services: ServiceReplacements
  readonly group: GroupMember
  readonly call: Core['call']
  /** The project as it is open now. */
  project(): OpenProject
  device(): DeviceInfo
  asset(path: string): Promise<ArrayBuffer>
  ask(plugin: string, step: 'start' | 'stop', by: string): void
}

/** A handler may take so many times what a lifecycle method may. */
const HOOK_TIMES = 12

export function makeCore(parts: CoreParts): Core {
  const { host, bus, modules, services, group, call, project, device, asset, ask } = parts
  const enter = (plugin: string, stage: string): void => {
    const isWorkspace = project().definitions.get(plugin)?.origin === 'workspace'
    host.enter(isWorkspace ? `${plugin} · ${stage}` : '')
  }
  const locate = (thrown: unknown, blame: Blame): EngineError => modules.locate(thrown, blame)
  const logs = new Logs(
    bus,
    () => project().config.logging,
    () => modules.callers()[0],
  )
  const registry = new Registry()
  const profiler = new Profiler({ emit: (type, data) => bus.emit(type, data) })
  const hooks = new HookTable({
    profiler,
    enter,
    locate: (thrown, blame) => inHandler(locate(thrown, blame), blame, project()),
    onFailure: (handler, error) => tellFailure(bus, handler, error),
    onSlow: ({ plugin, hook }, durationMs) =>
      bus.emit('hook.slow', { plugin, hook, durationMs }, plugin),
    limitMs: () => HOOK_TIMES * project().config.plugins.timeout_ms,
  })
  return {
    bus,
    logs,
    hooks,
    profiler,
    registry,
    creator: new Creator(registry, {
      enter,
      beat: () => host.beat(),
      locate,
      promised: (kind) => promisedNames(project(), kind),
      place: (path) => project().locate(path),
      hooks,
      warn: (plugin, message) => logs.of(plugin).warn(message),
    }),
    services: new ServiceTable(bus, services),
    panels: new PanelTable(bus),
    artefacts: new ArtefactStore(bus),
    checkpoints: new CheckpointStore(bus),
    clock: makeClock(host),
    group,
    call,
    ask,
    device,
    asset,
    hasAsset: (path) => project().assets.has(path),
    enter,
    locate,
    callers: () => modules.callers(),
    placesIn: (stack) => modules.placesIn(stack),
  }
}

/** Codes of what is wrong with a handler that has returned: the stack is that of its caller by then. */
const AFTERWARDS: ReadonlySet<string> = new Set(['hook.result', 'hook.async', 'hook.next'])

/** The error at the place of the handler that it is about. */
function inHandler(error: EngineError, blame: Blame, { definitions }: OpenProject): EngineError {
  const definition = definitions.get(blame.plugin ?? '')
  const place = definition?.placeOf?.(blame.hook ?? '') ?? definition?.source
  const isAbout = AFTERWARDS.has(error.code) && error.plugin === blame.plugin
  if (isAbout && place && error.source?.file !== place.file) error.source = place
  return error
}

/** Tells that a handler failed, and takes its plugin out of work when it did so too often. */
function tellFailure(bus: EventBus, handler: Handler, error: EngineError): void {
  const { plugin, hook, failuresInRow: failures } = handler
  const isQuarantined = failures >= FAILURE_LIMIT
  const data = { plugin, hook, failures, isQuarantined, error: errorInfo(error) }
  bus.emit('hook.failed', data, plugin)
  if (isQuarantined) handler.quarantine(error)
}

/** Names of a kind that the project's plugins promise in their manifests, whether they are up or not. */
function promisedNames({ definitions }: OpenProject, kind: string): string[] {
  const start = `${kind}/`
  const capabilities = [...definitions.values()].flatMap(({ manifest }) => manifest.provides)
  return capabilities
    .filter((capability) => capability.startsWith(start))
    .map((capability) => capability.slice(start.length))
}
