// Runs from start to end: order of hooks, determinism, control, clean-up.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import { type HookName, Module, type NumberColumn, type Run, runHooks, type Table } from '#sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { readCheckpoint } from '../checkpoint/index.ts'
import { FakeEnvironment, Line, lineExperiment, lineRows } from '../testing/fake-run.ts'
import { TrainingRun } from './training-run.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

type Overrides = Parameters<typeof lineExperiment>[0]

const makeRun = (env: FakeEnvironment, overrides: Overrides = {}) =>
  new TrainingRun(env, lineExperiment(overrides), 'run-1')

async function train(env: FakeEnvironment, overrides: Overrides = {}): Promise<FakeEnvironment> {
  await makeRun(env, overrides).start()
  return env
}

/** Resolves when `check` holds, looking once per macrotask. */
async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 1))
}

const lastState = (env: FakeEnvironment) => env.all('run.state').at(-1)

test('hooks come in the documented order', async () => {
  const env = new FakeEnvironment()
  const calls: string[] = []
  const record = (name: HookName) => (args: { epoch?: number; step?: number }) => {
    const at = args.step === undefined ? args.epoch : `${args.epoch}.${args.step}`
    calls.push(at === undefined ? name : `${name} ${at}`)
    return undefined
  }
  for (const name of Object.keys(runHooks) as HookName[])
    Object.assign(env.handlers, { [name]: record(name) })
  // 32 training rows, 8 for validation.
  await train(env, { training: { batch_size: 16, epochs: 2 } })
  expect(calls).toEqual([
    'onModelInit',
    'onTrainBegin',
    'onEpochBegin 1',
    ...stepCalls('1.1'),
    ...stepCalls('1.2'),
    'onMetrics 1.1',
    'onMetrics 1.2',
    'onValidationBegin 1.2',
    'onValidationEnd 1.2',
    'onEpochEnd 1',
    'onEpochBegin 2',
    ...stepCalls('2.3'),
    ...stepCalls('2.4'),
    'onMetrics 2.3',
    'onMetrics 2.4',
    'onValidationBegin 2.4',
    'onValidationEnd 2.4',
    'onEpochEnd 2',
    'onTrainEnd',
  ])
})

const stepCalls = (at: string): string[] =>
  [
    'onStepBegin',
    'onBatchBegin',
    'onBatchEnd',
    'onBackwardBegin',
    'onBackwardEnd',
    'onOptimizerStep',
    'onStepEnd',
  ].map((name) => `${name} ${at}`)

test('hooks get batch, outputs, loss, gradients and optimizer', async () => {
  const env = new FakeEnvironment()
  const seen: Record<string, unknown> = {}
  env.handlers = {
    onBatchBegin: ({ batch }) => void (seen['batch'] = batch['x']!.shape),
    onBatchEnd: ({ outputs }) => void (seen['outputs'] = outputs['prediction']!.shape),
    onBackwardBegin: ({ loss }) => void (seen['loss'] = loss.shape),
    onBackwardEnd: ({ gradients }) => void (seen['gradients'] = [...gradients.keys()]),
    onOptimizerStep: ({ optimizer }) => void (seen['rate'] = optimizer.learningRate),
  }
  await train(env, { training: { max_steps: 1 } })
  expect(seen).toEqual({
    batch: [8, 2],
    outputs: [8, 1],
    loss: [],
    gradients: ['weight', 'bias'],
    rate: 0.1,
  })
})

test('a run learns, tells its states, begin, metrics and progress', async () => {
  const env = await train(new FakeEnvironment(), { training: { epochs: 8 } })
  const losses = env.metric('loss')
  expect(losses).toHaveLength(32)
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 20)
  expect(env.metric('val_loss')).toHaveLength(8)
  expect(env.all('run.begin')[0]).toMatchObject({
    parameterCount: 3,
    parameters: [
      { path: 'weight', shape: [2, 1] },
      { path: 'bias', shape: [1] },
    ],
    trainRows: 32,
    validationRows: 8,
    stepsPerEpoch: 4,
    totalSteps: 32,
  })
  const states = env.all('run.state')
  expect(states.map(({ state }) => state).join(' ')).toMatch(/^(preparing )+running ended$/)
  expect(states[0]!.activity).toBe('loading dataset line')
  expect(env.ended).toMatchObject({ reason: 'finished', step: 32, epoch: 8 })
  expect(env.all('run.progress').at(-1)).toMatchObject({ step: 32, epoch: 8 })
})

test('the same seed gives the same losses, bit for bit; another seed others', async () => {
  const model = { name: 'line', config: { dropout: 0.3 } }
  const losses = async (seed: number) => {
    const env = await train(new FakeEnvironment(), { seed, model })
    return [...env.metric('loss'), ...env.metric('val_loss')]
  }
  const first = await losses(1)
  expect(await losses(1)).toEqual(first)
  expect(await losses(2)).not.toEqual(first)
})

test('a checkpoint that is asked for within a step is named after the step at whose end it is taken', async () => {
  const env = new FakeEnvironment()
  const run = makeRun(env)
  env.handlers.onStepBegin = ({ step }) => {
    if (step === 3) run.checkpoint()
  }
  await run.start()
  const steps = [...env.files].map(([name, file]) => [name, readCheckpoint(file, name).info.step])
  expect(steps).toEqual([['step-3', 3]])
})

test('predictions and reports of plugins do not disturb training', async () => {
  const model = { name: 'line', config: { dropout: 0.3 } }
  const plain = await train(new FakeEnvironment(), { model })
  const watched = new FakeEnvironment()
  const look = ({ run }: { run: Run }) => {
    const batch = run.batch('validation', [0, 1])
    tf.dispose([run.predict(batch), batch])
    run.report({ looked: 1 })
  }
  watched.handlers = { onStepBegin: look, onMetrics: look, onEpochEnd: look }
  await train(watched, { model })
  expect(watched.metric('loss')).toEqual(plain.metric('loss'))
  expect(watched.metric('looked')).toHaveLength(18)
  expect(watched.hookFailures).toEqual([])
})

test('rows of a plugin are prepared as those of the dataset were, and can be predicted', async () => {
  const env = new FakeEnvironment({
    'preprocessor/double': () => ({
      transform: ({ length, columns: { x, ...columns } }: Table) => {
        const { data, ...form } = x as NumberColumn
        const doubled = { ...form, data: data.map((value: number) => 2 * value) }
        return { length, columns: { ...columns, x: doubled } }
      },
    }),
  })
  const refused: string[] = []
  env.handlers.onTrainEnd = ({ run }) => {
    const x = { type: 'number', shape: [2], dtype: 'float32' } as const
    const rows = { length: 2, columns: { x: { ...x, data: Float32Array.of(1, 2, 3, 4) } } }
    const batch = run.prepare(rows)
    const { prediction } = run.predict(batch)
    expect([prediction!.shape, Object.keys(batch)]).toEqual([[2, 1], ['x']])
    expect(Array.from(batch['x']!.dataSync())).toEqual([2, 4, 6, 8])
    tf.dispose([batch, prediction!])
    try {
      run.prepare({ ...rows, length: 3 })
    } catch (thrown) {
      refused.push((thrown as Error).message)
    }
  }
  const before = tf.memory().numTensors
  await train(env, { preprocess: ['double'] })
  expect(env.hookFailures).toEqual([])
  expect(refused).toEqual(['column x of the rows to prepare has 2 rows, but the table has 3'])
  expect(tf.memory().numTensors).toBe(before)
})

test(
  'tensors: as many, of as many bytes, after step 2,000 as after step 100, and none once the run has ended',
  { timeout: 90_000 },
  async () => {
    const before = tf.memory()
    const env = new FakeEnvironment({
      'metric/mean': () => ({
        measure: ({ outputs }: { outputs: { prediction: tf.Tensor } }) =>
          tf.stack([tf.sum(outputs.prediction), tf.scalar(8)]),
        summarize: ([sum, count]: number[]) => ({ mean: sum! / count! }),
      }),
      'schedule/half': () => ({ factor: ({ step }: { step: number }) => 1 / step }),
    })
    const held = new Map<number, [tensors: number, bytes: number]>()
    env.handlers = {
      onStepEnd({ run, step }) {
        const { numTensors, numBytes } = tf.memory()
        held.set(step, [numTensors, numBytes])
        if (step % 250 === 0) run.checkpoint('last')
      },
      onBackwardEnd: ({ gradients }) =>
        new Map([...gradients].map(([path, g]) => [path, g.mul(1)])),
    }
    await train(env, {
      training: {
        epochs: 600,
        max_steps: 2001,
        metrics: ['mean'],
        schedule: 'half',
        validate_every: 150,
      },
    })
    expect(env.ended!.reason).toBe('finished')
    expect(held.get(2000)).toEqual(held.get(100))
    expect(env.files.size).toBe(1)
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes })
  },
)

describe('control', () => {
  test('pause holds, step takes one step, resume goes on', async () => {
    const env = new FakeEnvironment()
    const run = makeRun(env, { training: { epochs: 3 } })
    env.handlers = { onStepEnd: ({ step }) => void (step === 2 && run.pause()) }
    const end = run.start()
    await until(() => lastState(env)?.state === 'paused')
    expect(lastState(env)?.step).toBe(2)
    expect(env.metric('loss')).toHaveLength(2)

    run.step()
    await until(() => lastState(env)?.step === 3)
    expect(lastState(env)?.state).toBe('paused')
    expect(env.metric('loss')).toHaveLength(3)

    run.resume()
    await end
    expect(env.ended).toMatchObject({ reason: 'finished', step: 12 })
  })

  test.each(['stop', 'resume', 'step'] as const)(
    'a pause that is still waiting for values hears a %s',
    async (action) => {
      const env = new FakeEnvironment()
      const run = makeRun(env)
      env.handlers = {
        onStepEnd: ({ step }) => void (step === 3 && run.pause()),
        // Values of the last step come in after the pause, before the run waits.
        onMetrics: ({ step }) => void (step === 3 && run[action]()),
      }
      const end = run.start()
      if (action === 'step') {
        await until(() => lastState(env)?.step === 4)
        run.resume()
      }
      await end
      expect(env.ended).toMatchObject(
        action === 'stop' ? { reason: 'stopped', step: 3 } : { reason: 'finished', step: 8 },
      )
    },
  )

  test('a run paused while preparing stops before its first step', async () => {
    const env = new FakeEnvironment()
    const run = makeRun(env)
    run.pause()
    const end = run.start()
    await until(() => lastState(env)?.state === 'paused')
    expect(lastState(env)?.step).toBe(0)
    await run.stop()
    await end
    expect(env.ended).toMatchObject({ reason: 'stopped', step: 0 })
  })

  test('stop takes effect within a step, and ends with every epoch closed', async () => {
    const env = new FakeEnvironment()
    const run = makeRun(env, { training: { epochs: 100 } })
    const closed: number[] = []
    let stopped: Promise<void> | undefined
    env.handlers = {
      onStepEnd: ({ step }) => void (step === 5 && (stopped = run.stop())),
      onEpochEnd: ({ epoch }) => void closed.push(epoch),
    }
    await run.start()
    await stopped
    expect(env.ended).toMatchObject({ reason: 'stopped', step: 5 })
    expect(env.metric('loss')).toHaveLength(5)
    expect(closed).toEqual([1, 2])
    expect(run.isActive).toBe(false)
  })

  test('stop takes effect while validating', async () => {
    let batches = 0
    const env = new FakeEnvironment({
      'metric/count': () => ({
        measure: () => {
          if (batches++ === 10) void run.stop()
          return tf.ones([1])
        },
        summarize: () => ({}),
      }),
    })
    const ended: number[] = []
    env.handlers = { onValidationEnd: ({ step }) => void ended.push(step) }
    const run = makeRun(env, {
      validation_split: 0.9,
      training: { batch_size: 1, max_steps: 1, validate_every: 1, metrics: ['count'] },
    })
    await run.start()
    // One rehearsal, one step, and validation until it was stopped.
    expect(batches).toBe(11)
    expect(ended).toEqual([])
    expect(env.ended!.reason).toBe('stopped')
  })

  test('stop takes effect while data loads, and aborts the load', async () => {
    let signal: AbortSignal | undefined
    const env = new FakeEnvironment({
      'dataset/line': (_config: unknown, dataEnv: { signal: AbortSignal }) => {
        signal = dataEnv.signal
        return { load: () => new Promise(() => {}) }
      },
    })
    const run = makeRun(env)
    const end = run.start()
    await until(() => signal !== undefined)
    await run.stop()
    await end
    expect(signal!.aborted).toBe(true)
    expect(env.ended).toMatchObject({ reason: 'stopped', step: 0 })
  })

  test('a plugin ends the run with its reason', async () => {
    const env = new FakeEnvironment()
    env.handlers = { onValidationEnd: ({ run }) => run.stop('val_loss no longer improves') }
    await train(env, { training: { epochs: 9 } })
    expect(env.ended).toMatchObject({
      reason: 'early_stopped',
      message: 'val_loss no longer improves',
      epoch: 1,
    })
  })

  test('what plugins tell of a run is kept within what the page takes', async () => {
    const env = new FakeEnvironment()
    const refused: string[] = []
    env.handlers.onStepEnd = ({ run, step }) => {
      if (step !== 2) return
      const long = 'x'.repeat(30_000)
      run.report({ [long]: 1 })
      run.reference({ metric: long, label: long, value: 1 })
      for (const fail of [
        () => run.reference({ metric: 'loss', label: 'best', value: Number.NaN }),
        () => run.batch('train', [0, 32]),
        () => run.batch('validation', [-1]),
      ]) {
        try {
          fail()
        } catch (thrown) {
          refused.push((thrown as Error).message)
        }
      }
      run.stop(long)
    }
    // Every event is checked by its schema.
    await train(env)
    expect(env.hookFailures).toEqual([])
    expect(env.ended).toMatchObject({ reason: 'early_stopped', step: 2 })
    expect(refused).toEqual([
      'the reference "best" for loss is NaN, but a line needs a finite number',
      'there is no train row 32: rows go from 0 to 31',
      'there is no validation row -1: rows go from 0 to 7',
    ])
  })

  test('messages come in while small steps run', async () => {
    const env = new FakeEnvironment()
    const run = makeRun(env, { training: { epochs: 1_000_000 } })
    env.handlers.onTrainBegin = () => void setTimeout(() => void run.stop(), 30)
    await run.start()
    expect(env.ended!.reason).toBe('stopped')
    expect(env.ended!.step).toBeGreaterThan(0)
  })
})

describe('validation', () => {
  test('comes every N steps and at the end', async () => {
    const env = new FakeEnvironment()
    const steps: number[] = []
    env.handlers = { onValidationEnd: ({ step }) => void steps.push(step) }
    await train(env, { training: { validate_every: 3, max_steps: 7 } })
    expect(steps).toEqual([3, 6, 7])
  })

  test('the loss is averaged over what was kept, not over batches', async () => {
    const values = Float32Array.of(1, 2, 4, 8, 16, 32, 64)
    const mask = Int32Array.of(1, 1, 1, 0, 0, 0, 1)
    const table = (keep: Int32Array) => ({
      length: 7,
      columns: {
        x: { type: 'number', data: values, shape: [1], dtype: 'float32' },
        mask: { type: 'number', data: keep, shape: [], dtype: 'int32' },
      },
    })
    const splits = { train: table(new Int32Array(7).fill(1)), validation: table(mask) }
    type Args = { batch: { x: tf.Tensor; mask: tf.Tensor }; outputs: { y: tf.Tensor } }
    const kept = ({ batch }: Args) => tf.sum(tf.cast(batch.mask, 'float32'))
    const total = ({ batch, outputs }: Args) =>
      tf.sum(outputs.y.reshape([-1]).mul(tf.cast(batch.mask, 'float32')))
    class Scale extends Module {
      line = new Line()
      forward({ x }: Record<string, tf.Tensor>) {
        return { y: x!.add(this.line.bias.mul(0)) }
      }
    }
    const parts = {
      'dataset/line': () => ({ load: async () => splits }),
      'model/line': () => new Scale(),
      'metric/kept': () => ({
        measure: (args: Args) => tf.stack([total(args), kept(args)]),
        summarize: ([sum, count]: number[]) => ({ mean: sum! / count! }),
      }),
    }
    const weighted = await train(
      new FakeEnvironment({
        ...parts,
        'loss/squared_error': () => ({
          compute: (args: Args) => total(args).div(kept(args)),
          weight: kept,
        }),
      }),
      { training: { batch_size: 3, epochs: 1, metrics: ['kept'] } },
    )
    // Batches of 3, 3 and 1 rows; the second keeps nothing: its mean is 0 / 0.
    expect(weighted.metric('val_loss')[0]).toBeCloseTo((1 + 2 + 4 + 64) / 4, 5)
    expect(weighted.metric('val_mean')).toEqual([(1 + 2 + 4 + 64) / 4])

    const byRows = await train(
      new FakeEnvironment({
        ...parts,
        'loss/squared_error': () => ({ compute: ({ outputs }: Args) => tf.mean(outputs.y) }),
      }),
      { training: { batch_size: 3, epochs: 1 } },
    )
    expect(byRows.metric('val_loss')[0]).toBeCloseTo(127 / 7, 5)
  })
})

describe('schedule', () => {
  test('its factor scales the learning rate of each step, and is reported', async () => {
    const asked: unknown[] = []
    const env = new FakeEnvironment({
      'schedule/stop': () => ({
        factor: (at: { step: number }) => {
          asked.push(at)
          return at.step === 1 ? 1 : 0
        },
      }),
    })
    const weights: number[] = []
    env.handlers = {
      onMetrics: async ({ run }) =>
        void weights.push((await (run.model as Line).weight.data())[0]!),
    }
    await train(env, { training: { schedule: 'stop', max_steps: 3 } })
    expect(asked[1]).toEqual({ step: 2, epoch: 1, totalSteps: 3 })
    expect(env.metric('learning_rate')).toEqual([0.1, 0, 0])
    expect(new Set(weights).size).toBe(1)
  })
})

test('late values come in order, at most two steps behind the last one sent', async () => {
  const env = new FakeEnvironment()
  let sent = 0
  const behind: number[] = []
  const order: number[] = []
  env.handlers = {
    onStepEnd: ({ step }) => void (sent = step),
    onMetrics: ({ step }) => {
      order.push(step)
      behind.push(sent - step)
    },
  }
  await train(env, { training: { epochs: 1, batch_size: 4 } })
  expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(behind).toEqual([2, 2, 2, 2, 2, 2, 1, 0])
})

test('metrics come in batches, none dropped', async () => {
  const env = new FakeEnvironment()
  let clock = 1000
  env.now = () => (clock += 1)
  await train(env, { training: { epochs: 20 } })
  const batches = env.all('run.metrics')
  const steps = batches.flatMap(({ points }) => points).filter(({ values }) => 'loss' in values)
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1))
  expect(batches.length).toBeGreaterThan(1)
  expect(batches.length).toBeLessThan(50)
  expect(env.all('run.progress').length).toBeGreaterThan(1)
})

test('fewer rows than a batch train in one batch of all rows', async () => {
  const env = await train(
    new FakeEnvironment({ 'dataset/line': () => ({ load: async () => lineRows(5) }) }),
    { training: { batch_size: 64, epochs: 2 } },
  )
  expect(env.all('run.begin')[0]).toMatchObject({ batchSize: 4, stepsPerEpoch: 1, trainRows: 4 })
  expect(env.ended).toMatchObject({ reason: 'finished', step: 2 })
})
