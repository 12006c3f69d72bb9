// What the engine needs from where it runs: a worker, Node, a test.
import type { Tensor } from '@tensorflow/tfjs'
import type { DevicePreference, EventData } from '#protocol'
import type { DeviceInfo, ExperimentConfig, Measured } from '#sdk'
import type { ModuleHost } from './modules/index.ts'

type Told = EventData<'run.compiled'>

/** How work was done when it ran last. */
export interface CompileReport {
  readonly pieces: readonly Readonly<Told['pieces'][number]>[]
  readonly reasons: readonly (Pick<Told['reasons'][number], 'kind' | 'message'> & {
    /** Of where it happened, as an `Error` tells it. */
    readonly stack?: string | undefined
  })[]
}

/** What some work computed, which can be computed once more without its code. */
export interface Repeatable {
  /** The same object for all times at which the same was computed from other values. */
  readonly program: object
  /** Arrays that the code wrote, in order. */
  readonly written: readonly ArrayLike<number>[]
  /** How many tensors the code left, those of variables not counted. */
  readonly left: number
  /**
   * Computes it from other values of the inputs and of what was written; gives the tensors that are left. Where what it
   * needs is no longer as it was, nothing is done, and it says what.
   */
  again(inputs: readonly Tensor[], written: readonly ArrayLike<number>[]): Tensor[] | string
}

/** What of some work only its code can do again. */
export interface Obstacle {
  /** It knows values; it does more than to compute. */
  readonly kind: 'reads' | 'does'
  /** What it does, such as `reads the values of a tensor [2]`. */
  readonly message: string
  /** Of where it happened, as an `Error` tells it. */
  readonly stack?: string | undefined
  /** Name of the variable that it happened to, last when it was assigned to. */
  readonly variable?: string
}

/** Work that is done again and again, such as a training step: what it computes runs as one program. */
export interface CompiledWork {
  /**
   * Runs `work`. `done` is there while what it computes waits to be compiled: await it before anything else is
   * computed. Values of `inputs` differ from time to time, though they were made before.
   */
  run<T>(inputs: readonly Tensor[], work: () => T): { value: T; done: Promise<void> | undefined }
  /** Of the last time, once it is done; `undefined` where only the code can do it again. */
  readonly repeatable: Repeatable | undefined
  /** Why it can't be repeated although it is one program. */
  readonly obstacles: readonly Obstacle[]
  /** Once it is done. The same object as long as nothing is other than the time before. */
  report(): CompileReport | undefined
  dispose(): void
}

/** What a graphics processor was given to do. */
export interface LaunchCounts {
  /** Programs that were started. */
  readonly launches: number
  /** Lists of commands that were handed over. */
  readonly submits: number
}

/** How values are stored that live only while a program runs; "mixed": large ones in 16 bits. */
export type Precision = ExperimentConfig['training']['precision']

/** The device that tensors live on. */
export interface Device {
  readonly info: DeviceInfo
  /** Tensors and bytes held now; `gpuBytes` is the memory of the graphics processor that is taken. */
  memory(): { tensors: number; bytes: number; gpuBytes?: number }
  /** Counts from now on, until `end`; not every device can. */
  countLaunches?: () => { count(): LaunchCounts; end(): void }
  /** Absent where each operation runs by itself. */
  compileWork?: (options?: { precision?: Precision }) => CompiledWork
  /** Resolves with the reason when the device is gone; never, as long as it works. */
  readonly lost: Promise<string>
  dispose(): void
}

export interface Host {
  readonly modules: ModuleHost
  /**
   * Throws an `EngineError` (`device.unavailable`) when there is no such device. What was measured before needs no
   * measurement now.
   */
  openDevice(preference: DevicePreference, measured?: readonly Measured[]): Promise<Device>
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after pending messages were delivered (a macrotask). */
  breathe(): Promise<void>
  /** A sign of life from inside synchronous work; cheap enough for every row of a table. */
  beat(): void
  /**
   * Called right before a plugin's code runs. Names the plugin of a workspace, which would be to blame for
   * a hang; an empty label stands for built-ins, which are trusted not to.
   */
  enter(label: string): void
}
