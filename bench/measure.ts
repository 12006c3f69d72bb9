// Measures one workload on one device: start, warm-up, agreement, then timed blocks in turn.
import { requireAgreement } from './agreement.ts'
import type { Lane, Started, Turn } from './lane.ts'
import {
  type CompetitorName,
  type CompetitorResult,
  MEMORY_STEPS,
  type MeasureRequest,
  type MeasureResult,
  type MemoryResult,
} from './report.ts'
import { shapes, titleOf } from './workloads.ts'

/** Where lanes are opened, and how busy their threads were. */
export interface Surroundings {
  openLane(name: CompetitorName): Promise<Lane>
  /** Milliseconds that the thread of all lanes has been busy so far, where that can be told. */
  busyMs?(): Promise<number>
}

/** Untimed steps after the first one. */
const WARM_UP_STEPS = 3
const [MIN_STEPS, MAX_STEPS] = [2, 200]

/** One competitor on its way through the measurement. */
class Entrant {
  readonly result: CompetitorResult
  readonly #lane: Lane
  readonly #surroundings: Surroundings
  #launches = 0
  #submits = 0
  #busyMs = 0
  #last: Turn | undefined

  constructor(name: CompetitorName, lane: Lane, surroundings: Surroundings, started: Started) {
    this.#lane = lane
    this.#surroundings = surroundings
    const { parameters, buildMs: firstStepMs } = started
    this.result = {
      name,
      parameters,
      firstStepMs,
      firstLosses: [],
      stepsPerBlock: MIN_STEPS,
      stepMs: [],
    }
  }

  async takeFirstStep(): Promise<void> {
    const { losses, durationMs } = await this.#lane.train(1)
    this.result.firstStepMs += durationMs
    this.result.firstLosses.push(...losses)
    console.info(`${this.result.name}: first step after ${Math.round(this.result.firstStepMs)} ms`)
  }

  /** Takes untimed steps, and chooses from the last ones how many fill a block. */
  async warmUp(blockMs: number): Promise<void> {
    const { losses } = await this.#lane.train(WARM_UP_STEPS)
    this.result.firstLosses.push(...losses)
    const { durationMs } = await this.#lane.train(MIN_STEPS)
    const steps = Math.round((blockMs / durationMs) * MIN_STEPS)
    this.result.stepsPerBlock = Math.min(MAX_STEPS, Math.max(MIN_STEPS, steps))
  }

  /** Times one block. */
  async run(): Promise<void> {
    const { stepsPerBlock, stepMs } = this.result
    const busyBefore = await this.#surroundings.busyMs?.()
    const turn = await this.#lane.train(stepsPerBlock)
    const busyAfter = await this.#surroundings.busyMs?.()
    if (busyBefore !== undefined && busyAfter !== undefined) this.#busyMs += busyAfter - busyBefore
    this.#launches += turn.gpu.launches
    this.#submits += turn.gpu.submits
    this.#last = turn
    stepMs.push(turn.durationMs / stepsPerBlock)
  }

  /** Takes steps up to each of `MEMORY_STEPS`. Resolves with the bytes of buffers after each. */
  async watchMemory(): Promise<number[]> {
    const bytes: number[] = []
    let step = this.result.firstLosses.length
    for (const until of MEMORY_STEPS) {
      bytes.push((await this.#lane.train(until - step)).gpu.bytes)
      step = until
    }
    return bytes
  }

  /** Ends it; the result is whole then. */
  async finish(device: MeasureRequest['device']): Promise<void> {
    const { stepsPerBlock, stepMs } = this.result
    const steps = stepsPerBlock * stepMs.length
    if (device === 'webgpu' && steps > 0) {
      this.result.launchesPerStep = this.#launches / steps
      this.result.submitsPerStep = this.#submits / steps
      if (this.#surroundings.busyMs) this.result.busyMsPerStep = this.#busyMs / steps
      this.result.gpuBytes = this.#last!.gpu.bytes
    }
    Object.assign(this.result, this.#last?.memory)
    await this.#lane.end()
  }
}

/** Starts all competitors, one after the other, on the weights of the first. */
async function startAll(request: MeasureRequest, surroundings: Surroundings) {
  const entrants: Entrant[] = []
  let first: Started | undefined
  for (const name of request.competitors) {
    const lane = await surroundings.openLane(name)
    const started = await lane.start({ name, request, weights: first?.weights })
    first ??= started
    const entrant = new Entrant(name, lane, surroundings, started)
    await entrant.takeFirstStep()
    entrants.push(entrant)
  }
  const { label = 'unnamed device', isSoftware = false } = first?.device ?? {}
  return { entrants, label, isSoftware }
}

/** Warms all up, checks that they agree, and times them in turn; every round begins with another one. */
export async function measureWorkload(
  request: MeasureRequest,
  surroundings: Surroundings,
): Promise<MeasureResult> {
  const shape = shapes[request.workload][request.scale]
  const { entrants, label, isSoftware } = await startAll(request, surroundings)
  for (const entrant of entrants) await entrant.warmUp(request.blockMs)
  requireAgreement(entrants.map(({ result }) => result))
  for (let round = 0; round < request.repeats; round++) {
    for (let i = 0; i < entrants.length; i++) await entrants[(round + i) % entrants.length]!.run()
    console.info(`round ${round + 1} of ${request.repeats}`)
  }
  for (const entrant of entrants) await entrant.finish(request.device)
  return {
    request,
    title: titleOf(shape),
    unit: shape.kind === 'gpt' ? 'tokens' : 'examples',
    unitsPerStep: shape.kind === 'gpt' ? shape.batch * shape.context : shape.batch,
    device: label,
    isSoftware,
    competitors: entrants.map(({ result }) => result),
  }
}

/** Bytes of GPU buffers, early and late in a training. */
export async function measureMemory(
  request: MeasureRequest,
  surroundings: Surroundings,
): Promise<MemoryResult> {
  const { entrants, label } = await startAll(request, surroundings)
  const gpuBytes: MemoryResult['gpuBytes'] = {}
  for (const entrant of entrants) {
    gpuBytes[entrant.result.name] = await entrant.watchMemory()
    await entrant.finish(request.device)
  }
  const title = titleOf(shapes[request.workload][request.scale])
  return { request, title, device: label, gpuBytes }
}
