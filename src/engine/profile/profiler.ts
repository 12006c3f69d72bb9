// Records where the time of some steps goes, when asked to; else it costs one check at each place.
import type { EventData, EventType, ProfileOptions } from '#protocol'
import { EngineError } from '#sdk'
import type { Device, LaunchCounts } from '../host.ts'
import { StepRecording } from './step-recording.ts'

/** Most steps of one recording. */
const MAX_STEPS = 1000
/** Backends whose calls return only when the work is done: their times are exact by themselves. */
const SYNCHRONOUS: ReadonlySet<string> = new Set(['cpu', 'wasm'])

export interface ProfilerOptions {
  emit<T extends EventType>(type: T, data: EventData<T>): void
}

interface Order extends ProfileOptions {
  readonly device: Device
  readonly countLaunches: (() => LaunchCounts) | undefined
  readonly stopLaunches: () => void
  readonly startedMs: number
  done: number
}

export class Profiler {
  /** The step that is being recorded. Read at every call of plugins' code: one check when there is none. */
  step: StepRecording | undefined
  readonly #options: ProfilerOptions
  #order: Order | undefined

  constructor(options: ProfilerOptions) {
    this.#options = options
  }

  /** Records the next steps, of this run or the next one; a recording under way ends. */
  begin(options: ProfileOptions, device: Device): void {
    const { steps } = options
    if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS) {
      throw new EngineError({
        code: 'config.invalid',
        message: `a recording of ${String(steps)} steps was asked for; it takes 1 to ${MAX_STEPS}`,
        hint: 'give a whole number of steps in that range',
      })
    }
    this.end()
    const isExact = options.isExact || SYNCHRONOUS.has(device.info.backend)
    const launches = device.countLaunches?.()
    this.#order = {
      steps,
      isExact,
      device,
      countLaunches: launches && (() => launches.count()),
      stopLaunches: () => launches?.end(),
      startedMs: performance.now(),
      done: 0,
    }
    this.#options.emit('profile.state', { state: 'recording', steps, isExact, done: 0 })
  }

  /** Ends the recording, where there is one. */
  end(): void {
    const order = this.#order
    if (!order) return
    this.step?.close()
    this.step = undefined
    this.#order = undefined
    order.stopLaunches()
    const { steps, isExact, done } = order
    this.#options.emit('profile.state', { state: 'ended', steps, isExact, done })
  }

  /** A step begins. */
  beginStep(): void {
    if (!this.#order) return
    const { device, isExact, startedMs, countLaunches } = this.#order
    const isWaiting = isExact && !SYNCHRONOUS.has(device.info.backend)
    this.step = new StepRecording({ isWaiting, startedMs, countLaunches })
  }

  /** Its values have been read as far as the run waits for them. */
  endStep(run: string, step: number): void {
    if (!this.step || !this.#order) return
    const { device, steps, isExact } = this.#order
    const recorded = this.step.close()
    this.step = undefined
    this.#options.emit('profile.step', { run, step, isExact, ...recorded, ...device.memory() })
    if (++this.#order.done >= steps) this.end()
  }

  /** A run is over; a recording that it began ends with it. */
  endRun(): void {
    if (this.step || (this.#order && this.#order.done > 0)) this.end()
  }
}
