// A table of the model's parameters, drawn anew after each epoch.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, type PanelHandle, parametersOf, plugin, z } from 'plugboard'

export default class MyPanel extends plugin({
  manifest: {
    name: 'my_panel',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows how large the parameters of the model are',
  },
  config: z.strictObject({
    rows: z.int().min(1).max(500).default(20).describe('parameters to show'),
  }),
}) {
  #panel: PanelHandle | undefined

  // A panel is described as data; the page draws it. It goes away with the plugin.
  initialize() {
    this.#panel = this.ctx.panel({ id: 'my_panel', title: 'My panel', type: 'table' })
  }

  async onEpochEnd({ run, epoch }: HookArgs<'onEpochEnd'>) {
    const parameters = [...parametersOf(run.model)].slice(0, this.config.rows)
    // One read for all: each one waits for the device. tf.tidy frees what it does not return.
    const means = tf.tidy(() => tf.stack(parameters.map(([, value]) => value.abs().mean())))
    const values = await means.data()
    means.dispose()
    this.#panel?.show({
      columns: ['parameter', 'shape', 'mean size'],
      rows: parameters.map(([path, { shape }], i) => [
        path,
        shape.join(' × '),
        values[i]!.toPrecision(3),
      ]),
      caption: `after epoch ${epoch}`,
    })
  }
}
