// What one measurement asks for and what it finds; plain data, handed between realms, page and command line.
import type { DeviceInfo } from '#sdk'
import type { Stage } from './stages.ts'
import type { Scale, WorkloadName } from './workloads.ts'

/** In the order of the tables; the first one's initial weights are everybody's. */
export const COMPETITORS = [
  'plugboard',
  'plugboard, not compiled',
  'plain tfjs',
  'jax-js',
  'genai-nanogpt',
] as const
export type CompetitorName = (typeof COMPETITORS)[number]

/** One workload on one device. */
export interface MeasureRequest {
  workload: WorkloadName
  scale: Scale
  device: DeviceInfo['backend']
  competitors: readonly CompetitorName[]
  /** Blocks of steps of each competitor that are timed. */
  repeats: number
  /** Length that a timed block aims at, in ms; it is 2 steps at least. */
  blockMs: number
}

/** How long something else than a workload is measured. */
export type Blocks = Pick<MeasureRequest, 'repeats' | 'blockMs'>

/** Of the step that bytes are read after, first and last. */
export const MEMORY_STEPS = [100, 2000] as const

export interface CompetitorResult {
  name: CompetitorName
  parameters: number
  /** From an open device to the end of the first update: build, upload, compile, one step. */
  firstStepMs: number
  /** Losses of the first steps; the same for all that train the same model. */
  firstLosses: number[]
  stepsPerBlock: number
  /** Time of a step, one value a block. */
  stepMs: number[]
  /** Time that the thread was busy for a step: a mean over all timed steps; WebGPU in a browser only. */
  busyMsPerStep?: number
  /** Means over all timed steps; WebGPU only. */
  launchesPerStep?: number
  submitsPerStep?: number
  /** Of all GPU buffers that were made and not destroyed; WebGPU only. */
  gpuBytes?: number
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

/** What an adapter does at most, and what products of matrices reach of it. */
export interface ProductsResult {
  device: string
  isSoftware: boolean
  /** Thousand million operations a second of multiply-adds in registers, nothing else. */
  peakGflops: number
  /** Of a launch that does next to nothing, and waits for the one before. */
  launchUs: number
  /** The variant that the compiler takes on this adapter. */
  chosen: string
  /** [batch, m, k] by [batch, k, n]; thousand million operations a second by variant. */
  products: { name: string; size: readonly number[]; gflops: Record<string, number> }[]
}

export interface MeasureResult {
  request: MeasureRequest
  title: string
  /** What a step works on: so many of these. */
  unit: 'tokens' | 'examples'
  unitsPerStep: number
  /** That of the first competitor. */
  device: string
  isSoftware: boolean
  competitors: CompetitorResult[]
}

/** Bytes of GPU buffers after each of `MEMORY_STEPS`, by competitor. */
export interface MemoryResult {
  request: MeasureRequest
  title: string
  device: string
  gpuBytes: Partial<Record<CompetitorName, number[]>>
}
