// Activations: how the values that modules give are spread, over the run, on rows held back.
import * as tf from '@tensorflow/tfjs'
import {
  type HookArgs,
  isEngineError,
  nn,
  type PanelHandle,
  plugin,
  type Run,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(100).describe('steps from one look to the next'),
  modules: z
    .array(z.string().min(1))
    .min(1)
    .default(['*'])
    .describe('modules by path, such as `layers.0.attention`; a * stands for any part of a path'),
  most: z.int().min(1).max(100).default(16).describe('modules to show, of those that fit'),
  rows: z.int().min(1).max(1024).default(32).describe('validation rows to look at'),
  bins: z.int().min(2).max(200).default(30).describe('bins of a histogram'),
  keep: z.int().min(2).max(100).default(24).describe('histograms to keep of each module'),
})

/** One forward pass of its own at each look, between two steps; the steps themselves are as ever. */
export default class Activations extends plugin({
  manifest: {
    name: 'activations',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows how the values that modules give are spread, over the run',
    tags: ['inspection', 'panel'],
  },
  config,
}) {
  readonly #series = new nn.HistogramSeries(this.config.keep)
  #panel: PanelHandle | undefined
  #isOff = false

  initialize() {
    this.#panel = this.ctx.panel({ id: 'activations', title: 'Activations', type: 'histogram' })
  }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    this.#isOff = false
    if (!resumed) this.#series.clear()
  }

  // Not in a step: here waiting for the device is allowed.
  async onMetrics({ run, step }: HookArgs<'onMetrics'>) {
    if (this.#isOff || (step % this.config.every_steps !== 0 && step !== 1)) return
    const { rows, bins } = this.config
    const count = Math.min(rows, run.data.validation.length)
    const seen = this.#look(run, count)
    if (!seen) return
    const taken = Object.entries(seen).slice(0, this.config.most)
    const histograms = tf.tidy(() => tf.stack(taken.map(([, value]) => nn.histogram(value, bins))))
    tf.dispose(seen)
    // One read for all: each waits for the device.
    const values = await histograms.data<'float32'>()
    histograms.dispose()
    const size = values.length / taken.length
    for (const [i, [name]] of taken.entries())
      this.#series.add(name, step, values.subarray(i * size, (i + 1) * size))
    this.#panel?.show(this.#series.content(`up to step ${step}, on ${count} validation rows`))
  }

  /** What the modules gave; nothing, and no more looks, where there are none of these names. */
  #look(run: Run, count: number): TensorMap | undefined {
    const rows = Array.from({ length: count }, (_, row) => row)
    const batch = run.batch('validation', rows)
    try {
      const { outputs, seen } = run.inspect(batch, this.config.modules)
      tf.dispose(outputs)
      return seen
    } catch (thrown) {
      if (!isEngineError(thrown) || thrown.code !== 'data.invalid') throw thrown
      this.#isOff = true
      this.ctx.log.warn(`activations shows nothing: ${thrown.message}`)
      return undefined
    } finally {
      tf.dispose(batch)
    }
  }
}
