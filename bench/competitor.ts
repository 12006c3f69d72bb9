// What is measured: something that trains the model of a workload, step by step.
import type { Rows } from './data.ts'
import type { Shape } from './workloads.ts'

/** Initial values of parameters by the engine's paths, such as `layers.0.attn.query.weight`. */
export type Weights = Map<string, { values: Float32Array; shape: number[] }>

export interface Task {
  shape: Shape
  rows: Rows
  weights: Weights
}

export interface Competitor {
  readonly name: string
  /** Takes `count` steps. Resolves with their losses when the device has done the last update. */
  train(count: number): Promise<number[]>
  dispose(): Promise<void>
}

/** Steps that are sent to the device before the oldest loss is waited for, as the engine does. */
const STEPS_AHEAD = 2

/** Takes steps that give a loss to be read, and reads each a few steps late. */
export async function trainAhead(
  count: number,
  step: () => Promise<ArrayLike<number>>,
): Promise<number[]> {
  const losses: number[] = []
  const onTheirWay: Promise<ArrayLike<number>>[] = []
  const settle = async (left: number) => {
    while (onTheirWay.length > left) losses.push((await onTheirWay.shift()!)[0]!)
  }
  for (let i = 0; i < count; i++) {
    onTheirWay.push(step())
    await settle(STEPS_AHEAD)
  }
  await settle(0)
  return losses
}
