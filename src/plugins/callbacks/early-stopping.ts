// Early stopping: ends a run whose monitored metric no longer improves.
import { type HookArgs, type Metrics, plugin, z } from 'plugboard'

const config = z.strictObject({
  monitor: z.string().default('val_loss').describe('metric to watch, as validation reports it'),
  mode: z
    .enum(['auto', 'min', 'max'])
    .default('auto')
    .describe('whether less or more is better; auto knows accuracy and its like by name'),
  patience: z.int().min(1).default(5).describe('validations without improvement before the end'),
  min_delta: z.number().min(0).default(1e-3).describe('smallest change that is an improvement'),
})

/** Names of metrics of which more is better. */
const RISING = /(?:accuracy|precision|recall|f1|auc|r2)$/

interface State {
  best: number | undefined
  wait: number
}

export default class EarlyStopping extends plugin({
  manifest: {
    name: 'early_stopping',
    version: '1.1.0',
    category: 'callback',
    description: 'Stops a run whose monitored metric no longer improves',
    tags: ['training'],
  },
  config,
}) {
  #state: State = { best: undefined, wait: 0 }
  #hasWarned = false

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    this.#hasWarned = false
    if (!resumed) this.#state = { best: undefined, wait: 0 }
  }

  onValidationEnd({ run, epoch, step, metrics }: HookArgs<'onValidationEnd'>) {
    const { monitor, patience } = this.config
    const value = metrics[monitor]
    if (value === undefined) {
      this.#warn(metrics)
      return
    }
    const { best, wait } = this.#state
    const at = { epoch, step, metric: monitor, value }
    if (this.#isBetter(value, best)) {
      this.#state = { best: value, wait: 0 }
      this.ctx.events.emit('early_stopping.new_best', at)
      return
    }
    this.#state = { best, wait: wait + 1 }
    if (this.#state.wait < patience) return
    this.ctx.events.emit('early_stopping.triggered', { ...at, best, patience })
    const goal = best === undefined ? 'been a number' : `improved on ${best.toFixed(4)}`
    run.stop(`${monitor} has not ${goal} in ${patience} validations (step ${step})`)
  }

  /** Once a run: a metric that is missing stops nothing. */
  #warn(metrics: Metrics): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    const { monitor } = this.config
    const message = `early_stopping watches '${monitor}', but validation reports ${Object.keys(metrics).join(', ')}; set \`monitor\` to one of these, or add the metric under training.metrics`
    this.ctx.log.warn(message)
    this.ctx.events.emit('early_stopping.warning', { metric: monitor, message })
  }

  /** NaN, as a mean over nothing is, never is better. */
  #isBetter(value: number, best: number | undefined): boolean {
    const { monitor, mode, min_delta: delta } = this.config
    if (best === undefined || Number.isNaN(value)) return !Number.isNaN(value)
    const rises = mode === 'auto' ? RISING.test(monitor) : mode === 'max'
    return rises ? value > best + delta : value < best - delta
  }

  capture(): State {
    return this.#state
  }

  restore(state: State) {
    this.#state = state
  }
}
