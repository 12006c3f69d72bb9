// Epochs and steps of a run whose data and parts are ready.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Metrics, type Random, type Run, type Table } from '#sdk'
import {
  type EpochArgs,
  epochTable,
  fullBatches,
  makeBatch,
  type PreparedData,
  rowOrder,
} from '../data/index.ts'
import type { Blueprint } from './build-model.ts'
import { checkLabels } from './check-labels.ts'
import { evaluate } from './evaluate.ts'
import { FiniteGuard } from './finite-guard.ts'
import { LateReads } from './late-reads.ts'
import { measure, MetricTotals } from './metric-sums.ts'
import { createParts, disposeParts, listParts, type Parts } from './parts.ts'
import { RunView } from './run-view.ts'
import { ScheduledValues } from './schedules.ts'
import type { Session } from './session.ts'
import { readStep, type StepResult, trainStep } from './step.ts'
import { buildSwap, type Swap } from './swap.ts'
import { validateModel } from './validate-model.ts'
import { validate } from './validation.ts'

/** Steps sent to the device before the oldest is waited for. More only costs memory. */
const STEPS_AHEAD = 2

export class Trainer {
  readonly run: RunView
  readonly stepsPerEpoch: number
  readonly batchSize: number
  /** Rows of a step: those of all its batches. */
  readonly stepSize: number
  /** Latest value of each metric. */
  readonly latest: Metrics = {}
  readonly #session: Session
  readonly #data: PreparedData
  readonly #blueprint: Blueprint
  readonly #guard: FiniteGuard
  readonly #reads: LateReads
  readonly #values: ScheduledValues
  readonly #warned = new Set<string>()
  #parts: Parts
  /** Sums since the epoch began, or since the metrics were swapped. */
  #totals: MetricTotals
  #epochLoss = { sum: 0, steps: 0 }
  #rate: { value: number; scalar: tf.Scalar } | undefined

  /** Builds model, optimizer and the rest; throws with nothing left behind. */
  constructor(session: Session, data: PreparedData) {
    const { env, experiment, random } = session
    const { batch_size, accumulate, epochs, max_steps } = experiment.training
    this.#session = session
    this.#data = data
    this.#blueprint = { env, experiment, columns: data.columns, random }
    this.#parts = createParts(this.#blueprint)
    try {
      validateModel(this.#blueprint, this.#parts)
    } catch (thrown) {
      disposeParts(this.#parts)
      throw thrown
    }
    this.#guard = new FiniteGuard()
    this.#reads = new LateReads((work) => session.control.until(work))
    this.#totals = new MetricTotals(this.#parts.metrics)
    const rows = rowOrder(data, data.train, this.#chance(1)).length
    this.batchSize = Math.min(batch_size, rows)
    const batches = Math.min(accumulate, Math.floor(rows / this.batchSize))
    this.stepSize = this.batchSize * batches
    const warn = (message: string): void => env.log().warn(message)
    if (this.batchSize < batch_size)
      warn(
        `training.batch_size is ${batch_size}, but an epoch has ${rows} rows: a batch has ${rows}`,
      )
    if (batches < accumulate) {
      const all = `${batches} ${batches === 1 ? 'batch' : 'batches'} of ${this.batchSize}`
      warn(`training.accumulate is ${accumulate}, but an epoch has ${all}: a step has ${batches}`)
    }
    this.stepsPerEpoch = Math.floor(rows / this.stepSize)
    session.totalSteps = Math.min(epochs * this.stepsPerEpoch, max_steps ?? Infinity)
    this.#values = new ScheduledValues(env.values, {
      epoch: Math.ceil(session.totalSteps / this.stepsPerEpoch),
      step: session.totalSteps,
    })
    this.run = new RunView(session, data, this.#values, () => this.#parts)
  }

  get parameters(): Parts['parameters'] {
    return this.#parts.parameters
  }

  get plugins(): Set<string> {
    return new Set(listParts(this.#parts).flatMap((part) => [...part.plugins]))
  }

  async train(): Promise<void> {
    const { env, experiment, meter } = this.#session
    await env.hooks.each('onModelInit', { run: this.run, model: this.run.model })
    await env.hooks.each('onTrainBegin', { run: this.run, resumed: false })
    meter.go()
    for (let epoch = 1; epoch <= experiment.training.epochs && !this.#isOver; epoch++)
      await this.#trainEpoch(epoch)
  }

  /** What chance has a hand in, when the rows of an epoch are made and put in order. */
  #chance(epoch: number): EpochArgs {
    const { random, control } = this.#session
    return { epoch, random, signal: control.signal }
  }

  get #isOver(): boolean {
    const { control, step, totalSteps } = this.#session
    return control.ending !== undefined || step >= totalSteps
  }

  async #trainEpoch(epoch: number): Promise<void> {
    const { env, experiment, control, lock } = this.#session
    const { run } = this
    const { validate_every } = experiment.training
    // Before the epoch begins: a stop that comes meanwhile leaves none half done.
    const table = await control.until(epochTable(this.#data, this.#chance(epoch)), true)
    this.#session.epoch = epoch
    this.#values.moveTo(this.#session)
    this.#restartTotals()
    await env.enterEpoch(epoch)
    await env.hooks.each('onEpochBegin', { run, epoch })
    const order = rowOrder(this.#data, table, this.#chance(epoch))
    for (const rows of fullBatches(order, this.stepSize, this.stepsPerEpoch)) {
      if (!(await this.#mayStep())) break
      await env.switched()
      await lock.run(() => this.#step(table, rows))
      await this.#reads.settle(STEPS_AHEAD)
      const { step, totalSteps } = this.#session
      const isLast = step >= totalSteps
      if (validate_every !== undefined && (step % validate_every === 0 || isLast))
        await this.#validate()
      if (isLast) break
    }
    await this.#reads.settle()
    if (validate_every === undefined && !control.ending) await this.#validate()
    await env.hooks.each('onEpochEnd', { run, epoch, metrics: this.#epochMetrics() })
  }

  /** The boundary between two steps: messages come in, a paused run waits here. False when it ends. */
  async #mayStep(): Promise<boolean> {
    const session = this.#session
    const { control, meter } = session
    session.report()
    await session.breathe()
    let hasPaused = false
    while (!control.ending && !control.takeStep()) {
      hasPaused = true
      await this.#reads.settle()
      meter.hold()
      session.report(true)
      session.emitState('paused')
      await control.until(control.changed())
    }
    if (!hasPaused || control.ending) return !control.ending
    meter.go()
    if (!control.isPaused) session.emitState('running')
    return true
  }

  #step(table: Table, rows: Int32Array): void {
    const { env, random, epoch, control, meter } = this.#session
    // The reload or stop that held the lock before may have ended the run.
    if (control.ending) return
    const at = { run: this.run, epoch, step: this.#session.step + 1 }
    const parts = this.#parts
    this.#values.moveTo(at)
    const { numbers, scalars } = this.#values
    const result = trainStep({
      parts,
      guard: this.#guard,
      hooks: env.hooks,
      at,
      batches: [...fullBatches(rows, this.batchSize)].map((part) => () => makeBatch(table, part)),
      observed: this.run.observed,
      random: random.fork('step').fork(at.step),
      learningRate: this.#learningRate(at.step),
      scalars,
      onUnreached: (paths) => this.#warnOfUnreached(paths),
    })
    this.#session.step = at.step
    meter.count(rows.length)
    const rate = this.#rate!.value
    const known = parts.schedule ? { ...numbers, learning_rate: rate } : numbers
    this.#reads.push(result.values, (values) => this.#deliver(at, parts, result, known, values))
  }

  /** The learning rate as a device scalar; a new one only when the value changed. */
  #learningRate(step: number): tf.Scalar {
    const { epoch, totalSteps } = this.#session
    const { optimizer, schedule } = this.#parts
    const factor = schedule?.call('factor', (it) => it.factor({ step, epoch, totalSteps })) ?? 1
    const value = optimizer.instance.learningRate * factor
    if (!Number.isFinite(value)) {
      throw new EngineError({
        code: 'contribution.contract',
        message: `the learning rate of step ${step} is ${optimizer.instance.learningRate} (${optimizer.label}) times ${factor} (${schedule?.label ?? 'no schedule'}), which is not a finite number`,
        plugin: (schedule ?? optimizer).plugin,
        hint: 'let factor() return a finite number for every step from 1 to totalSteps',
      })
    }
    if (this.#rate?.value !== value) {
      this.#rate?.scalar.dispose()
      this.#rate = { value, scalar: tf.keep(tf.scalar(value)) }
    }
    return this.#rate.scalar
  }

  async #deliver(
    at: { run: Run; epoch: number; step: number },
    parts: Parts,
    result: StepResult,
    known: Metrics,
    values: Float32Array,
  ): Promise<void> {
    const { loss, metricSums, observed } = readStep(result, at.step, values)
    const totals = new MetricTotals(parts.metrics)
    totals.add(metricSums, result.metricSizes)
    if (parts === this.#parts) this.#totals.add(metricSums, result.metricSizes)
    this.#epochLoss.sum += loss
    this.#epochLoss.steps += 1
    const metrics: Metrics = { ...known, loss, ...totals.summary(), ...observed.metrics }
    Object.assign(this.latest, metrics)
    this.#session.feed.add(at, metrics)
    await this.#session.env.hooks.each('onMetrics', { ...at, metrics, observed: observed.tensors })
  }

  async #validate(): Promise<void> {
    const session = this.#session
    const { env, random, control, lock, meter, step, epoch } = session
    const at = { run: this.run, epoch, step }
    await this.#reads.settle()
    meter.hold()
    await env.hooks.each('onValidationBegin', at)
    const metrics = await lock.run(() =>
      validate({
        parts: this.#parts,
        table: this.#data.validation,
        batchSize: this.batchSize,
        ctx: this.#evaluationContext(random.fork('validation')),
        reads: this.#reads,
        proceed: async () => {
          session.report()
          await session.breathe()
          return control.ending === undefined
        },
      }),
    )
    if (!metrics) return
    meter.go()
    Object.assign(this.latest, metrics)
    session.feed.add(at, metrics)
    await env.hooks.each('onValidationEnd', { ...at, metrics })
  }

  #evaluationContext(random: Random) {
    return { training: false, random, step: this.#session.step, scalars: this.#values.scalars }
  }

  #restartTotals(): void {
    this.#totals = new MetricTotals(this.#parts.metrics)
    this.#epochLoss = { sum: 0, steps: 0 }
  }

  /** Means over the epoch, and what the last validation found. */
  #epochMetrics(): Metrics {
    const { sum, steps } = this.#epochLoss
    const means: Metrics = steps > 0 ? { loss: sum / steps, ...this.#totals.summary() } : {}
    return { ...this.latest, ...means }
  }

  #warnOfUnreached(paths: string[]): void {
    const fresh = paths.filter((path) => !this.#warned.has(path))
    if (fresh.length === 0) return
    for (const path of fresh) this.#warned.add(path)
    const { label, plugin } = this.#parts.model
    const they = fresh.length === 1 ? 'it stays' : 'they stay'
    const message = `${label}: the loss does not depend on ${fresh.join(', ')}; ${they} as initialised`
    this.#session.env.log(plugin).warn(message)
  }

  /** Runs parts forward on a few rows: shapes that do not fit show before they do harm. */
  rehearse(parts: Parts = this.#parts): void {
    const length = Math.min(this.batchSize, this.#data.train.length)
    const rows = Int32Array.from({ length }, (_, i) => i)
    const ctx = this.#evaluationContext(this.#session.random.fork('rehearsal'))
    tf.tidy(() => {
      const batch = makeBatch(this.#data.train, rows)
      const { outputs } = evaluate(parts, batch, ctx)
      measure(parts.metrics, { outputs, batch })
      const warnings = checkLabels(parts, { outputs, batch }, this.#data)
      for (const warning of warnings) this.#warnOnce(warning)
    })
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message)) return
    this.#warned.add(message)
    this.#session.env.log().warn(message)
  }

  /** New parts for what was built from code of `changed`; nothing takes effect before `commit`. */
  prepareSwap(changed: ReadonlySet<string>): Swap & { commit: () => void } {
    const swap = buildSwap(this.#blueprint, this.#parts, changed, (parts) => this.rehearse(parts))
    const commit = () => {
      this.#parts = swap.parts
      this.#totals = new MetricTotals(swap.parts.metrics)
      swap.retireOld()
    }
    return { ...swap, commit }
  }

  /** Frees everything on the device. `isLost`: there is no device left to wait for. */
  async dispose(isLost: boolean): Promise<void> {
    if (!isLost) await this.#reads.drop()
    this.#rate?.scalar.dispose()
    this.#guard.dispose()
    this.run.observed.dispose()
    this.#values.dispose()
    disposeParts(this.#parts)
  }
}
