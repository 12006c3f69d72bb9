// What can go wrong in a run: it ends with an error that names the culprit, and nothing leaks.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, Module, type TensorMap } from '#sdk'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  FakeEnvironment,
  Line,
  lineExperiment,
  Momentum,
  squaredError,
} from '../testing/fake-run.ts'
import { TrainingRun } from './training-run.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

let tensors = 0
beforeEach(() => {
  tensors = tf.memory().numTensors
})

/** Runs to the end, expects a failure that leaves no tensor behind, and returns its error. */
async function failure(env: FakeEnvironment, overrides: Parameters<typeof lineExperiment>[0] = {}) {
  await new TrainingRun(env, lineExperiment(overrides), 'run-1').start()
  expect(env.ended!.reason).toBe('failed')
  expect(tf.memory().numTensors).toBe(tensors)
  return env.ended!.error!
}

/** A model whose forward pass is `forward`. */
const modelOf = (forward: (inputs: TensorMap, line: Line) => unknown) => ({
  'model/line': () =>
    new (class extends Module {
      line = new Line()
      forward(inputs: TensorMap) {
        return forward(inputs, this.line) as TensorMap
      }
    })(),
})

/** Weights before each step and when the run ended, by step; the last under 'end'. */
function watchWeights(env: FakeEnvironment) {
  const weights = new Map<number | 'end', Float32Array>()
  const read = (model: unknown) => {
    const { weight, bias } = model as Line
    return Float32Array.of(...weight.dataSync(), ...bias.dataSync())
  }
  env.handlers.onStepBegin = ({ run, step }) => void weights.set(step, read(run.model))
  env.handlers.onTrainEnd = ({ run }) => void weights.set('end', read(run.model))
  return weights
}

test('an optimizer is told by `healthy` which steps must leave its state alone', async () => {
  const told: number[] = []
  class Listening extends Momentum {
    override update(args: Parameters<Momentum['update']>[0]) {
      told.push(args.healthy!.dataSync()[0]!)
      super.update(args)
    }
  }
  const env = new FakeEnvironment({ 'optimizer/momentum': () => new Listening() })
  env.handlers.onBackwardEnd = ({ gradients, step }) =>
    step === 3 ? new Map(gradients).set('bias', gradients.get('bias')!.mul(Infinity)) : undefined
  await failure(env, { training: { batch_size: 4 } })
  expect(told.slice(0, 3)).toEqual([1, 1, 0])
  expect(new Set(told.slice(2))).toEqual(new Set([0]))
})

test('a NaN gradient changes no weight, in its step or after, and ends the run naming it', async () => {
  const env = new FakeEnvironment()
  env.handlers.onBackwardEnd = ({ gradients, step }) =>
    step === 4 ? new Map(gradients).set('bias', gradients.get('bias')!.mul(Number.NaN)) : undefined
  const weights = watchWeights(env)
  const error = await failure(env, { training: { batch_size: 4 } })
  expect(error).toMatchObject({
    code: 'run.nonfinite',
    message: expect.stringMatching(/^step 4: the gradient of bias is NaN/),
  })
  // Steps were sent ahead before anyone knew.
  expect([...weights.keys()]).toEqual([1, 2, 3, 4, 5, 6, 'end'])
  expect(weights.get('end')).toEqual(weights.get(4))
  expect(weights.get(4)).not.toEqual(weights.get(3))
  expect(weights.get('end')!.every(Number.isFinite)).toBe(true)
  expect(env.metric('loss')).toHaveLength(3)
  // The run ends where its weights are.
  expect(env.ended).toMatchObject({ step: 3 })
})

test('an infinite loss is named as such', async () => {
  const env = new FakeEnvironment({
    'loss/squared_error': () => {
      let calls = 0
      return {
        compute: (args: Parameters<typeof squaredError.compute>[0]) =>
          // The first call is the rehearsal.
          calls++ === 2 ? squaredError.compute(args).div(0) : squaredError.compute(args),
      }
    },
  })
  const weights = watchWeights(env)
  const error = await failure(env)
  expect(error.message).toMatch(/^step 2: the loss is infinite/)
  expect(weights.get('end')).toEqual(weights.get(2))
})

test('a broken gradient is found behind a handler that spreads it, and may be mended by one', async () => {
  const spread = new FakeEnvironment({
    'loss/squared_error': () => ({
      // sqrt has an infinite derivative at 0: only the bias meets it, the loss stays finite.
      compute: (args: Parameters<typeof squaredError.compute>[0]) =>
        squaredError.compute(args).add(args.outputs['zero']!.sum().sqrt()),
    }),
    ...modelOf(({ x }, line) => ({
      prediction: x!.matMul(line.weight),
      zero: line.bias.square(),
    })),
  })
  spread.handlers.onBackwardEnd = ({ gradients }) => {
    const all = tf.addN([...gradients.values()].map((gradient) => gradient.sum()))
    return new Map([...gradients].map(([path, gradient]) => [path, gradient.mul(all)]))
  }
  expect((await failure(spread)).message).toMatch(/^step 1: the gradient of line.bias is NaN/)

  const mended = new FakeEnvironment(spread.parts)
  mended.handlers.onBackwardEnd = ({ gradients }) =>
    new Map(gradients).set('line.bias', tf.zeros([1]))
  await new TrainingRun(mended, lineExperiment(), 'run-2').start()
  expect(mended.ended!.reason).toBe('finished')
})

test('a parameter that the loss does not depend on is left alone, with one warning', async () => {
  const env = new FakeEnvironment({
    'model/line': () => {
      class WithSpare extends Line {
        spare = new Line()
      }
      return new WithSpare()
    },
  })
  let paths: string[] = []
  env.handlers.onBackwardEnd = ({ gradients }) => void (paths = [...gradients.keys()])
  await new TrainingRun(env, lineExperiment(), 'run-1').start()
  expect(env.ended!.reason).toBe('finished')
  expect(paths).toEqual(['weight', 'bias'])
  expect(env.all('log')).toEqual([
    expect.objectContaining({
      level: 'warn',
      message: expect.stringContaining('spare.weight, spare.bias'),
    }),
  ])
})

test('a loss that depends on no parameter', async () => {
  const env = new FakeEnvironment(modelOf(({ y }) => ({ prediction: y! })))
  const error = await failure(env)
  expect(error).toMatchObject({ code: 'model.forward', plugin: 'line' })
  expect(error.message).toContain('the loss depends on no parameter of model line')
})

test('outputs that do not fit the loss: both sides are named', async () => {
  const error = await failure(
    new FakeEnvironment(modelOf(() => ({ prediction: tf.zeros([8, 7, 3]) }))),
  )
  expect(error.code).toBe('loss.shape')
  expect(error.plugin).toBe('squared_error')
  expect(error.message).toContain('prediction [8, 7, 3] float32')
  expect(error.message).toContain('x [8, 2] float32, y [8, 1] float32')
})

test('a loss that is no single number', async () => {
  const error = await failure(
    new FakeEnvironment({ 'loss/squared_error': () => ({ compute: () => tf.zeros([8]) }) }),
  )
  expect(error.code).toBe('loss.shape')
  expect(error.message).toContain('gave a tensor of shape [8] as loss')
})

test.each([
  ['a promise', async () => ({ prediction: tf.zeros([8, 1]) }), 'returned a promise'],
  ['a bare tensor', () => tf.zeros([8, 1]), 'a bare tensor'],
  ['nothing', () => undefined, 'undefined'],
  ['no tensors', () => ({}), 'no tensors'],
  ['a number', () => ({ prediction: 3 }), 'prediction: number'],
])('forward that returns %s', async (_, forward, message) => {
  const env = new FakeEnvironment(modelOf(forward))
  await new TrainingRun(env, lineExperiment(), 'run-1').start()
  expect(env.ended!.error).toMatchObject({
    code: 'model.forward',
    plugin: 'line',
    message: expect.stringContaining(message),
  })
})

test('forward that throws in the middle of training frees what its tape had saved', async () => {
  let calls = 0
  const env = new FakeEnvironment(
    modelOf(({ x }, line) => {
      const prediction = x!.matMul(line.weight).square()
      if (calls++ === 3) throw new Error('lost the thread')
      return { prediction }
    }),
  )
  const error = await failure(env)
  expect(error).toMatchObject({
    code: 'model.forward',
    plugin: 'line',
    stage: 'forward',
    message: expect.stringContaining('lost the thread'),
  })
  expect(env.ended!.step).toBe(2)
})

test.each([
  ['a path that is no parameter', () => new Map([['other', tf.zeros([1])]]), 'other'],
  ['another shape', () => new Map([['bias', tf.zeros([3])]]), '[3]; its shape is [1]'],
  [
    'a tensor that it disposed',
    ({ gradients }: HookArgs<'onBackwardEnd'>) => {
      gradients.forEach((gradient) => gradient.dispose())
      return undefined
    },
    'is disposed',
  ],
  ['no map', () => ({}) as never, 'object instead of a map'],
])('onBackwardEnd that hands on %s', async (_, handler, message) => {
  const env = new FakeEnvironment()
  env.handlers.onBackwardEnd = handler
  const error = await failure(env)
  expect(error).toMatchObject({ code: 'hook.result', hook: 'onBackwardEnd' })
  expect(error.message).toContain(message)
})

test('a model without parameters', async () => {
  const env = new FakeEnvironment({
    'model/line': () =>
      new (class extends Module {
        forward = ({ x }: TensorMap) => ({ prediction: x! })
      })(),
  })
  expect(await failure(env)).toMatchObject({ code: 'model.parameter', plugin: 'line' })
})

test('a part that does not build frees those before it', async () => {
  const env = new FakeEnvironment({
    'metric/broken': () => {
      throw new Error('no such metric')
    },
  })
  expect(await failure(env, { training: { metrics: ['broken'] } })).toMatchObject({
    plugin: 'broken',
    message: expect.stringContaining('no such metric'),
  })
})

test('an optimizer that cannot be disposed is told, and the run ends all the same', async () => {
  class Stuck extends Momentum {
    override dispose() {
      super.dispose()
      throw new Error('stuck')
    }
  }
  const env = new FakeEnvironment({ 'optimizer/momentum': () => new Stuck() })
  await new TrainingRun(env, lineExperiment(), 'run-1').start()
  expect(env.ended).toMatchObject({ reason: 'finished' })
  expect(env.all('error.uncaught')).toMatchObject([
    { error: { plugin: 'momentum', stage: 'dispose', message: 'Error: stuck' } },
  ])
  expect(tf.memory().numTensors).toBe(tensors)
})

test('a warm-up that is longer than the run is told once, with both numbers', async () => {
  const warnings = async (max_steps: number) => {
    const slow = () => ({ warmupSteps: 4, factor: () => 1 })
    const env = new FakeEnvironment({ 'schedule/slow': slow })
    const training = { schedule: 'slow', max_steps, batch_size: 4 }
    await new TrainingRun(env, lineExperiment({ training }), 'run-1').start()
    return env.all('log').map(({ message }) => message)
  }
  expect(await warnings(3)).toEqual([
    'the warm-up of schedule slow takes 4 steps, but the run has 3: it ends before the full learning rate is reached',
  ])
  expect(await warnings(4)).toEqual([])
})

test('a schedule that gives no number', async () => {
  const env = new FakeEnvironment({ 'schedule/odd': () => ({ factor: () => Number.NaN }) })
  const error = await failure(env, { training: { schedule: 'odd' } })
  expect(error).toMatchObject({ code: 'contribution.contract', plugin: 'odd' })
})

test('a lost device ends the run in plain words, also while it waits', async () => {
  const env = new FakeEnvironment()
  const run = new TrainingRun(env, lineExperiment(), 'run-1')
  run.pause()
  const end = run.start()
  while (env.all('run.state').at(-1)?.state !== 'paused')
    await new Promise((resolve) => setTimeout(resolve, 1))
  env.loseDevice('driver reset')
  await end
  expect(env.ended).toMatchObject({
    reason: 'failed',
    error: { code: 'device.lost', message: expect.stringContaining('driver reset') },
  })
  expect(tf.memory().numTensors).toBe(tensors)
})

test('a device whose calls fail before it says that it is lost', async () => {
  const env = new FakeEnvironment()
  const read = vi.spyOn(tf.Tensor.prototype, 'data').mockImplementation(async () => {
    setTimeout(() => env.loseDevice('driver reset'), 20)
    throw new DOMException('Buffer was unmapped before mapping was resolved', 'AbortError')
  })
  await new TrainingRun(env, lineExperiment(), 'run-1').start()
  read.mockRestore()
  expect(env.ended).toMatchObject({ reason: 'failed', error: { code: 'device.lost' } })
})
