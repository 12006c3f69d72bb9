// Steps that can be told by hand, and a run that learns.
import * as tf from '@tensorflow/tfjs'
import {
  createTestEngine,
  expect,
  lineExperiment,
  linePlugin,
  test,
  testPlugin,
} from 'plugboard/testing'
import MyOptimizer from '../plugins/my-optimizer.ts'

test('conforms to what every plugin must keep', () => testPlugin(MyOptimizer))

test('steps by the learning rate, along gradient and momentum', async () => {
  const engine = await createTestEngine({ plugins: [MyOptimizer] })
  await engine.up()
  const optimizer = engine.instance('my_optimizer').ctx.create('optimizer', 'my_optimizer', {})
  const moved = tf.variable(tf.tensor1d([1, 1, 1]))
  const alone = tf.variable(tf.scalar(1))
  const parameters = new Map<string, tf.Variable>([
    ['moved', moved],
    ['alone', alone],
  ])
  const step = (gradient: number[]) =>
    optimizer.update({
      parameters,
      gradients: new Map([['moved', tf.tensor1d(gradient)]]),
      learningRate: tf.scalar(0.5),
      step: 1,
    })
  step([4, -0.1, 0])
  expect([...moved.dataSync()]).toEqual([0.5, 1.5, 1])
  // The momentum of the first, 0.04, outweighs a small gradient against it.
  step([-0.3, -0.1, 1])
  expect([...moved.dataSync()]).toEqual([0, 2, 0.5])
  // No gradient: the parameter stays as it is.
  expect(alone.dataSync()[0]).toBe(1)
  expect([...optimizer.state().keys()]).toEqual(['momentum/moved'])
  optimizer.dispose()
})

test('makes the loss smaller', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin, MyOptimizer],
    config: {
      experiment: lineExperiment({
        training: {
          epochs: 20,
          optimizer: { name: 'my_optimizer', config: { learning_rate: 0.05 } },
        },
      }),
    },
  })
  await engine.run()
  const losses = engine.events
    .data('run.metrics')
    .flatMap(({ points }) => points.flatMap(({ values }) => values['val_loss'] ?? []))
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
})
