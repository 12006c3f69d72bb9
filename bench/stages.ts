// Where the time of a step goes: stamps at the hooks around each stage, taken by two plugins at the ends of every hook.
import { type HookName, plugin, type PluginClass } from '#sdk'

/** The parts of a step, in order. Together they take all of its time. */
export const STAGES = ['data', 'forward', 'backward', 'optimizer', 'hooks', 'read-back'] as const
export type Stage = (typeof STAGES)[number]

/** The stage that ends when the hook begins. Between the first and the last handler lie the hooks themselves. */
const ENDS: Partial<Record<HookName, Stage>> = {
  onStepBegin: 'read-back',
  onBatchBegin: 'data',
  onBatchEnd: 'forward',
  onBackwardBegin: 'forward',
  onBackwardEnd: 'backward',
  onOptimizerStep: 'optimizer',
  onStepEnd: 'optimizer',
}

/** Higher than any other handler's, or lower. */
const FIRST = 1_000_000_000

/** Adds up the time of each stage from stamp to stamp. */
export class StageClock {
  #sums = new Map<Stage, number>()
  #last: number | undefined

  stamp(stage: Stage): void {
    const now = performance.now()
    if (this.#last !== undefined)
      this.#sums.set(stage, (this.#sums.get(stage) ?? 0) + now - this.#last)
    this.#last = now
  }

  /** Forgets everything, the last stamp too. */
  restart(): void {
    this.#sums = new Map()
    this.#last = undefined
  }

  /** Milliseconds by stage since the last restart. */
  get sums(): Record<Stage, number> {
    const entries = STAGES.map((stage) => [stage, this.#sums.get(stage) ?? 0] as const)
    return Object.fromEntries(entries) as Record<Stage, number>
  }
}

/** A plugin that stamps at the hooks of a step, before all other handlers or after them. */
function stamps(clock: StageClock, name: string, isFirst: boolean): PluginClass {
  const priority = isFirst ? FIRST : -FIRST
  return class extends plugin({
    manifest: { name, version: '1.0.0', category: 'callback', description: 'Stamps the time' },
  }) {
    initialize() {
      for (const [hook, stage] of Object.entries(ENDS)) {
        const ended = isFirst ? stage : 'hooks'
        this.ctx.hook(hook as HookName, () => clock.stamp(ended), { priority })
      }
    }
  }
}

/** The plugins of a clock. */
export const stampsOf = (clock: StageClock): PluginClass[] => [
  stamps(clock, 'bench_before', true),
  stamps(clock, 'bench_after', false),
]
