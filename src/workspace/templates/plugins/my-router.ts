// A router that sends each row to its best experts. And a mixture of experts to try it in.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  type InstanceOf,
  type ModelEnv,
  Module,
  nn,
  plugin,
  type RouterEnv,
  type Routing,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  active: z.int().min(1).default(2).describe('experts that have a say in a row'),
})

/** Share of the balance term in the loss. */
const BALANCE = 0.01

/** [n, width] to weights [n, experts]: those of the best experts, of sum 1 in each row. */
class BestExperts extends Module<tf.Tensor2D, Routing> {
  readonly score: nn.Linear
  readonly active: number

  constructor(active: number, { width, experts }: RouterEnv) {
    super()
    this.score = new nn.Linear(width, experts, { bias: false })
    this.active = active
  }

  forward(x: tf.Tensor2D): Routing {
    const likely = tf.softmax(this.score.forward(x)) as tf.Tensor2D
    // Of how many experts, itself included, each is at least as likely; those that tie are all active.
    const passed = likely.expandDims(2).greaterEqual(likely.expandDims(1)).toFloat().sum(2)
    const least = nn.scalar(likely.shape[1] - this.active + 1)
    const isActive = passed.greaterEqual(least).toFloat()
    const kept = likely.mul<tf.Tensor2D>(isActive)
    return { weights: kept.div(kept.sum(1, true)), aux_loss: this.#balance(likely, isActive) }
  }

  /** Experts times the sum of share of rows times mean weight: 1 when all are used alike (Fedus et al. 2021, eq. 4). */
  #balance(likely: tf.Tensor2D, isActive: tf.Tensor): tf.Scalar {
    const [, experts] = likely.shape
    const share = isActive.div(isActive.sum(1, true)).mean(0)
    return share
      .mul(likely.mean(0))
      .sum()
      .mul(nn.scalar(BALANCE * experts))
  }
}

const modelConfig = z.strictObject({
  experts: z.int().min(2).default(4).describe('experts to choose from'),
})

/** The column `image`, laid out flat, to `logits`: the sum of linear experts, weighed by the router. */
class Mixture extends Module {
  readonly router: InstanceOf<'router'>
  readonly experts: nn.Linear[]

  constructor(experts: number, { columns, create }: ModelEnv) {
    super()
    const [image, labels] = [columns['image'], columns['labels']]
    if (!image || labels?.limit === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `my_router reads 'image' and class numbers from 'labels'; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'use a dataset of images, or the router in a model of your own',
      })
    }
    const [width, classes] = [image.shape.reduce((size, axis) => size * axis, 1), labels.limit]
    this.router = create('router', 'my_router', { width, experts })
    this.experts = Array.from({ length: experts }, () => new nn.Linear(width, classes))
  }

  // `aux_loss` among the outputs is added to the loss.
  forward({ image }: TensorMap, ctx: ForwardContext): TensorMap {
    const x = image!.reshape<tf.Tensor2D>([image!.shape[0], -1])
    const { weights, aux_loss } = this.router.forward(x, ctx)
    const opinions = tf.stack(
      this.experts.map((expert) => expert.forward(x)),
      1,
    )
    const logits = opinions.mul(weights.expandDims(2)).sum(1)
    return aux_loss ? { logits, aux_loss } : { logits }
  }
}

export default class MyRouter extends plugin({
  manifest: {
    name: 'my_router',
    version: '1.0.0',
    category: 'layer',
    description: 'Router to the best experts, and a mixture of them',
    tags: ['mixture of experts'],
    provides: ['router/my_router', 'model/my_router'],
  },
}) {
  initialize() {
    this.ctx.provide('router', 'my_router', ({ active }, env) => new BestExperts(active, env), {
      config,
      description: 'the best experts of each row',
    })
    this.ctx.provide('model', 'my_router', ({ experts }, env) => new Mixture(experts, env), {
      config: modelConfig,
      description: 'mixture of linear experts, for classes of images',
    })
  }
}
