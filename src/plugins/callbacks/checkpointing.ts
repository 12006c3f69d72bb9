// Checkpointing: keeps the state of a run as it goes, the last one and the best.
import {
  type HookArgs,
  improves,
  type Metrics,
  monitorSettings,
  plugin,
  type Run,
  z,
} from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).optional().describe('steps from one checkpoint to the next'),
  every_epochs: z
    .int()
    .min(1)
    .optional()
    .describe('epochs from one to the next; 1, when no steps are given either'),
  ...monitorSettings,
  keep_best: z.boolean().default(true).describe('keep the one with the best metric as `best`'),
  keep: z
    .int()
    .min(0)
    .default(0)
    .describe('checkpoints kept under their own names, such as `step-200`, besides `last`'),
})

interface State {
  best: number | undefined
  /** Names of those that are kept, oldest first. */
  kept: string[]
}

export default class Checkpointing extends plugin({
  manifest: {
    name: 'checkpointing',
    version: '1.0.0',
    category: 'callback',
    description: 'Keeps checkpoints of a run: the last, the best, and some in between',
    tags: ['training'],
  },
  config,
}) {
  #state: State = { best: undefined, kept: [] }
  #hasWarned = false

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    this.#hasWarned = false
    if (!resumed) this.#state = { best: undefined, kept: [] }
  }

  onStepEnd({ run, step }: HookArgs<'onStepEnd'>) {
    const { every_steps: every } = this.config
    if (every !== undefined && step % every === 0) this.#keep(run, `step-${step}`)
  }

  onEpochEnd({ run, epoch }: HookArgs<'onEpochEnd'>) {
    const { every_steps: steps, every_epochs: epochs } = this.config
    const every = epochs ?? (steps === undefined ? 1 : undefined)
    if (every !== undefined && epoch % every === 0) this.#keep(run, `epoch-${epoch}`)
  }

  onValidationEnd({ run, metrics }: HookArgs<'onValidationEnd'>) {
    if (!this.config.keep_best) return
    const value = metrics[this.config.monitor]
    if (value === undefined) this.#warn(metrics)
    else if (improves(this.config, value, this.#state.best)) {
      this.#state.best = value
      run.checkpoint('best')
    }
  }

  #keep(run: Run, name: string): void {
    const { keep } = this.config
    run.checkpoint('last')
    if (keep === 0) return
    run.checkpoint(name)
    const kept = [...this.#state.kept, name]
    for (const old of kept.slice(0, -keep)) run.removeCheckpoint(old)
    this.#state.kept = kept.slice(-keep)
  }

  /** Once a run: a metric that is missing keeps no best. */
  #warn(metrics: Metrics): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    const { monitor } = this.config
    this.ctx.log.warn(
      `checkpointing watches '${monitor}', but validation reports ${Object.keys(metrics).join(', ')}; set \`monitor\` to one of these, or add the metric under training.metrics`,
    )
  }

  capture(): State {
    return this.#state
  }

  restore(state: State) {
    this.#state = state
  }
}
