// Idea: early stopping from scratch – a plugin that ends the run when nothing gets better any more.
import { type HookArgs, plugin, z } from 'plugboard'

interface State {
  best: number
  waited: number
}
const begin: State = { best: Infinity, waited: 0 }

export default class StopWhenFlat extends plugin({
  manifest: {
    name: 'stop_when_flat',
    version: '1.0.0',
    category: 'callback',
    description: 'Ends a run whose loss on held-back rows no longer falls',
    // Two that count patience, each in its own way, would be one too many.
    conflicts: ['early_stopping'],
  },
  config: z.strictObject({
    monitor: z
      .string()
      .regex(/^val_/, 'it is measured on held-back rows, so its name begins with val_')
      .default('val_loss')
      .describe('metric to watch, of which less is better'),
    patience: z.int().min(1).default(2).describe('validations to wait for an improvement'),
    min_delta: z.number().min(0).default(0.005).describe('smallest fall that is an improvement'),
  }),
}) {
  #state = begin

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#state = begin
  }

  onValidationEnd({ run, metrics }: HookArgs<'onValidationEnd'>) {
    const { monitor, patience, min_delta } = this.config
    const value = metrics[monitor]
    if (value === undefined) return
    const { best, waited } = this.#state
    this.#state =
      value < best - min_delta ? { best: value, waited: 0 } : { best, waited: waited + 1 }
    // The run ends before its next step; the reason is shown with it.
    if (this.#state.waited >= patience)
      run.stop(`${monitor} has not fallen below ${best.toFixed(3)} in ${patience} validations`)
  }

  capture() {
    return this.#state
  }

  restore(state: State) {
    this.#state = state
  }
}
