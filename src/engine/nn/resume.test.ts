// A run that goes on from a checkpoint: bit for bit what it would have been, and refused where it cannot be.
import { beforeAll, describe, expect, test } from 'vitest'
import { EngineError, readSafetensors, writeSafetensors } from '#sdk'
import { linePlugin } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

/** Asks for a checkpoint after each step and each validation, and at the end of each epoch. */
const saver = pluginFile(
  { name: 'saver' },
  `onStepEnd({ run, step }) { run.checkpoint('step-' + step) }
  onValidationEnd({ run, step }) { run.checkpoint('validated-' + step) }
  onEpochEnd({ run, epoch, metrics }) {
    run.checkpoint('epoch-' + epoch)
    this.ctx.log.info('epoch ' + epoch + ' ' + JSON.stringify(metrics))
  }`,
)

/** Counts what it saw, draws from its stream, and lets both have a say in the gradients. */
const meddler = pluginFile(
  { name: 'meddler' },
  `seen = { steps: 0, sums: new Float64Array(2), epochs: new Map(), best: Infinity }
  onEpochBegin({ epoch }) { this.seen.epochs.set(epoch, this.seen.steps) }
  onBackwardEnd({ gradients }) {
    this.seen.steps += 1
    const factor = 1 + 0.1 * this.ctx.random.normal() + 0.001 * this.seen.sums[0] + 0.01 * this.seen.epochs.size
    return new Map([...gradients].map(([path, gradient]) => [path, gradient.mul(factor)]))
  }
  onMetrics({ metrics }) { this.seen.sums[0] += metrics.loss }
  onValidationEnd({ metrics }) { this.seen.best = Math.min(this.seen.best, metrics.val_loss) }
  async capture() { return this.seen }
  restore(state) { this.seen = state }`,
)

/** Enabled by the project from the second epoch on. */
const late = pluginFile(
  { name: 'late' },
  `onBackwardEnd({ gradients }) {
    return new Map([...gradients].map(([path, gradient]) => [path, gradient.mul(1.25)]))
  }`,
)

const parts = pluginFile(
  {
    name: 'parts',
    provides: [
      'augmenter/noise',
      'optimizer/still',
      'schedule/half',
      'preprocessor/shift',
      'metric/bias',
    ],
  },
  `initialize(ctx) {
    ctx.provide('augmenter', 'noise', () => ({
      augment(table, { random }) {
        const x = table.columns.x
        return { ...table, columns: { ...table.columns, x: { ...x, data: x.data.map((it) => it + 0.1 * random.normal()) } } }
      },
    }))
    ctx.provide('optimizer', 'still', () => ({ learningRate: 1, update() {}, state: () => new Map(), restore() {}, dispose() {} }))
    ctx.provide('schedule', 'half', () => ({ factor: ({ step, totalSteps }) => 1 - step / (2 * totalSteps) }))
    ctx.provide('metric', 'bias', () => ({
      measure: ({ outputs, batch }) => outputs.prediction.sub(batch.y).sum().reshape([1]),
      summarize: ([sum]) => ({ bias: sum }),
    }))
    ctx.provide('preprocessor', 'shift', () => {
      let mean
      return {
        fit(table) {
          if (globalThis.refuseFit) throw new Error('fitted again')
          mean = Float64Array.of(table.columns.x.data[0])
        },
        transform: (table) => {
          const x = table.columns.x
          return { ...table, columns: { ...table.columns, x: { ...x, data: x.data.map((it) => it - mean[0]) } } }
        },
        save: () => ({ mean }),
        load: (state) => { mean = state.mean },
      }
    })
  }`,
)

const files = {
  'plugins/saver.ts': saver,
  'plugins/meddler.ts': meddler,
  'plugins/late.ts': late,
  'plugins/parts.ts': parts,
}

const project = (training = '', experiment = 'seed: 3') => `schedules:
  plugins: { late: { enable_at_epoch: 2 } }
  values: { pull: { start: 0, end: 1 } }
experiment:
  dataset: line
  augment: [noise]
  preprocess: [shift]
  model: { name: line, config: { dropout: 0.2 } }
  validation_split: 0.2
  ${experiment}
  training:
    optimizer: momentum
    schedule: half
    metrics: [bias]
    epochs: 3
    batch_size: 4
    accumulate: 2
    validate_every: 3
    ${training}
`

interface Course {
  /** Values of each step, steps in order. */
  points: { step: number; values: object }[]
  epochs: string[]
  files: Map<string, Uint8Array<ArrayBuffer>>
}

async function train(
  config = project(),
  options: Parameters<Workbench['engine']['startRun']>[0] = {},
  bench = new Workbench({ plugins: [linePlugin] }),
): Promise<Course & { bench: Workbench }> {
  await bench.open(files, config)
  await bench.engine.boot({ device: 'cpu' }).catch(() => undefined)
  const id = await bench.engine.startRun(options)
  const ended = await bench.once('run.state', (it) => it.id === id && it.state === 'ended')
  expect(ended.error).toBeUndefined()
  return { ...(await courseOf(bench, id)), bench }
}

async function courseOf(bench: Workbench, id: string): Promise<Course> {
  const held = bench.events('run.checkpoint').filter((it) => it.id === id)
  const saved = held.map(async ({ name, key, sizeBytes }) => {
    const file = (await bench.engine.checkpoint(key, 0, sizeBytes))!
    return [name, file] as const
  })
  const points = bench.events('run.metrics').flatMap((it) => (it.id === id ? it.points : []))
  return {
    points: points.map(({ step, values }) => ({ step, values })),
    epochs: bench
      .events('log')
      .flatMap(({ message }) => (message.startsWith('epoch ') ? [message] : [])),
    files: new Map(await Promise.all(saved)),
  }
}

let whole: Course
beforeAll(async () => {
  whole = await train()
})

test('the unbroken run is worth its name: equal runs give equal numbers', async () => {
  const again = await train()
  expect(whole.points).toHaveLength(12 + 4)
  expect(again.points).toEqual(whole.points)
  expect(whole.epochs).toHaveLength(3)
})

describe('a run goes on bit for bit', () => {
  test.each([
    ['from the middle of an epoch', 'step-6', 6],
    ['from another step in the middle', 'step-7', 7],
    ['from the first step', 'step-1', 1],
    ['from the last step of an epoch', 'step-4', 4],
    ['from a validation', 'validated-9', 9],
    ['from the end of an epoch', 'epoch-1', 4],
    ['from the end of an epoch with a validation', 'epoch-2', 8],
  ])('%s', async (_, name, step) => {
    // As after a reload of the page: another engine, with nothing but the file.
    const from = whole.files.get(name)!
    const { points, epochs, bench } = await train(project(), { from })
    const isAfter = ({ step: at }: { step: number }) => at > step
    // What a checkpoint is taken after, such as a validation, is not done again.
    expect(points).toEqual(whole.points.filter(isAfter))
    expect(epochs).toEqual(
      whole.epochs.slice(name.startsWith('epoch') ? step / 4 : Math.floor((step - 1) / 4)),
    )
    expect(bench.events('run.begin')[0]).toMatchObject({ resumed: { step }, totalSteps: 12 })
  })

  test('in the same engine, which other runs have used meanwhile', async () => {
    const { bench } = await train()
    await train(project('', 'seed: 8'), {}, bench)
    const { points } = await train(project(), { from: whole.files.get('step-6')! }, bench)
    expect(points).toEqual(whole.points.filter(({ step }) => step > 6))
  })

  test('after a stop, from the checkpoint that it left', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.open(files, project())
    await bench.engine.boot({ device: 'cpu' })
    const id = await bench.engine.startRun({ checkpointEveryMs: 1e9 })
    await bench.once('run.checkpoint', ({ name }) => name === 'step-5')
    await bench.engine.control('stop')
    const left = bench.events('run.checkpoint').findLast(({ name }) => name === 'last')!
    expect(left.isAutomatic).toBe(true)
    // The step may have been one to validate after: that is then done by who goes on.
    const { points: before } = await courseOf(bench, id)
    const { points } = await train(project(), { from: left.path }, bench)
    expect([...before, ...points]).toEqual(whole.points)
  })

  test('beyond its end, for more epochs, as a longer run would have gone', async () => {
    const config = (epochs: number) =>
      project('', 'seed: 3').replace('schedule: half', '').replace('epochs: 3', `epochs: ${epochs}`)
    const longer = await train(config(4))
    for (const max of ['', 'max_steps: 7']) {
      const short = await train(
        config(2).replace('validate_every: 3', `validate_every: 3\n    ${max}`),
        {
          checkpointEveryMs: 1e9,
        },
      )
      const from = short.files.get('last')!
      const done = max ? 7 : 8
      const { points } = await train(config(4), { from })
      expect(points).toEqual(longer.points.filter(({ step }) => step > done))
      const more = await train(config(2), { from, moreEpochs: 2 })
      expect(more.points).toEqual(points)
    }
  })
})

test.each([
  ['device.memory', 'the graphics processor ran out of memory'],
  ['device.refused', 'the graphics processor refused a command'],
] as const)(
  'a run whose device tells %s ends, and goes on from its last checkpoint',
  async (code, message) => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.open(files, project())
    await bench.engine.boot({ device: 'cpu' })
    await bench.engine.startRun()
    await bench.once('run.checkpoint', ({ name }) => name === 'step-5')
    // As the device tells of it: later, and to nobody's call.
    bench.engine.reportUncaught(new EngineError({ code, message, hint: 'smaller' }))
    const ended = await bench.ended()
    expect(ended).toMatchObject({
      reason: 'failed',
      error: { code, hint: 'smaller' },
    })
    const from = bench.events('run.checkpoint').findLast(({ name }) => name.startsWith('step-'))!
    const { points } = await train(project(), { from: from.path }, bench)
    expect(points).toEqual(whole.points.filter(({ step }) => step > from.step))
  },
)

test('a run whose device is lost goes on from its last checkpoint on another, and says why', async () => {
  const bench = new Workbench({ plugins: [linePlugin] })
  await bench.open(files, project())
  await bench.engine.boot({ device: 'cpu' })
  await bench.engine.startRun()
  await bench.once('run.checkpoint', ({ name }) => name === 'step-5')
  bench.loseDevice('driver reset')
  const cause = (await bench.once('device.lost')).error.message
  const from = bench.events('run.checkpoint').findLast(({ name }) => name.startsWith('step-'))!
  const { points } = await train(project(), { from: from.path, cause }, bench)
  expect(points).toEqual(whole.points.filter(({ step }) => step > from.step))
  const { resumed } = bench.events('run.begin').at(-1)!
  expect(resumed).toEqual({ id: from.id, step: from.step, cause })
  expect(bench.events('log').map(({ message }) => message)).toContain(
    `goes on by itself from step ${from.step}: the device CPU was lost: driver reset`,
  )
})

test('[F03] what preprocessors learned is kept with the checkpoint, and taken over in place of fitting', async () => {
  Object.assign(globalThis, { refuseFit: true })
  try {
    const { points } = await train(project(), { from: whole.files.get('step-6')! })
    expect(points.length).toBeGreaterThan(6)
  } finally {
    Reflect.deleteProperty(globalThis, 'refuseFit')
  }
})

test('other values in as many rows are told, and the run goes on with them', async () => {
  const resumed = async (changed: typeof files) => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.open(changed, project())
    await bench.engine.boot({ device: 'cpu' })
    await bench.engine.startRun({ from: whole.files.get('step-6')! })
    expect((await bench.ended()).error).toBeUndefined()
    return bench.events('log').flatMap(({ level, message }) => (level === 'warn' ? [message] : []))
  }
  const others = {
    ...files,
    'plugins/parts.ts': parts.replace('it - mean[0])', 'it - mean[0] + 1)'),
  }
  expect(await resumed(others)).toContainEqual(
    expect.stringMatching(/^rows of the data have other values than when the checkpoint step-6 /),
  )
  expect(await resumed(files)).toEqual([])
})

describe('what cannot go on is refused, and says why', () => {
  const attempt = async (from: Uint8Array<ArrayBuffer>, config = project()) => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.open(files, config)
    await bench.engine.boot({ device: 'cpu' })
    await bench.engine.startRun({ from })
    return (await bench.ended()).error
  }

  test.each([
    ['another seed', project('', 'seed: 4'), 'seed is 4, and was 3'],
    [
      'other rows',
      project('', 'seed: 3\n  features: []').replace('[noise]', '[]'),
      'augment is []',
    ],
    [
      'other batches',
      project().replace('batch_size: 4', 'batch_size: 8'),
      'training.batch_size is 8',
    ],
    ['another optimizer', project().replace('momentum', 'still'), 'training.optimizer is "still"'],
    ['nothing left', project('max_steps: 5'), '6 steps are done, and the experiment has 5'],
  ])('%s', async (_, config, message) => {
    const error = await attempt(whole.files.get('step-6')!, config)
    expect(error?.message).toContain(message)
  })

  test('another model, with every difference', async () => {
    const { tensors, metadata } = readSafetensors(whole.files.get('step-6')!, 'x')
    const weight = tensors.get('weight')!
    tensors.set('weight', { ...weight, shape: [1, 2] })
    tensors.set('extra.weight', { ...weight, shape: [2] })
    tensors.delete('bias')
    const error = await attempt(writeSafetensors(tensors, metadata))
    expect(error).toMatchObject({ code: 'checkpoint.mismatch' })
    expect(error?.message).toContain(
      'weight is [2, 1] here, [1, 2] there; bias [1] is missing there; extra.weight [2] is only there',
    )
  })

  test('files that are no checkpoint, or a broken one', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.open(files, project())
    await bench.engine.boot({ device: 'cpu' })
    const start = (from: Uint8Array<ArrayBuffer>) => bench.engine.startRun({ from })
    const file = whole.files.get('step-6')!
    await expect(start(file.slice(0, -1))).rejects.toThrow('is cut off')
    await expect(start(writeSafetensors([]))).rejects.toThrow('no state of a run')
    const { tensors, metadata } = readSafetensors(file, 'x')
    const of = (more: object) => start(writeSafetensors(tensors, { ...metadata, ...more }))
    await expect(of({ version: '99' })).rejects.toThrow('in form 99; this one reads form 1')
    await expect(of({ record: '[["o"]]' })).rejects.toThrow('it says nothing of a run')
    await expect(of({ record: '[' })).rejects.toThrow('a checkpoint that cannot be read')
    await expect(bench.engine.startRun({ from: 'checkpoints/none.safetensors' })).rejects.toThrow(
      'the file `checkpoints/none.safetensors` cannot be read',
    )
    await expect(bench.engine.startRun({ from: file, moreEpochs: 0 })).rejects.toThrow('0 epochs')
    expect(bench.events('run.state')).toEqual([])
  })

  test('a plugin that refuses its own state', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const broken = meddler.replace('this.seen = state }', "throw new Error('not mine') }")
    await bench.open({ ...files, 'plugins/meddler.ts': broken }, project())
    await bench.engine.boot({ device: 'cpu' })
    await bench.engine.startRun({ from: whole.files.get('step-6')! })
    const { error } = await bench.ended()
    expect(error).toMatchObject({ plugin: 'meddler', stage: 'restore', message: 'Error: not mine' })
  })

  test('a name that is none', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const named = pluginFile({ name: 'named' }, "onTrainBegin({ run }) { run.checkpoint('../x') }")
    await bench.train({ ...files, 'plugins/named.ts': named }, project().replace(/plugins: .*/, ''))
    expect(bench.events('hook.failed')[0]?.error.message).toContain('`../x` is no name')
  })
})

describe('initial weights from a file', () => {
  const begin = async (initFrom: string, bench = new Workbench({ plugins: [linePlugin] })) => {
    await bench.open(files, project('', `init_from: ${initFrom}`))
    await bench.engine.boot({ device: 'cpu' }).catch(() => undefined)
    const id = await bench.engine.startRun()
    await bench.once('run.state', (it) => it.id === id && it.state === 'ended')
    return bench
  }
  const weightsOf = async (bench: Workbench, name: string) => {
    const { key, sizeBytes } = bench.events('run.checkpoint').findLast((it) => it.name === name)!
    const file = (await bench.engine.checkpoint(key, 0, sizeBytes))!
    return { file, ...readSafetensors(file, name) }
  }

  test('all of them, as another run left them, but neither its steps nor its optimizer', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const frozen = pluginFile({ name: 'frozen' }, 'onBackwardEnd() { return new Map() }')
    await bench.open(files, project())
    await bench.engine.boot({ device: 'cpu' })
    await bench.engine.startRun()
    await bench.ended()
    const { tensors } = await weightsOf(bench, 'step-12')
    await bench.open(
      { ...files, 'plugins/frozen.ts': frozen },
      project('', 'init_from: checkpoints/step-12.safetensors'),
    )
    const id = await bench.engine.startRun()
    await bench.once('run.state', (it) => it.id === id && it.state === 'ended')
    const after = await weightsOf(bench, 'step-3')
    expect(after.tensors.get('weight')).toEqual(tensors.get('weight'))
    expect(after.tensors.get('bias')).toEqual(tensors.get('bias'))
    expect(bench.events('run.begin').at(-1)?.resumed).toBeUndefined()
  })

  test('a file that does not fit is refused, unless a part of it is enough', async () => {
    const files: Record<string, Uint8Array> = {}
    const weight = { dtype: 'F64', shape: [2, 1], data: Float64Array.of(5, 6) } as const
    files['part.safetensors'] = writeSafetensors([
      ['weight', weight],
      ['bias', { dtype: 'F32', shape: [3], data: new Float32Array(3) }],
    ])
    files['other.safetensors'] = writeSafetensors([['x', weight]])
    files['cut.safetensors'] = writeSafetensors([['x', weight]]).slice(0, -1)
    const errorOf = async (initFrom: string) => {
      const bench = await begin(initFrom, new Workbench({ plugins: [linePlugin], assets: files }))
      return { bench, error: bench.events('run.state').at(-1)!.error }
    }
    const strict = await errorOf('part.safetensors')
    expect(strict.error?.message).toContain('bias is [1] here, [3] there')
    expect((await errorOf('cut.safetensors')).error?.message).toContain('is cut off')
    expect((await errorOf('none.safetensors')).error?.code).toBe('asset.missing')
    const nothing = await errorOf('{ file: other.safetensors, partial: true }')
    expect(nothing.error?.message).toContain('nothing in other.safetensors fits')

    const { bench, error } = await errorOf('{ file: part.safetensors, partial: true }')
    expect(error).toBeUndefined()
    expect(bench.events('log').map(({ message }) => message)).toContainEqual(
      expect.stringContaining(
        'begins with 1 of 2 tensors of part.safetensors; the rest is as initialised: bias is [1] here, [3] there',
      ),
    )
  })
})
