// Cost of one call of a hook inside of a training step, by number of subscribers.
import { HookTable } from '../src/engine/hooks/hook-table.ts'
import { Handler } from '../src/engine/hooks/handler.ts'

const CALLS = 200_000
const ROUNDS = 15

/** Least ns per call over the rounds, the one that other work on the machine disturbed least, of `onStepEnd`. */
export function costOfCall(subscribers: number): number {
  const table = new HookTable({
    profiler: { step: undefined },
    enter: () => undefined,
    locate: (thrown) => thrown as never,
    onFailure: (_, error) => {
      throw error
    },
    onSlow: () => undefined,
    limitMs: () => 60_000,
  })
  let calls = 0
  for (let i = 0; i < subscribers; i++) {
    const call = () => void calls++
    const rest = { hook: 'onStepEnd', label: '', priority: 0, quarantine: () => undefined }
    table.add(new Handler({ plugin: `p${i}`, call, ...rest }))
  }
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedMs = performance.now()
    for (let step = 0; step < CALLS; step++)
      void table.each('onStepEnd', { run: undefined as never, epoch: 1, step })
    return ((performance.now() - startedMs) / CALLS) * 1e6
  })
  if (calls !== subscribers * CALLS * ROUNDS) throw new Error('handlers were left out')
  return Math.min(...rounds)
}
