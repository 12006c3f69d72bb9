// Mistakes: a panel that tells which digits the model takes for which.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, type PanelHandle, plugin, z } from 'plugboard'

export default class Mistakes extends plugin({
  manifest: {
    name: 'mistakes',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows the pairs of classes that are most often confused',
  },
  config: z.strictObject({
    rows: z.int().min(1).max(2000).default(1000).describe('validation rows to look at'),
    pairs: z.int().min(1).max(50).default(8).describe('pairs to show'),
  }),
}) {
  #panel: PanelHandle | undefined

  initialize() {
    this.#panel = this.ctx.panel({ id: 'mistakes', title: 'Mistakes', type: 'table' })
  }

  async onEpochEnd({ run, epoch }: HookArgs<'onEpochEnd'>) {
    const { rows, pairs } = this.config
    const count = Math.min(rows, run.data.validation.length)
    const order = Array.from({ length: count }, (_, row) => row)

    // Everything made in tf.tidy is freed, but for what it returns. No await inside of it.
    const [guessed, right] = tf.tidy((): [tf.Tensor, tf.Tensor] => {
      const batch = run.batch('validation', order)
      const { logits } = run.predict(batch)
      return [logits!.argMax(-1), batch['labels']!.clone()]
    })
    const [guesses, labels] = await Promise.all([guessed.data<'int32'>(), right.data()])
    tf.dispose([guessed, right])

    const classes = run.columns['labels']?.classes
    const nameOf = (label: number) => classes?.[label] ?? `class ${label}`
    const found = new Map<string, number>()
    guesses.forEach((guess, i) => {
      if (guess === labels[i]) return
      const pair = `${nameOf(labels[i]!)} taken for ${nameOf(guess)}`
      found.set(pair, (found.get(pair) ?? 0) + 1)
    })
    const most = [...found].toSorted((a, b) => b[1] - a[1]).slice(0, pairs)
    const wrong = guesses.filter((guess, i) => guess !== labels[i]).length
    this.#panel?.show({
      columns: ['mistake', 'times'],
      rows: most,
      caption: `epoch ${epoch}: ${wrong} of ${count} wrong`,
    })
  }
}
