// The parts of an engine that plugins reach through their contexts.
import type { Clock, DeviceInfo, EngineError, SourceLocation } from '#sdk'
import type { CheckpointStore } from '../checkpoint/index.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { GroupMember } from '../group/index.ts'
import type { HookTable } from '../hooks/index.ts'
import type { Blame } from '../modules/index.ts'
import type { Profiler } from '../profile/index.ts'
import type { Creator, PanelTable, Registry } from '../registry/index.ts'
import type { ArtefactStore, Logs, ServiceTable } from '../services/index.ts'

export interface Core {
  readonly bus: EventBus
  readonly logs: Logs
  readonly hooks: HookTable
  readonly profiler: Profiler
  readonly registry: Registry
  readonly creator: Creator
  readonly services: ServiceTable
  readonly panels: PanelTable
  readonly artefacts: ArtefactStore
  readonly checkpoints: CheckpointStore
  readonly clock: Clock
  /** Engines that train with this one. */
  readonly group: GroupMember
  /** Throws while there is none. */
  device(): DeviceInfo
  asset(path: string): Promise<ArrayBuffer>
  /** Whether the workspace has a file. */
  hasAsset(path: string): boolean
  /** Runs a method of a plugin on behalf of another, or of who is outside. */
  call(plugin: string, method: string, args: readonly unknown[], by?: string): Promise<unknown>
  /** Starts or stops a plugin on behalf of another. Throws `plugin.unknown`. */
  ask(plugin: string, step: 'start' | 'stop', by: string): void
  /** Says whose code runs next, for the host. */
  enter(plugin: string, stage: string): void
  locate(thrown: unknown, blame: Blame): EngineError
  /** Places in user code that called, innermost first. */
  callers(): readonly SourceLocation[]
  /** Those that a stack names. */
  placesIn(stack: string): readonly SourceLocation[]
}
