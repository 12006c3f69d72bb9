// Idea: a plugin that joins in the middle of the run – `schedules: plugins:` in plugboard.yaml says when.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, nn, parametersOf, plugin, type Run, z } from 'plugboard'

interface State {
  run: string
  samples: number
  means: { path: string; shape: number[]; values: Float32Array }[]
}

/** Mean of the weights over the steps since it joined: better than the last ones (Izmailov et al. 2018). */
export default class WeightAverage extends plugin({
  manifest: {
    name: 'weight_average',
    version: '1.0.0',
    category: 'callback',
    description: 'Averages the weights, and measures how good the average is',
  },
  config: z.strictObject({
    every_steps: z.int().min(1).default(10).describe('steps from one sample to the next'),
    batch_size: z.int().min(1).default(256).describe('held-back rows to measure at a time'),
  }),
}) {
  #run = ''
  #mean = new Map<string, tf.Tensor>()
  #samples = 0

  initialize() {
    this.ctx.own(() => this.#forget(''))
  }

  // At the boundary of its epoch. Hooks that were called before are not called again.
  start() {
    this.ctx.log.info('joins, and averages the weights from here on')
  }

  onOptimizerStep({ run, step }: HookArgs<'onOptimizerStep'>) {
    if (step % this.config.every_steps !== 0) return
    if (run.id !== this.#run) this.#forget(run.id)
    this.#samples += 1
    for (const [path, weight] of parametersOf(run.model)) {
      const mean = this.#mean.get(path)
      // What a step makes is freed after it; `keep` is for what has to stay.
      const next = tf.tidy(() => mean?.add(weight.sub(mean).div(this.#samples)) ?? weight.clone())
      this.#mean.set(path, tf.keep(next))
      mean?.dispose()
    }
  }

  async onEpochEnd({ run, epoch }: HookArgs<'onEpochEnd'>) {
    if (this.#mean.size === 0) return
    const loss = tf.tidy(() => this.#withMean(run, () => this.#lossOf(run)))
    const [value = Number.NaN] = await loss.data()
    loss.dispose()
    run.report({ average_val_loss: value })
    this.ctx.events.emit('weight_average.measured', { epoch, loss: value })
  }

  onTrainEnd() {
    this.#forget('')
  }

  // For an edit in the middle of a run: what is on the device is read into plain numbers, and put back there.
  async capture(): Promise<State> {
    const means = [...this.#mean].map(async ([path, mean]) => {
      const values = (await mean.data()) as Float32Array
      return { path, shape: mean.shape, values }
    })
    return { run: this.#run, samples: this.#samples, means: await Promise.all(means) }
  }

  restore({ run, samples, means }: State) {
    this.#forget(run)
    this.#samples = samples
    for (const { path, shape, values } of means)
      this.#mean.set(path, tf.keep(tf.tensor(values, shape)))
  }

  /** Does `work` with the mean in the place of the weights. Without an await, no step comes in between. */
  #withMean<T>(run: Run, work: () => T): T {
    const weights = [...parametersOf(run.model)]
    const own = weights.map(([, weight]) => weight.clone())
    try {
      for (const [path, weight] of weights) weight.assign(this.#mean.get(path) ?? weight)
      return work()
    } finally {
      weights.forEach(([, weight], i) => weight.assign(own[i]!))
    }
  }

  /** Cross-entropy of all held-back rows, each letter counting the same. */
  #lossOf(run: Run): tf.Scalar {
    const { length } = run.data.validation
    const { batch_size: size } = this.config
    const parts = Array.from({ length: Math.ceil(length / size) }, (_, part) => {
      const rows = Array.from(
        { length: Math.min(size, length - part * size) },
        (_, i) => part * size + i,
      )
      const batch = run.batch('validation', rows)
      const mask = batch['attention_mask']!.toFloat()
      const loss = nn.crossEntropy(run.predict(batch)['logits']!, batch['labels']!, { mask })
      return [loss.mul(mask.sum()), mask.sum()] as const
    })
    const total = tf.addN(parts.map(([sum]) => sum))
    return total.div(tf.addN(parts.map(([, count]) => count))).asScalar()
  }

  #forget(run: string) {
    this.#run = run
    tf.dispose([...this.#mean.values()])
    this.#mean.clear()
    this.#samples = 0
  }
}
