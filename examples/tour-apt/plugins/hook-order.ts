// Idea: two ways to listen to a hook – a method of its name, or a function – and who of them comes first.
import { before, plugin } from 'plugboard'

const firstEpoch = before.epoch(2)

export default class HookOrder extends plugin({
  manifest: {
    name: 'hook_order',
    version: '1.0.0',
    category: 'callback',
    description: 'Says in which order handlers of one hook are called',
    // For its handlers that set none.
    priority: 0,
  },
  hooks: { onEpochBegin: { priority: 50, when: firstEpoch } },
}) {
  #called: string[] = []

  initialize() {
    const call = (label: string) => () => void this.#called.push(label)
    const tell = () =>
      this.ctx.log.info(`onEpochBegin: ${[...this.#called, 'low'].join(', then ')}`)
    // Written in any order: the higher priority goes first, equal ones as they were added.
    this.ctx.hook('onEpochBegin', tell, { priority: -10, when: firstEpoch, label: 'low' })
    this.ctx.hook('onEpochBegin', call('none'), { when: firstEpoch, label: 'none' })
    this.ctx.hook('onEpochBegin', call('high'), { priority: 100, when: firstEpoch, label: 'high' })
  }

  onTrainBegin() {
    this.#called = []
  }

  onEpochBegin() {
    this.#called.push('method')
  }
}
