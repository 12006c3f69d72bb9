// Says after each epoch how a metric has changed.
import { type HookArgs, plugin, z } from 'plugboard'

export default class MyCallback extends plugin({
  manifest: {
    name: 'my_callback',
    version: '1.0.0',
    category: 'callback',
    description: 'Says after each epoch how a metric has changed',
  },
  // Settings: under plugins.use.my_callback.config in plugboard.yaml. A wrong one is shown there, at its line.
  config: z.strictObject({
    metric: z.string().default('loss').describe('metric to follow'),
  }),
}) {
  #before: number | undefined

  // A method with the name of a hook is called for it.
  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#before = undefined
  }

  onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
    const { metric } = this.config
    const value = metrics[metric]
    if (value === undefined) {
      this.ctx.log.warn(`no metric '${metric}'; there are ${Object.keys(metrics).join(', ')}`)
      return
    }
    const change = this.#before === undefined ? '' : `, before ${this.#before.toFixed(3)}`
    this.ctx.log.info(`epoch ${epoch}: ${metric} ${value.toFixed(3)}${change}`)
    this.#before = value
  }

  // An edit in mid-run starts a new version: it takes over what this one remembers.
  capture() {
    return this.#before
  }

  restore(before: number | undefined) {
    this.#before = before
  }
}
