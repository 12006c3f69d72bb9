// The optimizer, the loss and the rules, as an experiment uses them.
import * as tf from '@tensorflow/tfjs'
import { createTestEngine, expect, test, testPlugin } from 'plugboard/testing'
import FocalLoss from '../plugins/focal-loss.ts'
import Lion from '../plugins/lion.ts'
import Rules from '../plugins/rules.ts'

for (const Plugin of [FocalLoss, Lion, Rules])
  test(`${Plugin.name} conforms to what every plugin must keep`, () => testPlugin(Plugin))

test('focal loss cares less about what is right already, and is cross-entropy with γ = 0', async () => {
  const engine = await createTestEngine({ plugins: [FocalLoss] })
  await engine.up()
  const { ctx } = engine.instance('focal_loss')
  const lossOf = (gamma: number, right: number) => {
    const loss = ctx.create('loss', { name: 'custom.focal', config: { gamma } }, {})
    const outputs = { logits: tf.tensor2d([[Math.log(right), Math.log(1 - right)]]) }
    return loss.compute({ outputs, batch: { labels: tf.tensor1d([0], 'int32') } }).dataSync()[0]
  }
  expect(lossOf(0, 0.9)).toBeCloseTo(-Math.log(0.9), 5)
  expect(lossOf(2, 0.9)).toBeCloseTo(-(0.1 ** 2) * Math.log(0.9), 5)
})

test('Lion takes steps of one size, and none when the step is not healthy', async () => {
  const engine = await createTestEngine({ plugins: [Lion] })
  await engine.up()
  const { ctx } = engine.instance('lion')
  const lion = ctx.create('optimizer', 'custom.lion', {})
  const weight = tf.variable(tf.tensor1d([1, 1, 1]))
  const step = (gradient: number[], healthy: number) =>
    lion.update({
      parameters: new Map([['weight', weight]]),
      gradients: new Map([['weight', tf.tensor1d(gradient)]]),
      learningRate: tf.scalar(0.1 * healthy),
      healthy: tf.scalar(healthy),
      step: 1,
    })
  step([5, -0.01, 0], 1)
  const after = [...weight.dataSync()]
  for (const [i, value] of [0.9, 1.1, 1].entries()) expect(after[i]).toBeCloseTo(value, 5)
  const momentum = [...lion.state().get('momentum/weight')!.dataSync()]
  step([0, 0, 0], 0)
  expect([...weight.dataSync()]).toEqual(after)
  expect([...lion.state().get('momentum/weight')!.dataSync()]).toEqual(momentum)
  lion.dispose()
})

test('rules name the node that is too large, and say when a model is built', async () => {
  const engine = await createTestEngine({
    plugins: [Rules],
    config: {
      experiment: {
        dataset: 'digits',
        model: { name: 'mlp', config: { hidden: [8] } },
        validators: [{ name: 'custom.node_size', config: { most: 100 } }],
        training: { max_steps: 1, loss: 'cross_entropy' },
      },
      plugins: { use: { rules: {} } },
    },
  })
  await expect(engine.run()).rejects.toThrow('node `layers.0` has 6280 parameters, more than 100')
  const told = engine.events.data('log').map(({ message }) => message)
  expect(told).toEqual(expect.arrayContaining(['building mlp', 'built mlp: 6370 parameters']))
}, 30_000)
