// The course of a run: epochs, steps, validations and checkpoints, in their order, from its begin or from a checkpoint.
import type { Table } from '#sdk'
import { type Checkpoint, type Cursor, writeCheckpoint } from '../checkpoint/index.ts'
import {
  type EpochArgs,
  epochTable,
  fullBatches,
  type PreparedData,
  rowOrder,
} from '../data/index.ts'
import type { Saves } from './saves.ts'
import type { Session } from './session.ts'
import { infoOf, takeSnapshot } from './snapshot.ts'
import type { Trainer } from './trainer.ts'

export class Course {
  readonly #session: Session
  readonly #data: PreparedData
  readonly #trainer: Trainer
  readonly #saves: Saves
  /** Steps of the epoch that are done, the step validated last, and whether the epoch's end was told. */
  #stepsInEpoch = 0
  #validatedAt = 0
  #isEpochOver = false

  constructor(session: Session, data: PreparedData, trainer: Trainer, saves: Saves) {
    this.#session = session
    this.#data = data
    this.#trainer = trainer
    this.#saves = saves
  }

  /** Trains to the end of the run; `from` is where it goes on. */
  async train(from?: Checkpoint): Promise<void> {
    const { env, experiment, meter } = this.#session
    const { run } = this.#trainer
    if (from) await env.enterEpoch(from.run.cursor.epoch)
    await env.hooks.each('onModelInit', { run, model: run.model })
    if (from) await this.#resume(from)
    await env.hooks.each('onTrainBegin', { run, resumed: from !== undefined })
    meter.go()
    if (from && !this.#isEpochOver) await this.#goOn()
    for (let epoch = this.#session.epoch + 1; epoch <= experiment.training.epochs; epoch++) {
      if (this.#isOver) break
      await this.#trainEpoch(epoch)
    }
    // What was asked for at the end of the last epoch.
    await this.#takeDue()
  }

  async #resume({ run: { cursor, plugins }, info }: Checkpoint): Promise<void> {
    const { env } = this.#session
    this.#trainer.moveTo(cursor)
    this.#stepsInEpoch = cursor.stepsInEpoch
    this.#validatedAt = cursor.validatedAt
    this.#isEpochOver = cursor.isEpochOver
    await env.plugins.restore(plugins)
    await env.hooks.each('onCheckpointLoad', { ...this.#trainer.at, checkpoint: info })
  }

  get #cursor(): Cursor {
    const { epoch, step } = this.#session
    const [stepsInEpoch, validatedAt] = [this.#stepsInEpoch, this.#validatedAt]
    return { epoch, step, stepsInEpoch, validatedAt, isEpochOver: this.#isEpochOver }
  }

  get #isOver(): boolean {
    const { control, step, totalSteps } = this.#session
    return control.ending !== undefined || step >= totalSteps
  }

  /** What chance has a hand in, when the rows of an epoch are made and put in order. */
  #chance(epoch: number): EpochArgs {
    const { random, control } = this.#session
    return { epoch, random, signal: control.signal }
  }

  #rowsOf(epoch: number): Promise<Table> {
    return this.#session.control.until(epochTable(this.#data, this.#chance(epoch)), true)
  }

  async #trainEpoch(epoch: number): Promise<void> {
    const { env, step } = this.#session
    // Before the epoch begins: a stop that comes meanwhile leaves none half done.
    const table = await this.#rowsOf(epoch)
    this.#trainer.moveTo({ epoch, step })
    this.#stepsInEpoch = 0
    this.#isEpochOver = false
    this.#trainer.books.beginEpoch()
    await env.enterEpoch(epoch)
    await env.hooks.each('onEpochBegin', { run: this.#trainer.run, epoch })
    // What was asked for at the end of the epoch before.
    await this.#takeDue()
    await this.#finishEpoch(table)
  }

  /** The rest of the epoch that a checkpoint was taken in. */
  async #goOn(): Promise<void> {
    const table = await this.#rowsOf(this.#session.epoch)
    // A stop may have come before it.
    if (this.#isValidationDue) await this.#validate()
    await this.#finishEpoch(table)
  }

  async #finishEpoch(table: Table): Promise<void> {
    const { env, epoch } = this.#session
    const { run, books, plan } = this.#trainer
    const order = rowOrder(this.#data, table, this.#chance(epoch))
    const steps = [...fullBatches(order, plan.stepSize, plan.stepsPerEpoch)]
    for (const rows of steps.slice(this.#stepsInEpoch)) {
      if (this.#isOver || !(await this.#mayStep())) break
      await this.#step(table, rows)
      if (this.#isValidationDue) await this.#validate()
      await this.#takeDue()
    }
    await this.#trainer.settle(true)
    if (this.#isOver) await this.#endRun()
    await env.hooks.each('onEpochEnd', { run, epoch, metrics: books.means() })
    this.#isEpochOver = this.#stepsInEpoch === plan.stepsPerEpoch
  }

  async #step(table: Table, rows: Int32Array): Promise<void> {
    const { env, lock } = this.#session
    await env.switched()
    const isDone = await lock.run(() => this.#trainer.step(table, rows))
    if (isDone) this.#stepsInEpoch += 1
    await this.#trainer.settle()
    env.profiler.endStep(this.#session.id, this.#session.step)
  }

  /** A longer run would validate here as well. */
  get #isValidationDue(): boolean {
    const { experiment, step } = this.#session
    const { validate_every: every } = experiment.training
    if (this.#validatedAt === step) return false
    if (every !== undefined) return step % every === 0
    return this.#stepsInEpoch === this.#trainer.plan.stepsPerEpoch
  }

  async #validate(): Promise<void> {
    const { step } = this.#session
    if (await this.#trainer.validate()) this.#validatedAt = step
  }

  /**
   * A run that comes to its end validates, wherever that is. The checkpoint comes first: one that goes on from it
   * has no validation there.
   */
  async #endRun(): Promise<void> {
    const { control, step } = this.#session
    this.#saves.askLast()
    await this.#takeDue()
    if (!control.ending && this.#validatedAt !== step) await this.#validate()
  }

  /** The boundary between two steps: messages come in, a paused run waits here. False when it ends. */
  async #mayStep(): Promise<boolean> {
    const session = this.#session
    const { control, meter } = session
    session.report()
    await session.breathe()
    let hasPaused = false
    while (!control.ending && !control.takeStep()) {
      await this.#trainer.settle(true)
      meter.hold()
      session.report(true)
      session.emitState('paused')
      if (!hasPaused) this.#saves.askLast()
      hasPaused = true
      await this.#takeDue()
      meter.hold()
      if (!this.#saves.isAsked) await control.until(control.changed())
    }
    if (!hasPaused || control.ending) return !control.ending
    meter.go()
    if (!control.isPaused) session.emitState('running')
    return true
  }

  /** Takes the checkpoints that are due, between two steps. */
  #takeDue(): Promise<void> {
    return this.#saves.takeDue(this.#session.step, (names) => this.#save(names))
  }

  async #save(names: readonly string[]): Promise<void> {
    const { env, lock, control, meter } = this.#session
    const trainer = this.#trainer
    // The values of steps under way belong to the state.
    await trainer.settle(true)
    // Whoever gathers metrics has them when it captures.
    this.#session.feed.flush()
    meter.hold()
    for (const name of names) {
      const checkpoint = infoOf(trainer.snapped, name)
      await env.hooks.each('onCheckpointSave', { ...trainer.at, checkpoint })
    }
    const at = { cursor: this.#cursor, predictions: trainer.run.predictions }
    await lock.run(async () => {
      const state = await control.until(takeSnapshot(trainer.snapped, at))
      for (const name of names) {
        const info = infoOf(trainer.snapped, name)
        env.checkpoints.keep(info, writeCheckpoint({ ...state, info }), this.#saves.isOwn(name))
      }
    })
    meter.go()
  }
}
