// Early stopping: ends a run whose monitored metric no longer improves.
import { type HookArgs, improves, type Metrics, monitorSettings, plugin, z } from 'plugboard'

const config = z.strictObject({
  ...monitorSettings,
  patience: z.int().min(1).default(5).describe('validations without improvement before the end'),
  min_delta: z.number().min(0).default(1e-3).describe('smallest change that is an improvement'),
})

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
    if (improves(this.config, value, best, this.config.min_delta)) {
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

  capture(): State {
    return this.#state
  }

  restore(state: State) {
    this.#state = state
  }
}
