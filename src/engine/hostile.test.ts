// Plugins that mean no good: each is told, none takes the engine with it.
import { afterEach, describe, expect, test } from 'vitest'
import { MAX_TEXT } from '#protocol'
import {
  type Context,
  definePlugin,
  type HookMethods,
  type LifecycleMethods,
  type PluginClass,
  z,
} from '#sdk'
import { linePlugin, lineProject } from './testing/line-plugin.ts'
import { pluginFile, Workbench } from './testing/workbench.ts'

const log: unknown[] = []
afterEach(() => void log.splice(0))

const make = (methods: LifecycleMethods & HookMethods, rest: object = {}): PluginClass =>
  definePlugin({ manifest: { name: 'bad', version: '1.0.0' }, ...rest, methods })

const use = '{ timeout_ms: 20, use: { bad: {} } }'

/** Opens a workspace with the plugin, and shows that the engine trains on without it afterwards. */
async function live(bad: PluginClass | string, work?: (bench: Workbench) => Promise<void>) {
  const isFile = typeof bad === 'string'
  const bench = new Workbench({ plugins: [linePlugin, ...(isFile ? [] : [bad])] })
  const files: Record<string, string> = isFile ? { 'plugins/bad.ts': bad } : {}
  await bench.engine.boot({ device: 'cpu' })
  await bench.up(files, lineProject(use, { epochs: 1 }))
  await work?.(bench)
  const info = await bench.plugin('bad')
  await bench.open({}, lineProject('{}', { epochs: 1 }))
  await train(bench)
  return { bench, info }
}

/** A run from its start to a good end. Returns the losses of its steps. */
async function train(bench: Workbench): Promise<number[]> {
  const id = await bench.engine.startRun()
  const isIt = (run: { id: string; state?: string }): boolean => run.id === id
  const ended = await bench.once('run.state', (run) => isIt(run) && run.state === 'ended')
  expect(ended.reason).toBe('finished')
  const points = bench.events('run.metrics').filter(isIt)
  return points.flatMap((feed) => feed.points.flatMap(({ values }) => values['loss'] ?? []))
}

describe('a hostile plugin', () => {
  test('with throwing getters in what it registers', async () => {
    const trap = {
      get priority(): number {
        throw new Error('trap')
      },
    }
    const { info } = await live(
      make({ initialize: (ctx) => void ctx.hook('onEpochEnd', () => {}, trap) }),
    )
    expect(info).toMatchObject({ state: 'failed', error: { message: 'Error: trap' } })
  })

  test('with a getter that throws among its members', async () => {
    const text = pluginFile({ name: 'bad' }, `  get onEpochEnd() { throw new Error('trap') }`)
    const { info } = await live(text)
    expect(info.hooks).toEqual([])
  })

  test('with a proxy as the schema of its config, and in what it emits', async () => {
    const proxy = new Proxy(z.object({}), {
      get: () => {
        throw new Error('trap')
      },
    })
    const { info } = await live(make({}, { config: proxy }))
    expect(info.state).toBe('failed')
    const emitting = await live(
      make({ start: (ctx) => ctx.events.emit('bad.event', new Proxy({}, { ownKeys: () => [] })) }),
    )
    expect(emitting.info.error!.message).toMatch(/not plain/)
  })

  test('that registers after it was cleaned up', async () => {
    const { bench } = await live(
      make({ initialize: (ctx) => void log.push(ctx) }),
      async (running) => {
        for (const step of ['stop', 'cleanup'] as const)
          await running.engine.transition('bad', step)
      },
    )
    const ctx = log[0] as Context
    const late = [
      () => ctx.hook('onEpochEnd', () => {}),
      () => ctx.around('onEpochEnd', (_, next) => next()),
      () => ctx.events.on('*', () => {}),
      () => ctx.events.emit('bad.event'),
      () => ctx.provide('schedule', 'late', () => ({ factor: () => 1 })),
      () => ctx.call('line', 'anything'),
      () => ctx.own(() => {}),
      () => ctx.defineHook('onEpochEnd', { mode: 'each' }),
    ]
    for (const each of late) expect(each).toThrow(/it was cleaned up/)
    expect((await bench.engine.report()).plugins.flatMap(({ hooks }) => hooks)).toEqual([])
  })

  test('that changes the arguments it shares', async () => {
    const losses: number[][] = []
    const { bench } = await live(
      make({
        onBackwardEnd({ gradients }) {
          gradients.clear()
          return undefined
        },
        onEpochBegin(args) {
          args.epoch = 99
        },
      }),
      async (running) => void losses.push(await train(running)),
    )
    expect(bench.events('hook.failed')).toMatchObject([
      { hook: 'onEpochBegin', error: { message: expect.stringContaining('read only') } },
    ])
    // Its emptied map changed nothing: the run without it learns the same.
    await bench.open({}, lineProject('{}', { epochs: 1 }))
    expect(losses[0]).toHaveLength(4)
    expect(await train(bench)).toEqual(losses[0])
  })

  test('with promises that never resolve, in lifecycle and hooks', async () => {
    const never = async (): Promise<void> => await new Promise(() => {})
    const { info } = await live(make({ initialize: never }))
    expect(info).toMatchObject({ state: 'failed', cause: 'timeout' })
    await live(make({ onEpochBegin: never }), async (bench) => {
      await train(bench)
      expect(bench.events('hook.failed')).toMatchObject([
        { hook: 'onEpochBegin', error: { code: 'plugin.timeout' } },
      ])
    })
  })

  test('that logs 10 MB: every line arrives, cut to what the page takes', async () => {
    const { bench } = await live(
      make({
        start(ctx) {
          for (let i = 0; i < 10; i++) ctx.log.info('x'.repeat(2 ** 20))
        },
      }),
    )
    const lines = bench.events('log').filter(({ message }) => message.startsWith('xxx'))
    expect(lines.map(({ message }) => message.length)).toEqual(Array(10).fill(MAX_TEXT))
  })

  test('that answers its own events without end', async () => {
    const { bench } = await live(
      make({
        initialize: (ctx) => void ctx.events.on('bad.ping', () => ctx.events.emit('bad.ping')),
        onEpochBegin() {},
        start: (ctx) => void setTimeout(() => ctx.events.emit('bad.ping')),
      }),
      async (running) => {
        await running.once('error.uncaught')
        await running.engine.transition('bad', 'stop')
      },
    )
    expect(bench.events('error.uncaught')).toMatchObject([{ error: { code: 'hook.recursion' } }])
  })

  test('that calls a hook from inside of itself without end', async () => {
    const { bench } = await live(
      make({
        initialize(ctx) {
          const call = ctx.defineHook('onNoise', { mode: 'each' })
          for (const _ of [1, 2]) ctx.hook('onNoise', (args) => call(args))
          ctx.events.on('go', () => void call({ level: 1 }))
        },
        start: (ctx) => void setTimeout(() => ctx.events.emit('go')),
      }),
      async (running) => void (await running.once('hook.failed')),
    )
    expect(bench.events('hook.failed')).toMatchObject([
      { hook: 'onNoise', error: { code: 'hook.recursion' } },
      { hook: 'onNoise', error: { code: 'hook.recursion' } },
    ])
  })

  test('that waits, without end, for the hook that it handles', async () => {
    const { bench } = await live(
      make({
        initialize(ctx) {
          const call = ctx.defineHook('onNoise', { mode: 'each' })
          ctx.hook('onNoise', async (args) => {
            await Promise.resolve()
            for (const _ of [1, 2]) await call(args)
          })
          ctx.events.on('go', () => void call({ level: 1 }))
        },
        start: (ctx) => void setTimeout(() => ctx.events.emit('go')),
      }),
      async (running) => void (await running.once('hook.failed')),
    )
    expect(bench.events('hook.failed')).toMatchObject([
      {
        plugin: 'bad',
        hook: 'onNoise',
        failures: 1,
        error: {
          code: 'hook.recursion',
          plugin: 'bad',
          hook: 'onNoise',
          message: 'bad has 10000 calls of onNoise that wait for something',
        },
      },
    ])
  })

  test('that waits, without end, for the call that it wraps', async () => {
    const { bench } = await live(
      make({
        initialize(ctx: Context) {
          ctx.around('onPluginCall', async (_, next) => {
            await Promise.resolve()
            await ctx.call('bad', 'work')
            await next()
          })
          ctx.events.on('go', () => void ctx.call('bad', 'work').catch(() => undefined))
        },
        work: () => 1,
        start: (ctx: Context) => void setTimeout(() => ctx.events.emit('go')),
      } as LifecycleMethods),
      async (running) => void (await running.once('method.failed')),
    )
    const errors = bench.events('method.failed').map(({ error }) => error)
    expect(errors[0]).toMatchObject({ code: 'hook.recursion', plugin: 'bad', hook: 'onPluginCall' })
  })
})
