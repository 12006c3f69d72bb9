// Attention maps: how much each token looks at each other one, head by head, for one text.
import * as tf from '@tensorflow/tfjs'
import {
  type HookArgs,
  isEngineError,
  type PanelHandle,
  plugin,
  type Run,
  type Table,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(100).describe('steps from one look to the next'),
  layers: z
    .array(z.string().min(1))
    .min(1)
    .default(['*:weights'])
    .describe('what attention layers record, by path; a * stands for any part'),
  row: z.int().min(0).default(0).describe('validation row to look at'),
  text: z.string().min(1).optional().describe('text to look at, in place of a row'),
  column: z.string().default('text').describe('column of the dataset that the text stands for'),
  heads: z.int().min(1).max(64).default(16).describe('maps to show, of all layers and heads'),
  length: z.int().min(1).max(256).default(48).describe('tokens to show'),
})

/** White space and boundaries are seen, not guessed. */
const SIGNS: Readonly<Record<string, string>> = { ' ': '␣', '\n': '⏎', '\t': '⇥', '': '·' }

/**
 * One forward pass of its own at each look. Rows of a map look, columns are looked at; each row adds up to 1. Shows
 * what attention layers record as `weights` [batch, heads, time, time]: `nn.SelfAttention` and all that extends it.
 */
export default class AttentionMaps extends plugin({
  manifest: {
    name: 'attention_maps',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows which tokens attention looks at, layer by layer and head by head',
    tags: ['inspection', 'panel', 'transformer'],
  },
  config,
}) {
  #panel: PanelHandle | undefined
  #isOff = false

  initialize() {
    this.#panel = this.ctx.panel({ id: 'attention', title: 'Attention', type: 'matrix' })
  }

  onTrainBegin() {
    this.#isOff = false
  }

  // Not in a step: here waiting for the device is allowed.
  async onMetrics({ run, step }: HookArgs<'onMetrics'>) {
    if (this.#isOff || (step % this.config.every_steps !== 0 && step !== 1)) return
    await this.#show(run, step)
  }

  async onTrainEnd({ run, reason }: HookArgs<'onTrainEnd'>) {
    if (reason !== 'failed' && !this.#isOff) await this.#show(run, run.step)
  }

  async #show(run: Run, step: number) {
    const batch = this.#batch(run)
    try {
      const seen = this.#look(run, batch)
      if (!seen) return
      const labels = await labelsOf(run, batch, this.config.length)
      const maps = Object.entries(seen).filter(([, { rank }]) => rank === 4)
      const matrices = []
      for (const [name, weights] of maps) {
        const [, heads = 0, time = 0] = weights.shape
        const length = Math.min(time, labels.length)
        const values = await readMaps(weights as tf.Tensor4D, length)
        for (let head = 0; head < heads && matrices.length < this.config.heads; head++) {
          const size = length * length
          matrices.push({
            title: `${name.replace(/:weights$/, '')} · head ${head}`,
            rows: labels.slice(0, length),
            columns: labels.slice(0, length),
            values: values.subarray(head * size, (head + 1) * size),
          })
        }
      }
      tf.dispose(seen)
      const caption = `step ${step}: rows look at columns`
      this.#panel?.show({ matrices, rowsAre: 'from', columnsAre: 'to', range: [0, 1], caption })
    } finally {
      tf.dispose(batch)
    }
  }

  #batch(run: Run): TensorMap {
    const { text, column, row } = this.config
    if (text === undefined)
      return run.batch('validation', [Math.min(row, run.data.validation.length - 1)])
    const rows: Table = { length: 1, columns: { [column]: { type: 'text', data: [text] } } }
    return run.prepare(rows)
  }

  /** What attention layers recorded; nothing, and no more looks, in a model without any. */
  #look(run: Run, batch: TensorMap): TensorMap | undefined {
    try {
      const { outputs, seen } = run.inspect(batch, this.config.layers)
      tf.dispose(outputs)
      return seen
    } catch (thrown) {
      if (!isEngineError(thrown) || thrown.code !== 'data.invalid') throw thrown
      this.#isOff = true
      this.ctx.log.warn(`attention_maps shows nothing: ${thrown.message}`)
      return undefined
    }
  }
}

/** The first row's maps, cut to `length` tokens: [heads, length, length]. */
async function readMaps(weights: tf.Tensor4D, length: number): Promise<Float32Array> {
  const maps = tf.tidy(() => weights.slice([0, 0, 0, 0], [1, -1, length, length]).flatten())
  const values = await maps.data<'float32'>()
  maps.dispose()
  return values
}

/** A label for each token that the mask keeps, at most `most`: its text, or its place where there is no tokenizer. */
async function labelsOf(run: Run, batch: TensorMap, most: number): Promise<string[]> {
  const { input_ids: ids, attention_mask: mask } = batch
  const kept = mask ? (await mask.data()).findLastIndex((value) => value !== 0) + 1 : undefined
  const { tokenizer } = run
  if (!ids || !tokenizer)
    return Array.from({ length: Math.min(most, kept ?? most) }, (_, i) => String(i))
  const tokens = Array.from((await ids.data()).slice(0, ids.shape[1]), (id) =>
    tokenizer.decode([id]),
  )
  return tokens.slice(0, Math.min(most, kept ?? most)).map((token) => SIGNS[token] ?? token)
}
