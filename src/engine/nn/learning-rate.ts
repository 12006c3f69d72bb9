// The learning rate of a step: the optimizer's own times the schedule's factor, on the device.
import * as tf from '@tensorflow/tfjs'
import { EngineError, type Optimizer, type Schedule } from '#sdk'
import type { Part } from './part.ts'

/** A step to come, from 1. */
interface Point {
  readonly step: number
  readonly epoch: number
  readonly totalSteps: number
}

export class LearningRate {
  #held: { value: number; scalar: tf.Scalar } | undefined

  /** The rate and its scalar; a new one only when the value changed. */
  at(
    { optimizer, schedule }: { optimizer: Part<Optimizer>; schedule: Part<Schedule> | undefined },
    at: Point,
  ): { readonly value: number; readonly scalar: tf.Scalar } {
    const factor = schedule?.call('factor', (it) => it.factor(at)) ?? 1
    const { learningRate } = optimizer.instance
    const value = learningRate * factor
    if (!Number.isFinite(value)) {
      throw new EngineError({
        code: 'contribution.contract',
        message: `the learning rate of step ${at.step} is ${learningRate} (${optimizer.label}) times ${factor} (${schedule?.label ?? 'no schedule'}), which is not a finite number`,
        plugin: (schedule ?? optimizer).plugin,
        hint: 'let factor() return a finite number for every step from 1 to totalSteps',
      })
    }
    if (this.#held?.value !== value) {
      this.dispose()
      this.#held = { value, scalar: tf.keep(tf.scalar(value)) }
    }
    return this.#held
  }

  dispose(): void {
    this.#held?.scalar.dispose()
    this.#held = undefined
  }
}

/** What is to be told of a run that ends within its warm-up. */
export function shortOfWarmup(
  { schedule }: { schedule: Part<Schedule> | undefined },
  totalSteps: number,
): string | undefined {
  const warmupSteps = schedule?.instance.warmupSteps ?? 0
  if (warmupSteps <= totalSteps) return undefined
  return `the warm-up of ${schedule!.label} takes ${warmupSteps} steps, but the run has ${totalSteps}: it ends before the full learning rate is reached`
}
