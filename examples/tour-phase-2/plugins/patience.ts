// Idea: a callback that ends the run when a metric no longer improves, and tells each turn in an event.
import { type HookArgs, plugin, z } from 'plugboard'

export default class Patience extends plugin({
  manifest: {
    name: 'patience',
    version: '1.0.0',
    category: 'callback',
    description: 'Ends a run whose monitored metric has not improved for some epochs',
  },
  config: z.strictObject({
    monitor: z.string().default('val_loss').describe('metric to watch'),
    patience: z.int().min(1).default(10).describe('epochs without improvement before the end'),
    min_delta: z.number().min(0).default(0.001).describe('smallest change that counts'),
  }),
}) {
  #best: number | undefined
  #wait = 0

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.restore({ best: undefined, wait: 0 })
  }

  onEpochEnd({ run, epoch, metrics }: HookArgs<'onEpochEnd'>) {
    const { monitor, patience } = this.config
    const value = metrics[monitor]
    if (value === undefined) {
      const known = Object.keys(metrics).join(', ')
      const message = `patience watches '${monitor}', but the epoch has ${known}; set \`monitor\` to one of these`
      this.ctx.log.warn(message)
      this.#emit('warning', { message })
      return
    }
    if (this.#isBetter(value)) {
      this.restore({ best: value, wait: 0 })
      this.#emit('new_best_value', { epoch, metric: monitor, value })
      return
    }
    this.#wait++
    if (this.#wait < patience) return
    const best = this.#best
    this.#emit('early_stopping_triggered', {
      epoch,
      patience,
      best_value: best,
      current_value: value,
    })
    run.stop(`${monitor} has not improved on ${best?.toFixed(4)} in ${patience} epochs`)
  }

  /** Of a loss less is better, of all else more. */
  #isBetter(value: number): boolean {
    const { monitor, min_delta } = this.config
    if (this.#best === undefined) return true
    const gain = monitor.endsWith('loss') ? this.#best - value : value - this.#best
    return gain > min_delta
  }

  #emit(what: string, data: Record<string, unknown>): void {
    this.ctx.events.emit(`callback.${what}`, { callback: 'patience', ...data })
  }

  // Edit this file in the middle of a run: the new version goes on counting where this one was.
  capture() {
    return { best: this.#best, wait: this.#wait }
  }

  restore({ best, wait }: { best: number | undefined; wait: number }) {
    this.#best = best
    this.#wait = wait
  }
}
