// Hooks in real runs: order, conditions, isolation, quarantine, refusals.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { projectReportSchema } from '#protocol'
import { after, definePlugin, every, type HookHandler, type PluginClass } from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

const log: unknown[] = []
afterEach(() => void log.splice(0))

type Methods = Parameters<typeof definePlugin>[0]['methods']

const make = (name: string, methods: Methods, rest: object = {}): PluginClass =>
  definePlugin({ manifest: { name, version: '1.0.0', ...rest }, methods })

const bench = (...plugins: PluginClass[]) => new Workbench({ plugins: [linePlugin, ...plugins] })

/** Where `text` stands in a file. */
const lineOf = (source: string, text: string): number =>
  source.split('\n').findIndex((row) => row.includes(text)) + 1

test("[A10] hooks run by priority, then in start order; the hook's own priority, the project's, the manifest's", async () => {
  const note = (what: string) => () => void log.push(what)
  const inOrder = (name: string, rest: object = {}) =>
    make(name, { onTrainBegin: note(name) }, rest)
  const own = make('own', {
    initialize: (ctx) =>
      void ctx.hook('onTrainBegin', note('own'), { priority: 5, label: 'a label' }),
  })
  const b = bench(
    inOrder('late'),
    inOrder('first'),
    inOrder('high', { priority: 10 }),
    inOrder('by_project'),
    own,
  )
  await b.train(
    {},
    lineProject('{ use: { first: {}, late: {}, high: {}, own: {}, by_project: { priority: 7 } } }'),
  )
  expect(log).toEqual(['high', 'by_project', 'own', 'first', 'late'])
  expect((await b.plugin('own')).hooks).toMatchObject([
    { hook: 'onTrainBegin', label: 'a label', priority: 5 },
  ])
})

test('[A09] methods named after hooks are found: inherited ones, overridden ones, fields', async () => {
  const file = `import { plugin } from 'plugboard'
class Base extends plugin({ manifest: { name: 'derived', version: '1.0.0' } }) {
  seen = []
  onTrainBegin() { this.seen.push('inherited') }
  onEpochBegin() { this.seen.push('not called') }
}
export default class extends Base {
  onEpochBegin() { this.seen.push('overridden') }
  onEpochEnd = () => { this.seen.push('field') }
  onTrainEnd() { this.ctx.log.info(this.seen.join()) }
  once() {}
}`
  const b = bench()
  await b.train({ 'plugins/derived.ts': file }, lineProject('{}', { epochs: 1 }))
  expect(b.events('log')[0]!.message).toBe('inherited,overridden,field')
})

describe('[A25] a wrong hook name is refused with the nearest right one', () => {
  test.each([
    ['onEpochStart', 'onEpochBegin'],
    ['on_epoch_start', 'onEpochBegin'],
    ['onBatchFinish', 'onBatchEnd'],
    ['onMetric', 'onMetrics'],
  ])('%s → %s', async (wrong, right) => {
    const b = bench()
    const typo = pluginFile({ name: 'typo' }, `  ${wrong}() {}`)
    await b.up({ 'plugins/typo.ts': typo })
    expect(await b.plugin('typo')).toMatchObject({
      state: 'failed',
      error: {
        code: 'hook.unknown',
        stage: 'initialize',
        hint: `did you mean \`${right}\`?`,
        source: { file: 'plugins/typo.ts', line: lineOf(typo, wrong), column: 3 },
      },
    })
  })

  test('also in ctx.hook, at its line, and in options without a method', async () => {
    const calls = pluginFile(
      { name: 'calls' },
      `  initialize(ctx) {\n    ctx.hook('onStepStart', () => {})\n  }`,
    )
    const options = pluginFile({ name: 'options' }, '', `hooks: { onEpochEnd: { priority: 1 } }`)
    const b = bench()
    await b.up({ 'plugins/calls.ts': calls, 'plugins/options.ts': options })
    expect((await b.plugin('calls')).error).toMatchObject({
      code: 'hook.unknown',
      source: { line: lineOf(calls, 'onStepStart') },
    })
    expect((await b.plugin('options')).error).toMatchObject({
      code: 'hook.unknown',
      message: expect.stringContaining('no method onEpochEnd'),
      source: { line: lineOf(options, 'onEpochEnd') },
    })
  })
})

test('[A11] conditions on counters, combined; refused where the counter is missing', async () => {
  const Conditional = definePlugin({
    manifest: { name: 'conditional', version: '1.0.0' },
    hooks: { onStepEnd: { when: every.steps(3).or(after.step(7)).and(every.epochs(2).not) } },
    methods: {
      onStepEnd: ({ step }) => void log.push(step),
      initialize(ctx) {
        ctx.hook('onEpochEnd', ({ epoch }) => void log.push(`epoch ${epoch}`), {
          when: after.epoch(1),
        })
      },
    },
  })
  const b = bench(Conditional)
  await b.train({}, lineProject('{ use: { conditional: {} } }', { epochs: 3 }))
  // Four steps an epoch; the second epoch is left out of the steps.
  expect(log).toEqual([3, 'epoch 2', 9, 10, 11, 12, 'epoch 3'])

  const wrong = pluginFile(
    { name: 'wrong' },
    '  onTrainEnd() {}',
    'hooks: { onTrainEnd: { when: every.epochs(2) } }',
  )
  await b.open(
    { 'plugins/wrong.ts': wrong },
    'plugins: { use: { conditional: { enabled: false } } }',
  )
  expect(b.events('plugin.reload_failed')[0]!.error).toMatchObject({
    code: 'hook.condition',
    message: expect.stringContaining('reads the epoch, which onTrainEnd does not have'),
  })
})

test('[A23] a notifying hook that throws is reported at its line, training goes on, three in a row quarantine the plugin', async () => {
  const text = pluginFile(
    { name: 'faulty', provides: ['schedule/flat'] },
    `  initialize(ctx) {
    ctx.provide('schedule', 'flat', () => ({ factor: () => 1 }))
  }
  onStepEnd({ step }) {
    if (step !== 2) throw new Error('step ' + step)
  }
  onEpochEnd({ epoch }) { this.ctx.log.info('epoch ' + epoch) }
  cleanup(ctx) { ctx.log.info('cleanup') }`,
  )
  const watch = make('watch', { onStepEnd: () => void log.push(b.states('faulty').at(-1)) })
  const needs = make(
    'needs',
    { onEpochEnd: () => void log.push('needs') },
    { requires: { 'plugin:faulty': '*' } },
  )
  const b = bench(watch, needs)
  const project = lineProject('{ use: { watch: {}, needs: {} } }').replace(
    'batch_size: 8',
    'batch_size: 8, schedule: flat',
  )
  const ended = await b.train({ 'plugins/faulty.ts': text }, project)
  expect(ended).toMatchObject({ reason: 'finished', step: 8 })
  const line = lineOf(text, 'throw new Error')
  expect(
    b.events('hook.failed').map(({ failures, isQuarantined }) => [failures, isQuarantined]),
  ).toEqual([
    [1, false],
    [1, false],
    [2, false],
    [3, true],
  ])
  expect(b.events('hook.failed')[0]).toMatchObject({
    plugin: 'faulty',
    hook: 'onStepEnd',
    error: {
      code: 'hook.threw',
      message: 'Error: step 1',
      source: { file: 'plugins/faulty.ts', line },
    },
  })
  // What stands on it goes with it, at once; the rest goes on. The handler of `watch` runs before the faulty one.
  const running = ['running', 'running', 'running', 'running', 'needs', 'running']
  expect(log).toEqual([...running, 'failed', 'failed', 'failed'])
  expect(
    b.events('plugin.state').find(({ name, state }) => name === 'needs' && state === 'failed'),
  ).toMatchObject({ cause: 'dependency' })
  await b.engine.report()
  expect(await b.plugin('faulty')).toMatchObject({
    state: 'failed',
    cause: 'quarantined',
    error: { source: { line } },
  })
  // Its contribution stayed until the run had ended.
  const order = b.records.flatMap(({ type, data }) => {
    const { state, message, name } = data as { state?: string; message?: string; name?: string }
    if (type === 'log') return [message]
    return state === 'ended' || (state === 'failed' && name === 'faulty') ? [state] : []
  })
  expect(order).toEqual(['epoch 1', 'failed', 'ended', 'cleanup'])
})

test('a handler of a stopped plugin is not called any more, also in the same round', async () => {
  const target = make('target', { onStepEnd: ({ step }) => void log.push(step) })
  const other = make('other', {
    onStepEnd: ({ step }) => {
      if (step === 3) stopping = b.engine.transition('target', 'stop')
    },
  })
  let stopping: Promise<void> | undefined
  const b = bench(target, other)
  await b.train({}, lineProject('{ use: { other: {}, target: {} } }'))
  await stopping
  expect(log[0]).toBe(1)
  expect(log.length).toBeLessThan(8)
})

describe('hooks inside a step are synchronous', () => {
  const file = pluginFile({ name: 'eager' }, `  async onStepEnd() { throw new Error('its own') }`)

  test('a promise is a failure of the plugin', async () => {
    const b = bench()
    const ended = await b.train({ 'plugins/eager.ts': file }, lineProject())
    expect(ended.reason).toBe('finished')
    expect(b.events('hook.failed')[0]!.error).toMatchObject({
      code: 'hook.async',
      plugin: 'eager',
      hook: 'onStepEnd',
    })
    expect((await b.plugin('eager')).cause).toBe('quarantined')
  })

  test('others are waited for, one after the other', async () => {
    const slow: HookHandler<'onEpochEnd'> = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      log.push('slow')
    }
    const b = bench(
      make('slow', { onEpochEnd: slow }),
      make('fast', { onEpochEnd: () => void log.push('fast') }),
    )
    await b.train({}, lineProject('{ use: { slow: {}, fast: {} } }'))
    expect(log).toEqual(['slow', 'fast', 'slow', 'fast'])
    expect((await b.plugin('slow')).hooks[0]!.totalMs).toBeGreaterThan(5)
  })

  test('handlers inside of a step are timed by samples; a slow one is told', async () => {
    let nowMs = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const steady: HookHandler<'onStepEnd'> = ({ step }) => void (nowMs += step === 5 ? 150 : 2)
    const b = new Workbench({ plugins: [linePlugin, make('steady', { onStepEnd: steady })] })
    await b.train({}, lineProject('{ use: { steady: {} } }', { epochs: 12 }))
    clock.mockRestore()
    expect((await b.plugin('steady')).hooks).toMatchObject([{ calls: 48, totalMs: 47 * 2 + 150 }])
    expect(b.events('hook.slow')).toEqual([
      { plugin: 'steady', hook: 'onStepEnd', durationMs: 150 },
    ])
  })

  test('a rejection is a failure like a throw', async () => {
    const text = pluginFile(
      { name: 'rejects' },
      `  async onEpochEnd() {\n    await 0\n    throw new Error('no')\n  }`,
    )
    const b = bench()
    await b.train({ 'plugins/rejects.ts': text }, lineProject())
    expect(b.events('hook.failed')[0]!.error).toMatchObject({
      message: 'Error: no',
      source: { line: lineOf(text, "'no'") },
    })
  })
})

describe('pipes', () => {
  test('hand the value on; undefined leaves it; a run goes on with the last', async () => {
    const double = make('double', {
      onBackwardEnd: ({ gradients }) => {
        log.push(gradients.size)
        return new Map([...gradients].map(([path, gradient]) => [path, gradient.mul(0).add(7)]))
      },
    })
    const look = make('look', {
      onBackwardEnd: ({ gradients }) => void log.push([...gradients.values()][0]!.dataSync()[0]),
    })
    const b = bench(double, look)
    await b.train({}, lineProject('{ use: { double: {}, look: {} } }', { epochs: 1 }))
    expect(log.slice(0, 2)).toEqual([2, 7])
  })

  test.each([
    [
      'throws',
      `throw new Error('in the pipe')`,
      { code: 'hook.threw', message: 'Error: in the pipe' },
    ],
    [
      'returns something else',
      'return 3',
      {
        code: 'hook.result',
        message: 'bad returned a Number from onBackwardEnd, but gradients is a Map',
      },
    ],
    ['is asynchronous', 'return Promise.resolve()', { code: 'hook.async' }],
  ])('one that %s ends the run with an error at its place', async (_, body, error) => {
    const b = bench()
    const ended = await b.train(
      { 'plugins/bad.ts': pluginFile({ name: 'bad' }, `  onBackwardEnd() {\n    ${body}\n  }`) },
      lineProject(),
    )
    expect(ended).toMatchObject({
      reason: 'failed',
      error: { ...error, plugin: 'bad', hook: 'onBackwardEnd' },
    })
    expect((await b.plugin('bad')).state).toBe('running')
  })
})

test('what a plugin says of its handlers is kept within what the page takes', async () => {
  const long = 'x'.repeat(1000)
  const b = bench(
    make('long', {
      initialize(ctx) {
        ctx.hook('onStepEnd', () => {}, { label: long })
        ctx.events.on(long, () => {})
      },
    }),
    make('odd', {
      initialize: (ctx) => void ctx.hook('onStepEnd', () => {}, { priority: Number.NaN }),
    }),
  )
  const report = await b.up({}, 'plugins: { use: { long: {}, odd: {} } }')
  expect(() => projectReportSchema.parse(report)).not.toThrow()
  expect((await b.plugin('odd')).error).toMatchObject({
    code: 'config.invalid',
    plugin: 'odd',
    message: 'the priority of a handler of onStepEnd is NaN, but must be a finite number',
  })
})

test('calls, failures and time are counted; the host is told of workspace handlers by name', async () => {
  const b = bench(make('trusted', { onStepBegin: () => {} }))
  const guest = pluginFile(
    { name: 'guest' },
    `  onStepEnd({ step }) { if (step === 1) throw new Error('once') }`,
  )
  await b.train({ 'plugins/guest.ts': guest }, lineProject('{ use: { trusted: {} } }'))
  expect((await b.plugin('guest')).hooks).toMatchObject([
    { hook: 'onStepEnd', calls: 8, failures: 1 },
  ])
  expect((await b.plugin('trusted')).hooks).toMatchObject([{ calls: 8, failures: 0 }])
  expect(b.entered.filter((label) => label === 'guest · onStepEnd')).toHaveLength(8)
  expect(b.entered.some((label) => label.includes('trusted'))).toBe(false)
})
