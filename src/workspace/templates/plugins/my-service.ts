// A service that knows the lowest value of each metric, for other plugins to ask.
import { defineService, type HookArgs, plugin, z } from 'plugboard'

/** What others may ask. They get it with `inject: { lowest: MyService }`, as `this.services.lowest`. */
export interface MyService {
  /** The lowest value of a metric in this run, and its step; `undefined` before there is one. */
  of(metric: string): { value: number; step: number } | undefined
}
export const MyService = defineService<MyService>('my_service')

export default class MyServicePlugin extends plugin({
  manifest: {
    name: 'my_service',
    version: '1.0.0',
    category: 'service',
    description: 'Knows the lowest value of each metric',
  },
  config: z.strictObject({
    after_step: z.int().min(0).default(0).describe('steps at the begin that do not count'),
  }),
}) {
  #lowest = new Map<string, { value: number; step: number }>()

  initialize() {
    this.ctx.provideService(MyService, { of: (metric) => this.#lowest.get(metric) })
  }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#lowest.clear()
  }

  onMetrics({ step, metrics }: HookArgs<'onMetrics'>) {
    if (step <= this.config.after_step) return
    for (const [metric, value] of Object.entries(metrics)) {
      const known = this.#lowest.get(metric)
      if (!known || value < known.value) this.#lowest.set(metric, { value, step })
    }
  }

  onTrainEnd() {
    const loss = this.#lowest.get('loss')
    if (loss) this.ctx.log.info(`lowest loss: ${loss.value.toFixed(3)} in step ${loss.step}`)
  }

  capture() {
    return this.#lowest
  }

  restore(lowest: Map<string, { value: number; step: number }>) {
    this.#lowest = lowest
  }
}
