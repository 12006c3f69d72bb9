// Measures one workload on one device: start, warm-up, agreement, then timed blocks in turn.
import * as tf from '@tensorflow/tfjs'
import { requireAgreement } from './agreement.ts'
import type { Competitor } from './competitor.ts'
import { countsNow } from './gpu-counters.ts'
import type { CompetitorResult, MeasureRequest } from './report.ts'

/** Untimed steps after the first one. */
const WARM_UP_STEPS = 3
const [MIN_STEPS, MAX_STEPS] = [2, 200]

/** One competitor on its way through the measurement. */
export class Entrant<C extends Competitor = Competitor> {
  readonly competitor: C
  readonly result: CompetitorResult
  #launches = 0
  #submits = 0
  /** Of tfjs, gained in this one's turns. */
  #held: { tensors: number; bytes: number }

  private constructor(competitor: C, buildMs: number, held: { tensors: number; bytes: number }) {
    this.competitor = competitor
    this.#held = held
    this.result = {
      name: competitor.name,
      firstStepMs: buildMs,
      firstLosses: [],
      stepsPerBlock: MIN_STEPS,
      stepMs: [],
    }
  }

  /** Builds a competitor. */
  static async build<C extends Competitor>(create: () => C | Promise<C>): Promise<Entrant<C>> {
    const before = tf.memory()
    const startedMs = performance.now()
    const competitor = await create()
    const buildMs = performance.now() - startedMs
    const after = tf.memory()
    return new Entrant(competitor, buildMs, {
      tensors: after.numTensors - before.numTensors,
      bytes: after.numBytes - before.numBytes,
    })
  }

  async takeFirstStep(): Promise<void> {
    const { losses, durationMs } = await this.#train(1)
    this.result.firstStepMs += durationMs
    this.result.firstLosses.push(...losses)
    console.info(`${this.result.name}: first step after ${Math.round(this.result.firstStepMs)} ms`)
  }

  async #train(count: number): Promise<{ losses: number[]; durationMs: number }> {
    const before = tf.memory()
    const startedMs = performance.now()
    const losses = await this.competitor.train(count)
    const durationMs = performance.now() - startedMs
    const after = tf.memory()
    this.#held.tensors += after.numTensors - before.numTensors
    this.#held.bytes += after.numBytes - before.numBytes
    return { losses, durationMs }
  }

  /** Takes untimed steps, and chooses from the last ones how many fill a block. */
  async warmUp(blockMs: number): Promise<void> {
    const { losses } = await this.#train(WARM_UP_STEPS)
    this.result.firstLosses.push(...losses)
    const { durationMs } = await this.#train(MIN_STEPS)
    const steps = Math.round((blockMs / durationMs) * MIN_STEPS)
    this.result.stepsPerBlock = Math.min(MAX_STEPS, Math.max(MIN_STEPS, steps))
  }

  /** Times one block. */
  async run(): Promise<void> {
    const { stepsPerBlock, stepMs } = this.result
    const before = countsNow()
    const { durationMs } = await this.#train(stepsPerBlock)
    const after = countsNow()
    this.#launches += after.launches - before.launches
    this.#submits += after.submits - before.submits
    stepMs.push(durationMs / stepsPerBlock)
  }

  /** Ends it; the result is whole then. */
  async finish(device: MeasureRequest['device']): Promise<void> {
    const { stepsPerBlock, stepMs, name } = this.result
    const steps = stepsPerBlock * stepMs.length
    if (device === 'webgpu') {
      this.result.launchesPerStep = this.#launches / steps
      this.result.submitsPerStep = this.#submits / steps
    }
    if (name !== 'jax-js') Object.assign(this.result, this.#held)
    await this.competitor.dispose()
  }
}

/** Warms all up, checks that they agree, and times them in turn; every round begins with another one. */
export async function race(
  entrants: readonly Entrant[],
  { repeats, blockMs }: MeasureRequest,
): Promise<void> {
  for (const entrant of entrants) await entrant.warmUp(blockMs)
  requireAgreement(entrants.map(({ result }) => result))
  for (let round = 0; round < repeats; round++) {
    for (let i = 0; i < entrants.length; i++) await entrants[(round + i) % entrants.length]!.run()
    console.info(`round ${round + 1} of ${repeats}`)
  }
}
