// What plugins see of a run.
import * as tf from '@tensorflow/tfjs'
import { MAX_NAME } from '#protocol'
import {
  EngineError,
  type ExperimentConfig,
  type ForwardContext,
  hiddenState,
  type HidesState,
  type Inspection,
  type Metrics,
  type Model,
  noteRead,
  type Run,
  type Table,
  type TensorMap,
} from '#sdk'
import { makeBatch, type PreparedData } from '../data/index.ts'
import { predict } from './evaluate.ts'
import { checkInputs, unfit } from './inputs.ts'
import { inspect } from './inspect.ts'
import { Observed } from './observed.ts'
import type { Parts } from './parts.ts'
import type { ScheduledValues } from './schedules.ts'
import type { Session } from './session.ts'

interface Surroundings {
  readonly values: ScheduledValues
  /** A hot reload may put other parts in place. */
  parts(): Parts
  /** Asks for a checkpoint. */
  checkpoint(name: string): void
  /** Made before, in the run that this one goes on with. */
  readonly predictions: number
}

export class RunView implements Run, HidesState {
  /** What of it changes from step to step is noted when it is read. */
  readonly [hiddenState] = null
  /** Of the step that is on. */
  readonly observed = new Observed()
  readonly #session: Session
  readonly #data: PreparedData
  readonly #parts: () => Parts
  readonly #values: ScheduledValues
  readonly #ask: (name: string) => void
  #predictions: number

  constructor(session: Session, data: PreparedData, rest: Surroundings) {
    this.#session = session
    this.#data = data
    this.#values = rest.values
    this.#parts = rest.parts
    this.#ask = rest.checkpoint
    this.#predictions = rest.predictions
    // What plugins would leave here, no look at a step's state would find.
    Object.preventExtensions(this)
  }

  /** Predictions made so far. */
  get predictions(): number {
    noteRead('reads run.predictions')
    return this.#predictions
  }

  get id(): string {
    return this.#session.id
  }
  get config(): ExperimentConfig {
    noteRead('reads run.config')
    return this.#session.experiment
  }
  get epoch(): number {
    noteRead('reads run.epoch')
    return this.#session.epoch
  }
  get step(): number {
    noteRead('reads run.step')
    return this.#session.step
  }
  get totalSteps(): number {
    return this.#session.totalSteps
  }
  get values(): Run['values'] {
    noteRead('reads run.values')
    return this.#values.numbers
  }
  get model(): Model {
    return this.#parts().model.instance
  }
  get tokenizer(): Run['tokenizer'] {
    noteRead('reads run.tokenizer')
    return this.#data.tokenizer
  }
  get preprocessors(): Run['preprocessors'] {
    noteRead('reads run.preprocessors')
    return this.#data.preprocessors
  }
  get columns(): Run['columns'] {
    return this.#data.columns
  }
  get data(): Run['data'] {
    noteRead('reads run.data')
    return this.#data
  }

  predict(inputs: TensorMap): TensorMap {
    noteRead('calls run.predict')
    checkInputs(inputs)
    try {
      return tf.tidy(() => predict(this.#parts().model, inputs, this.#lookingContext()))
    } catch (thrown) {
      throw unfit(thrown, inputs, this.columns)
    }
  }

  inspect(inputs: TensorMap, names: readonly string[]): Inspection {
    noteRead('calls run.inspect')
    checkInputs(inputs)
    const { model } = this.#parts()
    try {
      return inspect(model, inputs, this.#lookingContext(), names)
    } catch (thrown) {
      throw unfit(thrown, inputs, this.columns)
    }
  }

  /** With a stream of its own: looking at a model never changes how it trains. */
  #lookingContext(): ForwardContext {
    const random = this.#session.random.fork('predict').fork(this.#predictions++)
    return { training: false, random, step: this.step, scalars: this.#values.scalars }
  }

  batch(split: 'train' | 'validation', rows: ArrayLike<number>): TensorMap {
    noteRead('calls run.batch')
    const table = this.#data[split]
    const row = Array.from(rows).find((at) => !Number.isInteger(at) || at < 0 || at >= table.length)
    if (row === undefined) return makeBatch(table, rows)
    throw new EngineError({
      code: 'data.invalid',
      message: `there is no ${split} row ${row}: rows go from 0 to ${table.length - 1}`,
      hint: `run.data.${split}.length is the number of rows`,
    })
  }

  prepare(rows: Table): TensorMap {
    noteRead('calls run.prepare')
    const table = this.#data.prepare(rows, 'the rows to prepare')
    const order = Array.from({ length: table.length }, (_, row) => row)
    return makeBatch(table, order)
  }

  stop(reason: string): void {
    noteRead('calls run.stop')
    this.#session.control.end({ reason: 'early_stopped', message: reason })
  }

  checkpoint(name: string): void {
    noteRead('calls run.checkpoint')
    this.#ask(name)
  }

  removeCheckpoint(name: string): void {
    noteRead('calls run.removeCheckpoint')
    this.#session.env.checkpoints.remove(this.id, name)
  }

  report(metrics: Metrics): void {
    noteRead('calls run.report')
    this.#session.feed.add(this.#session, metrics)
  }

  observe(values: Record<string, tf.Tensor>): void {
    this.observed.add(values)
  }

  reference({ metric, label, value }: { metric: string; label: string; value: number }): void {
    if (!Number.isFinite(value)) {
      throw new EngineError({
        code: 'data.invalid',
        message: `the reference "${label}" for ${metric} is ${value}, but a line needs a finite number`,
        hint: 'leave the reference out while there is no value',
      })
    }
    const [name, text] = [metric.slice(0, MAX_NAME), label.slice(0, MAX_NAME)]
    this.#session.env.emit('run.reference', { id: this.id, metric: name, label: text, value })
  }
}
