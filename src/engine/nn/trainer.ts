// A step, a validation, a swap: what a run does with its parts once data and parts are ready.
import * as tf from '@tensorflow/tfjs'
import {
  disposeModule,
  EngineError,
  type Metrics,
  type Model,
  type Random,
  type Run,
  stepRandom,
  type Table,
} from '#sdk'
import type { Checkpoint } from '../checkpoint/index.ts'
import type { Forward } from '../predict/index.ts'
import { fullBatches, makeBatch, type PreparedData, rowOrder } from '../data/index.ts'
import type { Blueprint } from './build-model.ts'
import { checkLabels } from './check-labels.ts'
import { Computing } from './computing.ts'
import { EpochBooks } from './epoch-books.ts'
import { evaluate } from './evaluate.ts'
import { FiniteGuard } from './finite-guard.ts'
import { LateReads } from './late-reads.ts'
import { LearningRate, shortOfWarmup } from './learning-rate.ts'
import { measure } from './metric-sums.ts'
import type { Part } from './part.ts'
import { createParts, disposeParts, listParts, type Parts, unusedLoss } from './parts.ts'
import { RunView } from './run-view.ts'
import { ScheduledValues } from './schedules.ts'
import type { Session } from './session.ts'
import { restoreSnapshot, type Snapped, subjectOf } from './snapshot.ts'
import { readStep, type StepInput, type StepResult, tell } from './step.ts'
import { planSteps, type StepPlan } from './step-plan.ts'
import { StepRunner } from './step-runner.ts'
import { buildSwap, type Swap } from './swap.ts'
import { validateModel } from './validate-model.ts'
import { validate } from './validation.ts'

/** Steps sent to the device before the oldest is waited for. More only costs memory. */
const STEPS_AHEAD = 2

export interface Beginning {
  /** Puts everything where it was. */
  readonly from: Checkpoint | undefined
  /** Gives the model its first weights, where they come from a file. */
  begin(model: Part<Model>): void
  /** Plugins ask for a checkpoint. */
  checkpoint(name: string): void
}

export class Trainer {
  readonly run: RunView
  readonly plan: StepPlan
  readonly books: EpochBooks
  readonly #session: Session
  readonly #data: PreparedData
  readonly #blueprint: Blueprint
  readonly #guard: FiniteGuard
  readonly #reads: LateReads
  readonly #values: ScheduledValues
  readonly #rate = new LearningRate()
  readonly #warned = new Set<string>()
  readonly #computing: Computing
  readonly #steps: StepRunner
  #parts: Parts

  /** Builds model, optimizer and the rest; throws with nothing left behind. */
  constructor(session: Session, data: PreparedData, { from, begin, checkpoint }: Beginning) {
    const { env, experiment, random } = session
    this.#session = session
    this.#data = data
    this.#computing = new Computing(session)
    this.#steps = new StepRunner(env, this.#computing)
    this.#blueprint = { env, experiment, columns: data.columns, random }
    this.#parts = createParts(this.#blueprint)
    this.books = new EpochBooks(this.#parts.metrics)
    try {
      validateModel(this.#blueprint, this.#parts)
      begin(this.#parts.model)
      const unused = unusedLoss(this.#blueprint, this.#parts.model)
      if (unused !== undefined) this.#warnOnce(unused)
      if (from) restoreSnapshot(this.snapped, from)
      const { control } = session
      const first = { epoch: 1, random, signal: control.signal }
      const rows = rowOrder(data, data.train, first).length
      this.plan = planSteps(experiment.training, rows, (message) => env.log().warn(message))
      if (from) checkNotOver(from, this.plan.totalSteps)
      const tooShort = shortOfWarmup(this.#parts, this.plan.totalSteps)
      if (tooShort !== undefined) this.#warnOnce(tooShort)
    } catch (thrown) {
      disposeParts(this.#parts)
      throw thrown
    }
    const { totalSteps, stepsPerEpoch } = this.plan
    session.totalSteps = totalSteps
    this.#guard = new FiniteGuard()
    this.#reads = new LateReads((work) => session.control.until(work))
    this.#values = new ScheduledValues(env.values, {
      epoch: Math.ceil(totalSteps / stepsPerEpoch),
      step: totalSteps,
    })
    this.run = new RunView(session, data, {
      values: this.#values,
      parts: () => this.#parts,
      checkpoint,
      predictions: from?.run.predictions ?? 0,
    })
  }

  get parameters(): Parts['parameters'] {
    return this.#parts.parameters
  }

  get plugins(): Set<string> {
    return new Set(listParts(this.#parts).flatMap((part) => [...part.plugins]))
  }

  /** What a checkpoint is made of. */
  get snapped(): Snapped {
    return { session: this.#session, data: this.#data, parts: this.#parts, books: this.books }
  }

  get at() {
    const { epoch, step } = this.#session
    return { run: this.run, epoch, step }
  }

  /** A point of the run is reached that is no step. */
  moveTo(at: { epoch: number; step: number }): void {
    Object.assign(this.#session, at)
    this.#values.moveTo(at)
  }

  /** Waits for the values of steps, until few enough are on their way; with `isAll` for those of all. */
  settle(isAll = false): Promise<void> {
    return this.#reads.settle(isAll ? 0 : STEPS_AHEAD)
  }

  /** One step on `rows` of `table`. False when the run ended before it began. */
  async step(table: Table, rows: Int32Array): Promise<boolean> {
    const { env, random, epoch, control, meter } = this.#session
    // The reload or stop that held the lock before may have ended the run.
    if (control.ending) return false
    const at = { run: this.run, epoch, step: this.#session.step + 1 }
    env.profiler.beginStep()
    const parts = this.#parts
    this.#values.moveTo(at)
    const { numbers, scalars } = this.#values
    const { totalSteps } = this.#session
    const rate = this.#rate.at(parts, { step: at.step, epoch, totalSteps })
    const batches = [...fullBatches(rows, this.plan.batchSize)].map((part) =>
      makeBatch(table, part),
    )
    // Handlers may put other tensors in a batch.
    const gathered = batches.map((batch) => Object.values(batch))
    const input: StepInput = {
      parts,
      guard: this.#guard,
      hooks: env.hooks,
      recording: env.profiler.step,
      at,
      batches,
      observed: this.run.observed,
      random: stepRandom(random, at.step),
      learningRate: rate.scalar,
      scalars,
      onUnreached: (paths) => this.#warnOfUnreached(paths),
    }
    const result = await this.#run(input).finally(() => tf.dispose(gathered))
    env.profiler.step?.phase('read-back')
    this.#session.step = at.step
    meter.count(rows.length)
    const known = parts.schedule ? { ...numbers, learning_rate: rate.value } : numbers
    this.#reads.push(result.values, (values) => this.#deliver(at, parts, result, known, values))
    return true
  }

  async #run(input: StepInput): Promise<StepResult> {
    const { at, hooks, observed } = input
    observed.begin()
    tell(hooks, 'onStepBegin', at)
    const result = await this.#session.control.until(this.#steps.run(input))
    observed.dispose()
    tell(hooks, 'onStepEnd', at)
    return result
  }

  /** A step that was not finite changed nothing, nor did those sent after it: the run is where it was before. */
  #read(result: StepResult, step: number, values: Float32Array): ReturnType<typeof readStep> {
    try {
      return readStep(result, step, values)
    } catch (thrown) {
      this.#session.step = step - 1
      throw thrown
    }
  }

  async #deliver(
    at: { run: Run; epoch: number; step: number },
    parts: Parts,
    result: StepResult,
    known: Metrics,
    values: Float32Array,
  ): Promise<void> {
    const { loss, metricSums, observed } = this.#read(result, at.step, values)
    const sums = { loss, sums: metricSums, sizes: result.metricSizes }
    const metrics: Metrics = {
      ...known,
      ...this.books.add(parts.metrics, sums),
      ...observed.metrics,
    }
    Object.assign(this.books.latest, metrics)
    this.#session.feed.add(at, metrics)
    await this.#session.env.hooks.each('onMetrics', { ...at, metrics, observed: observed.tensors })
  }

  /** Metrics over the validation rows. False when the run ended before they were known. */
  async validate(): Promise<boolean> {
    const session = this.#session
    const { env, random, control, lock, meter } = session
    const { at } = this
    await this.#reads.settle()
    meter.hold()
    await env.hooks.each('onValidationBegin', at)
    const metrics = await lock.run(() =>
      validate({
        parts: this.#parts,
        table: this.#data.validation,
        batchSize: this.plan.batchSize,
        ctx: this.#evaluationContext(random.fork('validation')),
        computing: this.#computing,
        reads: this.#reads,
        proceed: async () => {
          session.report()
          await session.breathe()
          return control.ending === undefined
        },
      }),
    )
    if (!metrics) return false
    meter.go()
    Object.assign(this.books.latest, metrics)
    session.feed.add(at, metrics)
    await env.hooks.each('onValidationEnd', { ...at, metrics })
    return true
  }

  #evaluationContext(random: Random) {
    return { training: false, random, step: this.#session.step, scalars: this.#values.scalars }
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
    const length = Math.min(this.plan.batchSize, this.#data.train.length)
    const rows = Int32Array.from({ length }, (_, i) => i)
    const ctx = this.#evaluationContext(this.#session.random.fork('rehearsal'))
    this.#computing.try(() =>
      tf.tidy(() => {
        const batch = makeBatch(this.#data.train, rows)
        const { outputs } = evaluate(parts, batch, ctx)
        measure(parts.metrics, { outputs, batch })
        const warnings = checkLabels(parts, { outputs, batch }, this.#data)
        for (const warning of warnings) this.#warnOnce(warning)
      }),
    )
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
      this.books.swap(swap.parts.metrics)
      swap.retireOld()
    }
    return { ...swap, commit }
  }

  /** What a forward pass outside of training takes. */
  get forward(): Forward {
    return { model: this.#parts.model, scalars: this.#values.scalars }
  }

  /**
   * Frees everything on the device that only training needs. `isLost`: there is no device left to wait for. What
   * it returns frees the rest, the model.
   */
  async retire(isLost: boolean): Promise<() => void> {
    if (!isLost) await this.#reads.drop()
    this.#rate.dispose()
    this.#guard.dispose()
    this.#computing.dispose()
    this.run.observed.dispose()
    const { model, optimizer } = this.#parts
    optimizer.finish('dispose', (it) => it.dispose())
    return freeing(model, this.#values)
  }
}

/** Made apart from the trainer, whose rows it keeps alive no longer. */
const freeing = (model: Part<Model>, values: ScheduledValues) => (): void => {
  values.dispose()
  disposeModule(model.instance)
}

function checkNotOver(from: Checkpoint, totalSteps: number): void {
  const { step } = from.run.cursor
  if (step < totalSteps) return
  throw new EngineError({
    code: 'run.state',
    message: `${subjectOf(from)} is at the end of its run: ${step} steps are done, and the experiment has ${totalSteps}`,
    hint: 'continue it for more epochs: raise training.epochs, and training.max_steps where it is set',
  })
}
