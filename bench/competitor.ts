// What is measured: something that trains the model of a workload, step by step.
import type { Rows } from './data.ts'
import type { Shape } from './workloads.ts'

/** Initial values of parameters by the engine's paths, such as `layers.0.attn.query.weight`. */
export type Weights = Map<string, { values: Float32Array; shape: number[] }>

export interface Task {
  shape: Shape
  rows: Rows
  /** Absent for who is first, and makes them. */
  weights?: Weights | undefined
}

export interface Competitor {
  /** Numbers that are trained. */
  readonly parameters: number
  /** Takes `count` steps. Resolves with their losses when the device has done the last update. */
  train(count: number): Promise<number[]>
  /** What it keeps, by tfjs's count. */
  memory?(): { tensors: number; bytes: number }
  /** Of all parameters, as they are now. */
  readWeights?(): Promise<Weights>
  dispose(): Promise<void>
}

/** An open device, and how the competitor is built on it. */
export interface Opened {
  /** Its name for people, where the competitor tells it. */
  device?: { label: string; isSoftware: boolean }
  build(task: Task): Promise<Competitor>
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

/** The weights of a task that has them. */
export function weightsOf({ weights }: Task): Weights {
  if (weights) return weights
  throw new Error('the competitor takes the initial weights of another one')
}

export const sizeOf = (weights: Weights): number =>
  [...weights.values()].reduce((sum, { values }) => sum + values.length, 0)
