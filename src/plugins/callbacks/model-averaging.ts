// Model averaging: the ranks of a group train apart, and put the mean of their weights in place of their own.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, type Model, parametersOf, plugin, ProcessGroup } from 'plugboard'

/**
 * Local SGD (Stich 2019, algorithm 1): each rank takes steps on its own rows; before each validation all take the
 * mean of their weights, so `training.validate_every` says how many steps they take apart. With plain `sgd` and one
 * step apart this is the step of one engine on all rows. Moments of optimizers stay each rank's own.
 */
export default class ModelAveraging extends plugin({
  manifest: {
    name: 'model_averaging',
    version: '1.0.0',
    category: 'callback',
    description: 'Gives all ranks the mean of their weights before each validation',
    tags: ['distributed'],
  },
  inject: { group: ProcessGroup },
  // Whoever looks at weights then sees the mean.
  hooks: { onValidationBegin: { priority: 1000 } },
}) {
  onTrainBegin() {
    const { worldSize } = this.services.group
    if (worldSize === 1) this.ctx.log.info('this engine trains alone: there is nothing to average')
  }

  async onValidationBegin({ run }: HookArgs<'onValidationBegin'>) {
    if (this.services.group.worldSize === 1) return
    try {
      await this.#average(run.model)
    } catch (thrown) {
      // Weights that drift apart are no result.
      run.stop(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  /** One exchange for all parameters: waiting for the others costs more than the bytes. */
  async #average(model: Model) {
    const parameters = [...parametersOf(model).values()]
    const values = await Promise.all(parameters.map((it) => it.data<'float32'>()))
    const flat = new Float32Array(values.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of values) {
      flat.set(part, at)
      at += part.length
    }
    const means = await this.services.group.allMean(flat)
    at = 0
    for (const parameter of parameters) {
      const part = means.subarray(at, (at += parameter.size))
      const mean = tf.tensor(part, parameter.shape)
      parameter.assign(mean)
      mean.dispose()
    }
  }
}
