// EMA: the model is seen with a running mean of its weights, and trains with its own.
import * as tf from '@tensorflow/tfjs'
import { hiddenState, type HookArgs, type Model, nn, parametersOf, plugin, z } from 'plugboard'

const config = z.strictObject({
  decay: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.999)
    .describe('how long the mean remembers: about 1 / (1 - decay) steps'),
})

interface StoredWeight {
  path: string
  shape: number[]
  values: Float32Array
}

interface State {
  own: StoredWeight[]
  means: StoredWeight[]
}

/** How much of the weights so far is in the mean: what it is divided by; kept among the means. */
const SHARE = ''

/**
 * m = decay m + (1 - decay) w after each step, divided by 1 - decay^t, so that the mean of few steps is one of
 * those steps (Polyak & Juditsky 1992; the correction is that of Kingma & Ba 2015, section 3). Between two steps
 * the means are in the weights' place: validation, predictions, samples and the weights of checkpoints are theirs.
 * Within a step the model has its own.
 */
export default class ExponentialMovingAverage extends plugin({
  manifest: {
    name: 'ema',
    version: '1.0.0',
    category: 'callback',
    description: 'Validates, predicts and saves with a running mean of the weights',
    tags: ['training'],
  },
  config,
  // Other handlers of a step see the weights that it trains.
  hooks: { onStepBegin: { priority: 1000 }, onOptimizerStep: { priority: -1000 } },
}) {
  #model: Model | undefined
  /**
   * The weights that are trained, as the last step left them; the model has the means between two steps. Variables, and
   * nothing else that a step changes: it may be repeated without this code.
   */
  readonly #own = new Map<string, tf.Variable>()
  readonly #means = new Map<string, tf.Variable>()

  initialize() {
    this.ctx.own(() => this.#forget())
  }

  [hiddenState]() {
    return [this.#own, this.#means]
  }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#forget()
  }

  onStepBegin({ run }: HookArgs<'onStepBegin'>) {
    this.#model = run.model
    this.#putBack(run.model)
  }

  onOptimizerStep({ run }: HookArgs<'onOptimizerStep'>) {
    const decay = nn.scalar(this.config.decay)
    const fresh = nn.scalar(1 - this.config.decay)
    tf.tidy(() => {
      const move = (name: string, value: tf.Tensor): tf.Tensor => {
        const before = this.#means.get(name)
        const isSame = before !== undefined && tf.util.arraysEqual(before.shape, value.shape)
        const part = value.mul(fresh)
        return keepIn(this.#means, name, isSame ? before.mul(decay).add(part) : part)
      }
      const share = move(SHARE, nn.scalar(1))
      for (const [path, weight] of parametersOf(run.model)) {
        keepIn(this.#own, path, weight)
        weight.assign(move(path, weight).div(share))
      }
    })
  }

  /** Switched off in the middle of a run, it leaves the model what it trains. */
  stop() {
    if (this.#model) this.#putBack(this.#model)
    clear(this.#own)
  }

  onTrainEnd() {
    this.#forget()
  }

  async capture(): Promise<State> {
    return { own: await read(this.#own), means: await read(this.#means) }
  }

  restore({ own, means }: State) {
    this.#forget()
    for (const [kept, stored] of [
      [this.#own, own],
      [this.#means, means],
    ] as const) {
      tf.tidy(() => {
        for (const { path, shape, values } of stored) keepIn(kept, path, tf.tensor(values, shape))
      })
    }
  }

  #putBack(model: Model) {
    for (const [path, weight] of parametersOf(model)) {
      const own = this.#own.get(path)
      if (own && tf.util.arraysEqual(own.shape, weight.shape)) weight.assign(own)
    }
  }

  #forget() {
    this.#model = undefined
    clear(this.#own)
    clear(this.#means)
  }
}

function keepIn(kept: Map<string, tf.Variable>, name: string, value: tf.Tensor): tf.Variable {
  const known = kept.get(name)
  if (known && tf.util.arraysEqual(known.shape, value.shape)) {
    known.assign(value)
    return known
  }
  known?.dispose()
  const made = tf.variable(value, false)
  kept.set(name, made)
  return made
}

function clear(kept: Map<string, tf.Variable>): void {
  tf.dispose([...kept.values()])
  kept.clear()
}

const read = (kept: ReadonlyMap<string, tf.Variable>): Promise<StoredWeight[]> =>
  Promise.all(
    [...kept].map(async ([path, tensor]) => {
      return { path, shape: tensor.shape, values: await tensor.data<'float32'>() }
    }),
  )
