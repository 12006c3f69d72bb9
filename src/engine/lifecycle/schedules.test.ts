// Plugins that work in some epochs only, and plugins that others enable and disable while a run goes on.
import { describe, expect, test } from 'vitest'
import { type Context, definePlugin, every, type HookArgs } from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

/** A plugin that notes each of its hooks: `moe begin 2`. */
function noting(
  log: string[],
  name = 'moe',
  requires: Record<string, string> = {},
  optional: Record<string, string> = {},
) {
  return definePlugin({
    manifest: { name, version: '1.0.0', requires, optional },
    methods: {
      start: () => void log.push(`${name} start`),
      stop: () => void log.push(`${name} stop`),
      onTrainBegin: () => void log.push(`${name} train`),
      onEpochBegin: ({ epoch }: HookArgs<'onEpochBegin'>) =>
        void log.push(`${name} begin ${epoch}`),
    },
  })
}

const scheduled = (schedules: string, use = '{}', epochs = 4): string =>
  lineProject(`{ use: ${use} }`, { epochs, more: `schedules: ${schedules}` })

describe('[A14] schedules.plugins', () => {
  test('a plugin starts before the epoch it is enabled at; what it missed is not called again', async () => {
    const log: string[] = []
    const bench = new Workbench({ plugins: [linePlugin, noting(log)] })
    const project = scheduled('{ plugins: { moe: { enable_at_epoch: 3 } } }')
    await bench.open({}, project)
    await bench.engine.activate()
    // Its contributions are there from the beginning, for the model to be built with.
    expect((await bench.plugin('moe')).state).toBe('initialized')
    expect((await bench.train({}, project)).reason).toBe('finished')
    expect(log).toEqual(['moe start', 'moe begin 3', 'moe begin 4'])
    // The next run begins as this one did.
    await bench.engine.startRun()
    await bench.once('run.state', () => log.length > 6)
    expect(log.slice(3)).toEqual(['moe stop', 'moe start', 'moe begin 3', 'moe begin 4'])
  })

  test.each([
    ['enable_at_epoch: 1', ['begin 1', 'begin 2', 'begin 3', 'begin 4']],
    ['disable_at_epoch: 3', ['train', 'begin 1', 'begin 2']],
    ['enable_at_epoch: 2, disable_at_epoch: 4', ['begin 2', 'begin 3']],
    ['disable_at_epoch: 2, enable_at_epoch: 4', ['train', 'begin 1', 'begin 4']],
  ])('%s', async (schedule, hooks) => {
    const log: string[] = []
    const bench = new Workbench({ plugins: [linePlugin, noting(log)] })
    await bench.train({}, scheduled(`{ plugins: { moe: { ${schedule} } } }`))
    expect(log.filter((entry) => !/ st(art|op)/.test(entry))).toEqual(
      hooks.map((it) => `moe ${it}`),
    )
  })

  test('what stands on a scheduled plugin comes and goes with it', async () => {
    const log: string[] = []
    const above = noting(log, 'above', { 'plugin:moe': '*' })
    const bench = new Workbench({ plugins: [linePlugin, above, noting(log)] })
    const schedules = '{ plugins: { moe: { enable_at_epoch: 2, disable_at_epoch: 3 } } }'
    await bench.train({}, scheduled(schedules, '{ above: {} }'))
    expect(log).toEqual([
      'moe start',
      'above start',
      'moe begin 2',
      'above begin 2',
      'above stop',
      'moe stop',
    ])
  })

  test('what only comes up after it, when it is there, does not wait for it', async () => {
    const log: string[] = []
    const above = noting(log, 'above', {}, { 'plugin:moe': '*' })
    const bench = new Workbench({ plugins: [linePlugin, above, noting(log)] })
    const schedules = '{ plugins: { moe: { enable_at_epoch: 2 } } }'
    await bench.train(
      {},
      lineProject('{ use: { above: {} } }', { epochs: 2, more: `schedules: ${schedules}` }),
    )
    expect(log).toEqual([
      'above start',
      'above train',
      'above begin 1',
      'moe start',
      'above begin 2',
      'moe begin 2',
    ])
  })

  test('`enabled: false` has the last word', async () => {
    const log: string[] = []
    const bench = new Workbench({ plugins: [linePlugin, noting(log)] })
    const schedules = '{ plugins: { moe: { enable_at_epoch: 2 } } }'
    await bench.train({}, scheduled(schedules, '{ moe: { enabled: false } }'))
    expect(log).toEqual([])
  })

  test('one that fails to start is told of, and the run goes on', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const moe = pluginFile({ name: 'moe' }, `  start() { throw new Error('no') }`)
    const schedules = '{ plugins: { moe: { enable_at_epoch: 2 } } }'
    const { reason } = await bench.train({ 'plugins/moe.ts': moe }, scheduled(schedules))
    expect(reason).toBe('finished')
    expect(await bench.plugin('moe')).toMatchObject({ cause: 'threw', error: { stage: 'start' } })
  })

  test('an edit in mid-run takes effect at once', async () => {
    const log: string[] = []
    const pauses = definePlugin({
      manifest: { name: 'pauses', version: '1.0.0' },
      hooks: { onStepEnd: { when: every.steps(6) } },
      methods: { onStepEnd: () => void bench.engine.control('pause') },
    })
    const bench = new Workbench({ plugins: [linePlugin, noting(log), pauses] })
    const project = (epoch: number) =>
      scheduled(`{ plugins: { moe: { enable_at_epoch: ${epoch} } } }`, '{ pauses: {} }')
    await bench.start({}, project(4))
    await bench.once('run.state', ({ state }) => state === 'paused')
    expect(log).toEqual([])
    await bench.open({}, project(2))
    expect(log).toEqual(['moe start'])
    await bench.open({}, project(3))
    expect(log).toEqual(['moe start', 'moe stop'])
    await bench.engine.control('stop')
    await bench.ended()
  })

  test('problems are found before anything runs, each at its place', async () => {
    const bench = new Workbench({ plugins: [linePlugin, noting([])] })
    const problemsOf = async (schedules: string) => {
      const { problems } = await bench.open({}, `schedules:\n  ${schedules}\n${lineProject()}`)
      return problems.map(({ source, message }) => `${source?.line}:${source?.column} ${message}`)
    }
    expect(await problemsOf('plugins: { mo: { enable_at_epoch: 2 } }')).toEqual([
      '2:14 schedules.plugins names `mo`, but there is no such plugin',
    ])
    expect(await problemsOf('plugins: { moe: { enable_at_epoch: 3 } }')).toEqual([
      '2:21 plugboard.yaml: `schedules.plugins.moe.enable_at_epoch` is 3: the experiment ends with epoch 2',
    ])
    expect(await problemsOf('plugins: { moe: { enable_at_epoch: 0 } }')).toEqual([
      expect.stringMatching(/^2:21 .*enable_at_epoch. is 0: /),
    ])
    expect(
      await problemsOf('plugins: { moe: { enable_at_epoch: 2, disable_at_epoch: 2 } }'),
    ).toEqual([expect.stringMatching(/^2:41 .*is 2: it is enabled at this very epoch/)])
  })
})

describe('[A16] enabling and disabling in mid-run', () => {
  /** Calls `act` once, at the end of a step, with the context of the plugin `driver`. */
  function driver(step: number, act: (ctx: Context) => void) {
    let context: Context
    return definePlugin({
      manifest: { name: 'driver', version: '1.0.0' },
      methods: {
        initialize: (ctx) => void (context = ctx),
        onStepEnd: (args: HookArgs<'onStepEnd'>) => {
          if (args.step === step) act(context)
        },
      },
    })
  }

  /** The plugin `counted`, and the steps it saw. */
  function counted() {
    const steps: number[] = []
    const plugin = definePlugin({
      manifest: { name: 'counted', version: '1.0.0' },
      methods: { onStepBegin: ({ step }: HookArgs<'onStepBegin'>) => void steps.push(step) },
    })
    return { steps, plugin }
  }

  const both = lineProject('{ use: { driver: {}, counted: {} } }')

  test('a hook disables another plugin before the next step', async () => {
    const { steps, plugin } = counted()
    const drives = driver(3, (ctx) => ctx.disable('counted'))
    const bench = new Workbench({ plugins: [linePlugin, drives, plugin] })
    await bench.train({}, both)
    expect(steps).toEqual([1, 2, 3])
    expect((await bench.plugin('counted')).state).toBe('stopped')
  })

  test('a hook enables one before the next step; one that runs already goes on', async () => {
    const { steps, plugin } = counted()
    const drives = driver(3, (ctx) => {
      ctx.enable('counted')
      ctx.enable('driver')
    })
    const bench = new Workbench({ plugins: [linePlugin, drives, plugin] })
    const schedules = 'schedules: { plugins: { counted: { enable_at_epoch: 2 } } }'
    await bench.train({}, `${both}${schedules}`)
    expect(steps).toEqual([4, 5, 6, 7, 8])
    expect(bench.events('error.uncaught')).toEqual([])
  })

  test('a plugin disables itself', async () => {
    let calls = 0
    const once = definePlugin({
      manifest: { name: 'once', version: '1.0.0' },
      methods: {
        onEpochBegin: () => void calls++,
        initialize: (ctx) => void ctx.hook('onEpochEnd', () => ctx.disable()),
      },
    })
    const bench = new Workbench({ plugins: [linePlugin, once] })
    await bench.train({}, lineProject('{ use: { once: {} } }', { epochs: 3 }))
    expect(calls).toBe(1)
    expect(bench.states('once').slice(-2)).toEqual(['running', 'stopped'])
  })

  test('by the user, likewise', async () => {
    const { steps, plugin } = counted()
    let switched: Promise<void> | undefined
    const drives = driver(3, () => {
      switched = bench.engine.transition('counted', 'stop')
    })
    const bench = new Workbench({ plugins: [linePlugin, drives, plugin] })
    await bench.train({}, lineProject('{ use: { driver: {}, counted: {} } }', { epochs: 50 }))
    await switched
    expect(steps.length).toBeLessThan(200)
    expect((await bench.plugin('counted')).state).toBe('stopped')
  })

  test('an unknown name is refused where it is asked for; a failing start is told as an event', async () => {
    const failing = pluginFile({ name: 'failing' }, `  start() { throw new Error('not today') }`)
    const thrown: unknown[] = []
    const drives = driver(2, (ctx) => {
      try {
        ctx.enable('failng')
      } catch (error) {
        thrown.push(error)
      }
      ctx.enable('failing')
    })
    const bench = new Workbench({ plugins: [linePlugin, drives] })
    const schedules = 'schedules: { plugins: { failing: { enable_at_epoch: 2 } } }'
    const project = `${lineProject('{ use: { driver: {} } }')}${schedules}`
    expect((await bench.train({ 'plugins/failing.ts': failing }, project)).reason).toBe('finished')
    expect(thrown).toMatchObject([{ code: 'plugin.unknown', hint: 'did you mean `failing`?' }])
    expect(bench.events('error.uncaught')).toMatchObject([
      { error: { plugin: 'failing', message: 'Error: not today' } },
    ])
  })
})
