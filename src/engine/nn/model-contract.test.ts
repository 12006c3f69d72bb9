// What a model may have a say in, and what its builder chooses.
import { expect, test } from 'vitest'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

/** A line that learns, with more members and a config schema. */
const model = (
  body: string,
  config = 'z.strictObject({})',
) => `import * as tf from '@tensorflow/tfjs'
import { init, Module, parameter, plugin, StatefulOptimizer, z } from 'plugboard'
class Sgd extends StatefulOptimizer {
  constructor(learningRate) { super(); this.learningRate = learningRate }
  update({ parameters, gradients, learningRate }) {
    for (const [path, gradient] of gradients) {
      const parameter = parameters.get(path)
      parameter.assign(parameter.sub(gradient.mul(learningRate)))
    }
  }
}
class Own extends Module {
  weight = parameter([2, 1], init.zeros())
  constructor(config) { super(); this.config = config }
  forward({ x }) { return { prediction: x.matMul(this.weight) } }
  ${body}
}
export default class extends plugin({ manifest: { name: 'own', version: '1.0.0' } }) {
  initialize() {
    this.ctx.provide('model', 'own', (config, env) => new Own(config, env), { config: ${config} })
  }
  onModelInit({ model }) { this.ctx.log.info(JSON.stringify(model.config)) }
  onOptimizerStep({ step, optimizer }) {
    if (step === 1) this.ctx.log.info('rate ' + optimizer.learningRate)
  }
}
void [tf, Sgd]
`

async function train(source: string, config = lineProject().replace('model: line', 'model: own')) {
  const bench = new Workbench({ plugins: [linePlugin] })
  const ended = await bench.train({ 'plugins/own.ts': source }, config)
  const logs = bench.events('log').map(({ message }) => message)
  const metrics = bench.events('run.metrics').flatMap(({ points }) => points)
  const of = (name: string) => metrics.flatMap(({ values }) => values[name] ?? [])
  return { bench, ended, logs, of }
}

test('[F01] a model has forward, a step for training and one for validation, and configures optimizer and loss', async () => {
  const steps = await train(
    model(`trainingStep(batch, ctx) {
    const outputs = this.forward(batch, ctx)
    return { loss: outputs.prediction.sub(batch.y).square().mean(), outputs }
  }
  validationStep(batch, ctx) {
    const outputs = this.forward(batch, ctx)
    return { loss: this.weight.sum().mul(0).add(ctx.training ? 1 : 42), outputs }
  }
  configureOptimizer(configured) {
    if (configured !== 'momentum') throw new Error('the experiment names momentum')
    return new Sgd(0.25)
  }
  configureLoss() {
    throw new Error('there is a loss already')
  }`),
  )
  expect(steps.ended).toMatchObject({ reason: 'finished' })
  expect(steps.logs).toContain('rate 0.25')
  // 2a - b with weights of 0: the first loss is the mean square of y; then it falls.
  expect(steps.of('loss').at(-1)).toBeLessThan(steps.of('loss')[0]! / 4)
  expect(steps.of('val_loss')).toEqual([42, 42])

  const configured = await train(
    model(`configureOptimizer(configured, create) { return create('momentum') }
  configureLoss(configured, create) {
    const given = create('squared_error')
    return { compute: (args) => given.compute(args).mul(0).add(5) }
  }`),
  )
  expect(configured.ended).toMatchObject({ reason: 'finished' })
  expect(configured.logs).toContain('rate 0.1')
  expect(configured.of('loss')[0]).toBe(5)

  const broken = await train(model(`configureOptimizer() { return { learningRate: 1 } }`))
  expect(broken.ended.error).toMatchObject({
    code: 'contribution.contract',
    plugin: 'own',
    message:
      'the optimizer that model own configures has no update(), state(), restore(), dispose()',
  })
})

test('[K03] a model is built with its config merged over the defaults, nested ones included', async () => {
  const schema = `z.strictObject({
    hidden_size: z.int().default(768),
    dropout: z.number().default(0.1),
    inner: z.strictObject({ heads: z.int().default(12), bias: z.boolean().default(true) }).prefault({}),
  })`
  const config = lineProject().replace(
    'model: line',
    'model: { name: own, config: { dropout: 0.5, inner: { heads: 2 } } }',
  )
  const { logs, ended } = await train(model('', schema), config)
  expect(ended.reason).toBe('finished')
  expect(JSON.parse(logs[0]!)).toEqual({
    hidden_size: 768,
    dropout: 0.5,
    inner: { heads: 2, bias: true },
  })
})
