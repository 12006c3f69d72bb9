// Idea: a look inside of the model: which expert works on which letter, as a map that grows clear over the epochs.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, type PanelHandle, plugin, type Run, z } from 'plugboard'

export default class WhoReadsWhat extends plugin({
  manifest: {
    name: 'who_reads_what',
    version: '1.0.0',
    category: 'callback',
    description: 'Draws how much each expert has to do with each letter',
    requires: { 'ffn/moe': '*' },
  },
  config: z.strictObject({
    rows: z.int().min(1).default(200).describe('held-back names to look at'),
  }),
}) {
  #panel: PanelHandle | undefined

  initialize() {
    this.#panel = this.ctx.panel({ id: 'readers', title: 'Who reads what', type: 'matrix' })
  }

  async onEpochEnd({ run, epoch }: HookArgs<'onEpochEnd'>) {
    const { layers, letters } = this.#look(run)
    const matrices = layers.map(async ([name, shares]) => {
      const values = [...(await shares.data())]
      shares.dispose()
      const columns = Array.from({ length: values.length / letters.length }, (_, i) => `${i}`)
      return { title: name, rows: letters, columns, values }
    })
    this.#panel!.show({
      matrices: await Promise.all(matrices),
      rowsAre: 'letter',
      columnsAre: 'expert',
      range: [0, 1],
      caption: `mean share of each expert, after epoch ${epoch}`,
    })
  }

  /** Mean share of the experts in each letter, [letters, experts], for each layer that has experts. */
  #look(run: Run) {
    const { limit = 0 } = run.columns['input_ids'] ?? {}
    const length = Math.min(this.config.rows, run.data.validation.length)
    const batch = run.batch(
      'validation',
      Array.from({ length }, (_, row) => row),
    )
    // What layers show of themselves with `ctx.record`, by their path.
    const { outputs, seen } = run.inspect(batch, ['*:shares'])
    const layers = Object.entries(seen).map(([name, shares]) => {
      const means = tf.tidy(() => {
        const kept = batch['attention_mask']!.toFloat().reshape([-1, 1])
        const letters = tf.oneHot(batch['input_ids']!.flatten().toInt(), limit).mul(kept)
        const sums = tf.matMul(letters, shares.reshape([-1, shares.shape.at(-1)!]), true)
        return sums.div(letters.sum(0).maximum(1).expandDims(1))
      })
      return [name.replace(':shares', ''), means] as const
    })
    tf.dispose([outputs, seen, batch])
    const letters = Array.from({ length: limit }, (_, id) => run.tokenizer!.decode([id]) || '·')
    return { layers, letters }
  }
}
