// Idea: a plugin that stands on others – it says which, in which versions, and uses a service of one of them.
import { type HookArgs, plugin, z } from 'plugboard'
import { Diary } from '../lib/diary.ts'

export default class EpochReport extends plugin({
  manifest: {
    name: 'epoch_report',
    version: '1.0.0',
    category: 'callback',
    description: 'Says after each epoch how far it is to the goal, and notes it in the diary',
    // All of it must be there: a plugin, something that any plugin may offer, the host's library.
    requires: { 'plugin:run_diary': '^1.1', 'attention/nearby': '*', tfjs: '>=4.20' },
    // May be missing; if it is there, it comes first.
    optional: { 'plugin:weight_average': '^1.0.0' },
  },
  config: z.strictObject({
    goal: z.number().positive().default(2.2).describe('loss on held-back rows to get below'),
  }),
  inject: { diary: Diary },
  // After all that measure something in this hook, also one that joins later.
  hooks: { onEpochEnd: { priority: -100 } },
}) {
  #average: number | undefined

  initialize() {
    // An event tells what happened, whoever it is that tells it: nobody need be there.
    this.ctx.events.on('weight_average.measured', ({ data }) => {
      this.#average = (data as { loss: number }).loss
    })
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    this.#average = undefined
    run.reference({ metric: 'val_loss', label: 'goal', value: this.config.goal })
  }

  onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
    const { goal } = this.config
    const describe = (loss: number) =>
      `${loss.toFixed(3)} (${loss < goal ? 'below' : 'above'} the goal of ${goal})`
    const own = describe(metrics['val_loss'] ?? Number.NaN)
    const average =
      this.#average === undefined ? '' : `; with averaged weights ${describe(this.#average)}`
    const line = `epoch ${epoch}: loss ${own}${average}`
    this.ctx.log.info(line)
    this.services.diary.note(line)
  }
}
