// What a run needs from the engine around it: parts by name, hooks, events, the device.
import type {
  CheckpointInfo,
  ComponentRef,
  CreatePart,
  EngineError,
  KindName,
  Logger,
  SourceLocation,
} from '#sdk'
import type { EventData, EventType } from '#protocol'
import type { PluginState } from '../checkpoint/index.ts'
import type { ProjectConfig, ValueSchedule } from '../config/index.ts'
import type { HookCaller } from '../hooks/index.ts'
import type { Device } from '../host.ts'
import type { StepCode } from '../lifecycle/index.ts'
import type { Blame } from '../modules/index.ts'
import type { Profiler } from '../profile/index.ts'
import type { TextReading } from '../registry/index.ts'

export interface RunEnvironment {
  /** Builds a component; its config is checked, problems are located. */
  create: CreatePart
  /** Name of the plugin that provides a component. */
  ownerOf(kind: KindName, ref: ComponentRef | undefined): string
  /** What a preprocessor's settings are, and the columns of text that it has the tokenizer read. */
  reading(ref: ComponentRef): TextReading
  hooks: HookCaller
  /** Records steps, when asked to. */
  profiler: Profiler
  /** Values that change over the run. */
  values: Readonly<Record<string, ValueSchedule>>
  /** Enables and disables plugins as the project's schedules say for the epoch that is about to begin. */
  enterEpoch(epoch: number): Promise<void>
  /** States of plugins, for checkpoints. */
  plugins: {
    capture(): Promise<Record<string, PluginState>>
    /** Gives running plugins what they captured; plugins switched on or off meanwhile are so again. */
    restore(states: Readonly<Record<string, PluginState>>): Promise<void>
  }
  /** Where checkpoints go. */
  checkpoints: {
    /** Least time between those that a run takes by itself; without it, it takes none. */
    readonly everyMs?: number | undefined
    /** Whoever keeps them has taken all so far. */
    isTaken(): boolean
    keep(info: CheckpointInfo, file: Uint8Array<ArrayBuffer>, isAutomatic: boolean): void
    remove(run: string, name: string): void
  }
  /** Resolves when plugins that others asked to enable or disable are; `undefined` when there are none. */
  switched(): Promise<void> | undefined
  emit<T extends EventType>(type: T, data: EventData<T>): void
  /** Log lines about what a plugin does; without one, about the run. */
  log(plugin?: string): Logger
  /** A line about the run with its place. */
  write(line: EventData<'log'>): void
  /** Bytes of a shipped or workspace file. */
  asset(path: string): Promise<ArrayBuffer>
  device: Pick<Device, 'memory' | 'lost' | 'compileWork'>
  /** Whether steps are compiled where that can be done, as the project says now. */
  readonly compile: ProjectConfig['device']['compile']
  /** In ms since the epoch. */
  now(): number
  /** Resolves after pending messages were delivered. */
  breathe(): Promise<void>
  /** What the code inside of a step holds, where the parts come from these plugins. */
  stepCode(plugins: ReadonlySet<string>): StepCode
  /** Counts calls of handlers inside of a step from here on; in the end it gives what counts as many once more. */
  countCalls(): () => () => void
  /** Places in user code that called, innermost first. */
  callers(): readonly SourceLocation[]
  /** Those that a stack names. */
  placesIn(stack: string): readonly SourceLocation[]
  /** A sign of life from inside synchronous work. */
  beat(): void
  /** Called right before a plugin's code runs: says who would be to blame for a hang. */
  enter(plugin: string, stage: string): void
  /** Anything thrown by user code as an `EngineError` that leads to the user's line. */
  locate(thrown: unknown, blame: Blame): EngineError
}
