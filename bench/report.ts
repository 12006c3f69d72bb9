// What one measurement asks for and what it finds; plain data, handed between page and command line.
import type { DeviceInfo } from '#sdk'
import type { Stage } from './stages.ts'
import type { Scale, WorkloadName } from './workloads.ts'

/** One workload on one device, in a page of its own. */
export interface MeasureRequest {
  workload: WorkloadName
  scale: Scale
  device: 'webgpu' | 'wasm'
  /** Blocks of steps of each competitor that are timed. */
  repeats: number
  /** Length that a timed block aims at, in ms; it is 2 steps at least. */
  blockMs: number
}

export interface CompetitorResult {
  name: string
  /** From an open device to the end of the first update: build, upload, compile, one step. */
  firstStepMs: number
  /** Losses of the first steps, the same for all competitors. */
  firstLosses: number[]
  stepsPerBlock: number
  /** Time of a step, one value a block. */
  stepMs: number[]
  /** Means over all timed steps; WebGPU only. */
  launchesPerStep?: number
  submitsPerStep?: number
  /** Tensors and bytes that it keeps after the last step, by tfjs's own count. */
  tensors?: number
  bytes?: number
}

/** Where the time of this project's step goes. */
export interface StagesResult {
  request: MeasureRequest
  title: string
  device: DeviceInfo
  steps: number
  /** Mean milliseconds of a step, by stage; with a GPU the time to send the work, `read-back` has the rest. */
  stageMs: Record<Stage, number>
}

export interface MeasureResult {
  request: MeasureRequest
  title: string
  /** What a step works on: so many of these. */
  unit: 'tokens' | 'examples'
  unitsPerStep: number
  device: DeviceInfo
  /** Web workers can share memory, which jax-js uses for threads on WebAssembly. */
  hasThreads: boolean
  competitors: CompetitorResult[]
  /** Bytes of all GPU buffers that were made and not destroyed, by library. */
  gpuBytes?: { tfjs: number; 'jax-js': number }
}
