// What a run needs from the engine around it: parts by name, hooks, events, the device.
import type {
  ComponentRef,
  EngineError,
  EnvOf,
  ErrorCode,
  HookArgs,
  HookName,
  InstanceOf,
  KindName,
} from '#sdk'
import type { EventData, EventType } from '#protocol'

/** Calls the handlers of hooks, in order, those of stopped plugins left out. */
export interface HookCaller {
  /** Tells all. A handler that throws is isolated. A promise only if some handler was async. */
  each<N extends HookName>(name: N, args: HookArgs<N>): void | Promise<void>
  /** Hands a value on from handler to handler and returns the last one. Throws what a handler throws. */
  pipe<N extends HookName>(name: N, args: HookArgs<N>): unknown
  /** True when any handler would be called. */
  has(name: HookName): boolean
}

/** Who was called when something was thrown. */
export interface Where {
  code: ErrorCode
  plugin?: string
  stage?: string
  hook?: string
}

export interface RunEnvironment {
  /** Builds a component; its config is checked, problems are located. */
  create<K extends KindName>(kind: K, ref: ComponentRef | undefined, env: EnvOf<K>): InstanceOf<K>
  /** Name of the plugin that provides a component. */
  ownerOf(kind: KindName, ref: ComponentRef | undefined): string
  hooks: HookCaller
  emit<T extends EventType>(type: T, data: EventData<T>): void
  /** Bytes of a shipped or workspace file. */
  asset(path: string): Promise<ArrayBuffer>
  /** `lost` resolves with the reason when the device is gone. */
  device: { memory(): { tensors: number; bytes: number }; lost: Promise<string> }
  /** In ms since the epoch. */
  now(): number
  /** Resolves after pending messages were delivered. */
  breathe(): Promise<void>
  /** Called right before plugin code runs: names who would be to blame for a hang. */
  enter(label: string): void
  /** Anything thrown by user code as an `EngineError` that leads to the user's line. */
  locate(thrown: unknown, where: Where): EngineError
}
