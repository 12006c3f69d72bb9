// Idea: the whole life of a plugin in one place, from what it sets up to what it leaves behind (nothing).
import { type HookArgs, type PanelHandle, plugin, z } from 'plugboard'

type Row = [epoch: number, loss: number, heldBack: number]

export default class FirstPlugin extends plugin({
  manifest: {
    name: 'first_plugin',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows a table of the epochs, and says how many there were',
  },
  config: z.strictObject({
    digits: z.int().min(1).max(6).default(3).describe('digits after the point'),
  }),
}) {
  #panel: PanelHandle | undefined
  #rows: Row[] = []

  // Set up: register everything through `ctx`, and it is taken out again by itself.
  initialize() {
    this.#panel = this.ctx.panel({ id: 'epochs', title: 'Epochs', type: 'table' })
    // For what the engine does not know of (a timer, a connection) there is `own`.
    this.ctx.own(() => this.ctx.log.debug('let go of what it owned'))
  }

  // From here on its hooks are called.
  start() {
    this.ctx.log.info('ready to count epochs')
  }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#rows = []
  }

  onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
    const round = (value = Number.NaN) => Number(value.toFixed(this.config.digits))
    this.#rows.push([epoch, round(metrics['loss']), round(metrics['val_loss'])])
    this.#panel?.show({ columns: ['epoch', 'loss', 'held back'], rows: this.#rows })
  }

  // Tear down: the panel and the hooks are gone already.
  cleanup() {
    this.ctx.log.info(`counted ${this.#rows.length} epochs`)
  }

  // An edit of this file in the middle of a run takes the table along.
  capture() {
    return this.#rows
  }

  restore(rows: Row[]) {
    this.#rows = rows
  }
}
