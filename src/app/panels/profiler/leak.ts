// Whether tensors grow from step to step, and whose calls leave them behind.
import type { RecordedStep, Sample } from '../../store/profile-slice.ts'
import { callsOf } from './breakdown.ts'

export interface Leak {
  readonly tensorsPerStep: number
  readonly bytesPerStep: number
}

/** Fewer samples, or steps between them, tell nothing. */
const LEAST_SAMPLES = 6
const LEAST_STEPS = 12
/** Slower growth is told of no one: caches fill up, too. */
const LEAST_GROWTH = 0.5

/**
 * Growth at step boundaries, where the number of tensors stays the same unless somebody keeps some. The beginning of
 * a run does not count: optimizers make their state then.
 */
export function leakIn(samples: readonly Sample[]): Leak | undefined {
  const late = samples.slice(Math.floor(samples.length / 3))
  const first = late[0]
  const last = late.at(-1)
  if (!first || !last || late.length < LEAST_SAMPLES) return undefined
  const steps = last.step - first.step
  if (steps < LEAST_STEPS) return undefined
  const middle = late[Math.floor(late.length / 2)]!
  // It grows in both halves: not once, for a cache or a checkpoint.
  const isSteady = first.tensors < middle.tensors && middle.tensors < last.tensors
  const tensorsPerStep = (last.tensors - first.tensors) / steps
  if (!isSteady || tensorsPerStep < LEAST_GROWTH) return undefined
  return { tensorsPerStep, bytesPerStep: Math.max(0, (last.bytes - first.bytes) / steps) }
}

export interface Suspect {
  readonly plugin: string
  readonly name: string
  readonly tensorsPerStep: number
}

/** Hooks that left tensors behind in each step of a recording, on average; most first. */
export function suspectsIn(steps: readonly RecordedStep[]): Suspect[] {
  if (steps.length === 0) return []
  return callsOf(steps)
    .filter(({ kind, tensors }) => kind === 'hook' && tensors / steps.length >= LEAST_GROWTH)
    .map(({ plugin, name, tensors }) => ({ plugin, name, tensorsPerStep: tensors / steps.length }))
    .toSorted((a, b) => b.tensorsPerStep - a.tensorsPerStep)
}
