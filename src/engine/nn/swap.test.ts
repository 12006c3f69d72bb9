// Hot reload under a live run: weights and optimizer state survive, a broken version changes nothing.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type ForwardContext, init, Module, parameter, type TensorMap } from '#sdk'
import { beforeAll, expect, test } from 'vitest'
import { FakeEnvironment, Line, lineExperiment, Momentum } from '../testing/fake-run.ts'
import { TrainingRun } from './training-run.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** Trains four steps, swaps at the boundary, trains on; returns the losses and what the swap gave. */
async function trainWithSwap(change: (env: FakeEnvironment) => string[]) {
  const before = tf.memory().numTensors
  const env = new FakeEnvironment()
  const run = new TrainingRun(env, lineExperiment({ training: { epochs: 3 } }), 'run-1')
  const optimizers = new Set<unknown>()
  let leaked = 0
  let swap: Promise<{ rebuiltModel: boolean }> | undefined
  env.handlers = {
    onOptimizerStep: ({ optimizer }) => void optimizers.add(optimizer),
    onStepEnd: ({ step }) => {
      if (step !== 4) return
      swap = run.atBoundary(async () => {
        const held = tf.memory().numTensors
        const changed = new Set(change(env))
        try {
          const prepared = run.prepareSwap(changed)
          prepared.commit()
          return prepared
        } finally {
          leaked = tf.memory().numTensors - held
        }
      })
      swap.catch(() => {})
    },
  }
  await run.start()
  expect(env.ended!.reason).toBe('finished')
  expect(tf.memory().numTensors).toBe(before)
  return { losses: env.metric('loss'), swap: swap!, leaked, optimizers: optimizers.size }
}

const losses = async () => (await trainWithSwap(() => [])).losses

test('the same model, reloaded, goes on as if nothing had happened', async () => {
  const plain = await losses()
  const { losses: swapped, swap } = await trainWithSwap((env) => {
    env.parts['model/line'] = () => new Line()
    return ['line']
  })
  expect((await swap).rebuiltModel).toBe(true)
  expect(swapped).toEqual(plain)
})

test('a reloaded optimizer takes over its state', async () => {
  const plain = await losses()
  const { losses: swapped, swap, optimizers } = await trainWithSwap(() => ['momentum'])
  expect((await swap).rebuiltModel).toBe(false)
  expect(optimizers).toBe(2)
  expect(swapped).toEqual(plain)

  const forgetful = await trainWithSwap((env) => {
    env.parts['optimizer/momentum'] = () => {
      const optimizer = new Momentum()
      optimizer.restore = () => {}
      return optimizer
    }
    return ['momentum']
  })
  expect(forgetful.losses).not.toEqual(plain)
})

test('a new version with a new parameter changes what the model does', async () => {
  const plain = await losses()
  class Scaled extends Line {
    scale = parameter([1], init.constant(0.5))
    override forward(inputs: TensorMap, ctx: ForwardContext) {
      return { prediction: super.forward(inputs, ctx)['prediction']!.mul(this.scale) }
    }
  }
  const { losses: swapped, swap } = await trainWithSwap((env) => {
    env.parts['model/line'] = () => new Scaled()
    return ['line']
  })
  expect((await swap).rebuiltModel).toBe(true)
  expect(swapped.slice(0, 4)).toEqual(plain.slice(0, 4))
  expect(swapped[4]).not.toBe(plain[4])
})

test.each([
  [
    'changed shape',
    class extends Module {
      weight = parameter([2, 1], init.zeros())
      bias = parameter([2], init.zeros())
      forward(): TensorMap {
        return {}
      }
    },
    /parameter bias of model line had shape \[1\] and has \[2\]/,
  ],
  [
    'lost its place',
    class extends Line {
      moved = [this.weight]
      constructor() {
        super()
        Object.defineProperty(this, 'weight', { value: this.weight, enumerable: false })
      }
    },
    /parameter weight of model line is gone/,
  ],
  [
    'does not fit the loss',
    class extends Line {
      override forward() {
        return { other: tf.zeros([1]) }
      }
    },
    /does not fit/,
  ],
])('a version whose model %s is refused and changes nothing', async (_, Broken, message) => {
  const plain = await losses()
  const {
    losses: swapped,
    swap,
    leaked,
  } = await trainWithSwap((env) => {
    env.parts['model/line'] = () => new Broken()
    return ['line']
  })
  await expect(swap).rejects.toThrow(message)
  expect(leaked).toBe(0)
  expect(swapped).toEqual(plain)
})

test('rollback frees the new parts and keeps the old', async () => {
  const plain = await losses()
  const { losses: swapped } = await trainWithSwap(() => [])
  expect(swapped).toEqual(plain)
  const env = new FakeEnvironment()
  const run = new TrainingRun(env, lineExperiment({ training: { epochs: 3 } }), 'run-1')
  env.handlers.onEpochEnd = async ({ epoch }) => {
    if (epoch !== 1) return
    const held = tf.memory().numTensors
    await run.atBoundary(async () => run.prepareSwap(new Set(['line', 'momentum'])).rollback())
    expect(tf.memory().numTensors).toBe(held)
  }
  await run.start()
  expect(env.hookFailures).toEqual([])
  expect(env.metric('loss')).toEqual(plain)
})

test('a change at the boundary holds training, and goes at once when paused', async () => {
  const env = new FakeEnvironment()
  const run = new TrainingRun(env, lineExperiment(), 'run-1')
  const log: string[] = []
  env.handlers.onStepEnd = ({ step }) => {
    log.push(`step ${step}`)
    if (step === 3) {
      void run.atBoundary(async () => {
        log.push('change begins')
        await new Promise((resolve) => setTimeout(resolve, 5))
        log.push('change ends')
      })
    }
    if (step === 5) run.pause()
  }
  const end = run.start()
  while (env.all('run.state').at(-1)?.state !== 'paused')
    await new Promise((resolve) => setTimeout(resolve, 1))
  await run.atBoundary(async () => void log.push('while paused'))
  run.resume()
  await end
  expect(log.slice(2, 9)).toEqual([
    'step 3',
    'change begins',
    'change ends',
    'step 4',
    'step 5',
    'while paused',
    'step 6',
  ])
})

test('the run names the plugins it stands on, those of nested components too', async () => {
  const env = new FakeEnvironment({
    'attention/full': () => ({ forward: () => tf.zeros([1]) }),
    'model/line': (_config: unknown, { create }: { create: FakeEnvironment['create'] }) => {
      create('attention', 'full', { width: 1, heads: 1, context: 1, dropout: 0 })
      return new Line()
    },
  })
  const run = new TrainingRun(env, lineExperiment(), 'run-1')
  let plugins: string[] = []
  env.handlers.onTrainBegin = () => void (plugins = [...run.plugins])
  await run.start()
  expect(plugins.toSorted()).toEqual(['full', 'line', 'momentum', 'squared_error'])
})
