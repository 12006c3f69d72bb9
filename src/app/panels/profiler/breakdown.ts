// What a recording comes to: time by phase, by plugin and call, by kernel; calls inside of each other count once.
import { stepPhases } from '#protocol'
import type { RecordedStep } from '../../store/profile-slice.ts'

type Call = RecordedStep['calls'][number]

/** A call with how deep it lies inside of others, and its time without theirs. */
export interface NestedCall extends Call {
  readonly depth: number
  readonly ownMs: number
}

/** Calls in the order they began, each with what lies inside of it. */
export function nest(calls: readonly Call[]): NestedCall[] {
  const nested: { call: Call; depth: number; ownMs: number }[] = []
  const open: typeof nested = []
  for (const call of calls) {
    while (open.length > 0 && endOf(open.at(-1)!.call) <= call.startMs) open.pop()
    const entry = { call, depth: open.length, ownMs: call.durationMs }
    const around = open.at(-1)
    if (around) around.ownMs = Math.max(0, around.ownMs - call.durationMs)
    nested.push(entry)
    open.push(entry)
  }
  return nested.map(({ call, depth, ownMs }) => ({ ...call, depth, ownMs }))
}

const endOf = ({ startMs, durationMs }: Call): number => startMs + durationMs

/** Time of something over the steps of a recording. */
export interface Share {
  readonly name: string
  readonly calls: number
  readonly totalMs: number
  /** Longest in one step. */
  readonly maxMs: number
  /** Of the time of all steps, 0 to 1. */
  readonly share: number
}

class Shares {
  readonly #entries = new Map<string, { calls: number; totalMs: number; maxMs: number }>()

  add(name: string, calls: number, ms: number): void {
    const before = this.#entries.get(name) ?? { calls: 0, totalMs: 0, maxMs: 0 }
    this.#entries.set(name, {
      calls: before.calls + calls,
      totalMs: before.totalMs + ms,
      maxMs: Math.max(before.maxMs, ms),
    })
  }

  list(allMs: number): Share[] {
    return [...this.#entries].map(([name, entry]) => {
      return { name, ...entry, share: allMs > 0 ? entry.totalMs / allMs : 0 }
    })
  }
}

export const totalOf = (steps: readonly RecordedStep[]): number =>
  steps.reduce((sum, { durationMs }) => sum + durationMs, 0)

/** Phases in their order, without the hooks in them, which come last. */
export function phasesOf(steps: readonly RecordedStep[]): Share[] {
  const shares = new Shares()
  for (const name of [...stepPhases, 'hooks']) shares.add(name, 0, 0)
  for (const { phases, calls } of steps) {
    const hooks = nest(calls.filter(({ kind }) => kind === 'hook'))
    const inPhase = (from: number, to: number): number =>
      hooks
        .filter(({ depth, startMs }) => depth === 0 && startMs >= from && startMs < to)
        .reduce((sum, { durationMs }) => sum + durationMs, 0)
    let all = 0
    for (const { name, startMs, durationMs } of phases) {
      const hooked = Math.min(durationMs, inPhase(startMs, startMs + durationMs))
      all += hooked
      shares.add(name, 1, durationMs - hooked)
    }
    shares.add('hooks', hooks.length, all)
  }
  return shares.list(totalOf(steps))
}

export interface PluginShare extends Share {
  readonly plugin: string
  readonly kind: Call['kind']
  /** Tensors that its calls left behind. */
  readonly tensors: number
}

/** Time of each plugin's calls without those inside of them, most first. */
export function callsOf(steps: readonly RecordedStep[]): PluginShare[] {
  const shares = new Shares()
  const about = new Map<string, { call: Call; tensors: number }>()
  for (const { calls } of steps) {
    for (const call of nest(calls)) {
      const key = `${call.plugin}\n${call.kind}\n${call.name}`
      shares.add(key, 1, call.ownMs)
      about.set(key, { call, tensors: (about.get(key)?.tensors ?? 0) + call.tensors })
    }
  }
  return shares
    .list(totalOf(steps))
    .map((share) => {
      const { call, tensors } = about.get(share.name)!
      return { ...share, name: call.name, plugin: call.plugin, kind: call.kind, tensors }
    })
    .toSorted((a, b) => b.totalMs - a.totalMs)
}

/** The same by plugin. */
export function pluginsOf(steps: readonly RecordedStep[]): Share[] {
  const shares = new Shares()
  for (const { calls } of steps) {
    const own = new Map<string, { calls: number; ms: number }>()
    for (const { plugin, ownMs } of nest(calls)) {
      const before = own.get(plugin) ?? { calls: 0, ms: 0 }
      own.set(plugin, { calls: before.calls + 1, ms: before.ms + ownMs })
    }
    for (const [plugin, { calls: count, ms }] of own) shares.add(plugin, count, ms)
  }
  return shares.list(totalOf(steps)).toSorted((a, b) => b.totalMs - a.totalMs)
}

export function kernelsOf(steps: readonly RecordedStep[]): Share[] {
  const shares = new Shares()
  for (const { kernels } of steps)
    for (const { name, calls, totalMs } of kernels) shares.add(name, calls, totalMs)
  return shares.list(totalOf(steps)).toSorted((a, b) => b.totalMs - a.totalMs)
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
