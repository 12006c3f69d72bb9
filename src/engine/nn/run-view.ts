// What plugins see of a run.
import * as tf from '@tensorflow/tfjs'
import type { ExperimentConfig, Metrics, Model, Run, TensorMap } from '#sdk'
import { makeBatch, type PreparedData } from '../data/index.ts'
import { predict } from './evaluate.ts'
import type { Parts } from './parts.ts'
import type { Session } from './session.ts'

export class RunView implements Run {
  readonly #session: Session
  readonly #data: PreparedData
  /** A hot reload may put other parts in place. */
  readonly #parts: () => Parts
  #predictions = 0

  constructor(session: Session, data: PreparedData, parts: () => Parts) {
    this.#session = session
    this.#data = data
    this.#parts = parts
  }

  get id(): string {
    return this.#session.id
  }
  get config(): ExperimentConfig {
    return this.#session.experiment
  }
  get epoch(): number {
    return this.#session.epoch
  }
  get step(): number {
    return this.#session.step
  }
  get totalSteps(): number {
    return this.#session.totalSteps
  }
  get model(): Model {
    return this.#parts().model.instance
  }
  get tokenizer(): Run['tokenizer'] {
    return this.#data.tokenizer
  }
  get columns(): Run['columns'] {
    return this.#data.columns
  }
  get data(): Run['data'] {
    return this.#data
  }

  predict(inputs: TensorMap): TensorMap {
    // A stream of its own: looking at a model never changes how it trains.
    const random = this.#session.random.fork('predict').fork(this.#predictions++)
    const ctx = { training: false, random, step: this.step, scalars: {} }
    return tf.tidy(() => predict(this.#parts().model, inputs, ctx))
  }

  batch(split: 'train' | 'validation', rows: ArrayLike<number>): TensorMap {
    return makeBatch(this.#data[split], rows)
  }

  stop(reason: string): void {
    this.#session.control.end({ reason: 'early_stopped', message: reason })
  }

  report(metrics: Metrics): void {
    this.#session.feed.add(this.#session, metrics)
  }

  reference(reference: { metric: string; label: string; value: number }): void {
    this.#session.env.emit('run.reference', { id: this.id, ...reference })
  }
}
