// Idea: a router of one's own. In plugboard.yaml, `router: soft` takes the place of the built-in one.
import * as tf from '@tensorflow/tfjs'
import { type EnvOf, Module, nn, plugin, type Routing } from 'plugboard'

/** All experts have a say in every letter, some more than others: tokens [n, width] to weights [n, experts]. */
class SoftRouter extends Module<tf.Tensor2D, Routing> {
  readonly gate: nn.Linear

  constructor({ width, experts }: EnvOf<'router'>) {
    super()
    this.gate = new nn.Linear(width, experts, { bias: false })
  }

  // With an `aux_loss` it could ask for even use; without one, an expert may be left idle.
  forward(tokens: tf.Tensor2D): Routing {
    return { weights: tf.softmax(this.gate.forward(tokens) as tf.Tensor2D) }
  }
}

export default class SoftRouterPlugin extends plugin({
  manifest: {
    name: 'soft_router',
    version: '1.0.0',
    category: 'layer',
    description: 'A router that asks all experts and weighs what they say',
    provides: ['router/soft'],
  },
}) {
  initialize() {
    this.ctx.provide('router', 'soft', (_, env) => new SoftRouter(env), {
      description: 'every expert has a say in every letter',
    })
  }
}
