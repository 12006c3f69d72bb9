// A model and the head on top of it, as one model. Parameters are named `model.…` and `head.…`.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  type Head,
  type Model,
  Module,
  type TensorMap,
} from '#sdk'
import { predict } from './evaluate.ts'
import type { Part } from './part.ts'

export class HeadedModel extends Module implements Model {
  readonly model: Model
  readonly head: Head
  readonly trainingStep: Model['trainingStep']
  readonly validationStep: Model['validationStep']
  readonly #body: Part<Model>
  readonly #top: Part<Head>

  constructor(body: Part<Model>, top: Part<Head>) {
    super()
    this.model = body.instance
    this.head = top.instance
    this.#body = body
    this.#top = top
    const { trainingStep, validationStep } = this.model
    this.trainingStep = trainingStep && this.#topped(trainingStep.bind(this.model))
    this.validationStep = validationStep && this.#topped(validationStep.bind(this.model))
  }

  forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
    return this.#finish(inputs, predict(this.#body, inputs, ctx), ctx)
  }

  /** A step of the model that brings its own loss; the head's outputs then only serve metrics. */
  #topped(step: NonNullable<Model['trainingStep']>): NonNullable<Model['trainingStep']> {
    return (batch, ctx) => {
      const result = this.#body.call('trainingStep', () => step(batch, ctx), 'model.forward')
      return { ...result, outputs: this.#finish(batch, result.outputs, ctx) }
    }
  }

  #finish(inputs: TensorMap, given: TensorMap, ctx: ForwardContext): TensorMap {
    if (!given['hidden_states']) throw this.#withoutStates(given)
    const mask = inputs['attention_mask']
    const states = mask ? { attention_mask: mask, ...given } : given
    const made = predict(this.#top, states, ctx)
    for (const [name, size] of Object.entries(this.head.outputSize()))
      if (made[name]?.shape.at(-1) !== size) throw this.#missized(name, size, made[name])
    return { ...given, ...made }
  }

  #withoutStates(given: TensorMap): EngineError {
    return new EngineError({
      code: 'model.forward',
      message: `${this.#body.label} gave ${Object.keys(given).join(', ')}, but ${this.#top.label} works on hidden_states`,
      plugin: this.#body.plugin,
      hint: 'return { hidden_states } of shape [batch, time, width] or [batch, width] when env.hasHead is set, or take the head out',
    })
  }

  #missized(name: string, size: number, found: tf.Tensor | undefined): EngineError {
    return new EngineError({
      code: 'contribution.contract',
      message: `outputSize() of ${this.#top.label} promises ${name} of size ${size}, but forward() gave ${found ? `shape [${found.shape.join(', ')}]` : 'none'}`,
      plugin: this.#top.plugin,
      hint: 'let outputSize() name the size of the last axis of each output',
    })
  }
}
