// One recorded step: its phases, the calls into plugins' code, kernels by name, tensors that calls left behind.
import * as tf from '@tensorflow/tfjs'
import type { EventData, StepPhase } from '#protocol'
import type { LaunchCounts } from '../host.ts'
import { countKernels } from './kernels.ts'
import { leftBehind } from './tensors.ts'

type Recorded = EventData<'profile.step'>
type Span = Recorded['calls'][number]

/** Whose code is called: a hook of a plugin, or a method of a component. */
type Call = Pick<Span, 'plugin' | 'kind' | 'name'>

export interface RecordingOptions {
  /** Each phase waits until the device has done its work. */
  readonly isWaiting: boolean
  /** When the recording began, as `performance.now()` has it. */
  readonly startedMs: number
  readonly countLaunches: (() => LaunchCounts) | undefined
}

/** Most calls that are kept of a step; the rest is counted. */
const MAX_CALLS = 2000

export class StepRecording {
  readonly #options: RecordingOptions
  readonly #beganMs = performance.now()
  readonly #phases: Recorded['phases'] = []
  readonly #calls: Span[] = []
  readonly #kernels = countKernels()
  readonly #launchesBefore: LaunchCounts | undefined
  #phase: { name: StepPhase; startMs: number } | undefined
  #dropped = 0
  #isClosed = false

  constructor(options: RecordingOptions) {
    this.#options = options
    this.#launchesBefore = options.countLaunches?.()
    this.phase('data')
  }

  /** A phase begins, and the one before ends. */
  phase(name: StepPhase): void {
    this.#endPhase()
    this.#phase = { name, startMs: this.#now() }
  }

  #endPhase(): void {
    if (!this.#phase) return
    if (this.#options.isWaiting) this.#kernels.without(waitForDevice)
    const { name, startMs } = this.#phase
    this.#phases.push({ name, startMs, durationMs: this.#now() - startMs })
    this.#phase = undefined
  }

  #now(): number {
    return performance.now() - this.#options.startedMs
  }

  /** A call into plugins' code begins. Returns what ends it. */
  open(call: Call): () => void {
    if (this.#calls.length >= MAX_CALLS) {
      this.#dropped++
      return () => undefined
    }
    const startMs = this.#now()
    // A place now, so that calls stand in the order they began.
    const span: Span = { ...call, startMs, durationMs: 0, tensors: 0 }
    this.#calls.push(span)
    const kept = leftBehind()
    const turn = currentTurn()
    return () => {
      span.durationMs = this.#now() - startMs
      // Meanwhile others had their turn: what was left behind need not be its own.
      if (turn === currentTurn()) span.tensors = kept()
    }
  }

  close(): Omit<Recorded, 'run' | 'step' | 'isExact' | 'tensors' | 'bytes' | 'gpuBytes'> {
    if (!this.#isClosed) this.#endPhase()
    this.#isClosed = true
    const { countLaunches, startedMs } = this.#options
    const kernels = this.#kernels.end()
    const before = this.#launchesBefore
    const now = countLaunches?.()
    return {
      startMs: this.#beganMs - startedMs,
      durationMs: performance.now() - this.#beganMs,
      phases: this.#phases,
      calls: this.#calls,
      droppedCalls: this.#dropped,
      kernels,
      ...(before &&
        now && {
          launches: now.launches - before.launches,
          submits: now.submits - before.submits,
        }),
    }
  }
}

/** Work is done in order: when this small value is there, all before it is done. */
function waitForDevice(): void {
  tf.tidy(() => tf.add(tf.zeros([1]), 1).dataSync())
}

let turn = 0
let isTurnEnding = false

/** The same number until other work has had a turn. */
function currentTurn(): number {
  if (!isTurnEnding) {
    isTurnEnding = true
    queueMicrotask(() => {
      turn++
      isTurnEnding = false
    })
  }
  return turn
}
