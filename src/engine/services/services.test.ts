// Core services, lifetimes, auto-wiring, artefacts, metrics and replaced services, as plugins meet them.
import { expect, expectTypeOf, test } from 'vitest'
import {
  Artefacts,
  Clock,
  definePlugin,
  defineService,
  DeviceInfo,
  EventStream,
  type LifecycleMethods,
  Logger,
  MetricsCollector,
  plugin,
  type PluginClass,
  Random,
} from '#sdk'
import type { ServiceReplacements } from './index.ts'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { Workbench } from '../testing/workbench.ts'

const make = (name: string, methods: LifecycleMethods): PluginClass =>
  definePlugin({ manifest: { name, version: '1.0.0' }, methods })

async function up(plugins: PluginClass[], services: ServiceReplacements = []) {
  const bench = new Workbench({ plugins, services })
  await bench.engine.boot({ device: 'cpu' })
  const names = plugins.map((_, i) => `p${i}: {}`)
  await bench.up({}, `plugins: { use: { ${names.join(', ')} } }`)
  return bench
}

test('[P14] every plugin has the core services: bus, logger, metrics, clock, random, device, artefacts', async () => {
  let seen: unknown[] = []
  const bench = await up([
    make('p0', {
      initialize(ctx) {
        seen = [
          ctx.resolve(EventStream) === ctx.events,
          ctx.resolve(Logger) === ctx.log,
          ctx.resolve(Random) === ctx.random,
          ctx.resolve(DeviceInfo).backend,
          Math.abs(ctx.resolve(Clock).now() - Date.now()) < 60_000,
        ]
        ctx.resolve(Logger).info('by service')
        ctx.resolve(MetricsCollector).record('rows', 3)
        ctx.resolve(Artefacts).put('a.txt', 'text')
      },
    }),
    make('p1', { initialize: (ctx) => void ctx.provideService(Clock, {} as Clock) }),
  ])
  expect(seen).toEqual([true, true, true, 'cpu', true])
  expect(bench.events('log')[0]!.message).toBe('by service')
  expect((await bench.plugin('p1')).error).toMatchObject({
    code: 'service.duplicate',
    message: expect.stringContaining('the engine provides already'),
  })
})

test('[P16] timers and counts of a plugin are shown with it', async () => {
  const bench = await up([
    make('p0', {
      async start(ctx) {
        const metrics = ctx.resolve(MetricsCollector)
        for (const rows of [2, 5]) {
          const stop = metrics.timer('load')
          await ctx.resolve(Clock).sleep(2)
          expect(stop()).toBe(stop())
          metrics.record('rows', rows)
        }
        expect(() => metrics.record('load', 1)).toThrow(/no finite number under a name of its own/)
        expect(() => metrics.record('rows', NaN)).toThrow(/NaN/)
      },
    }),
    make('p1', {}),
  ])
  const [load, rows] = (await bench.plugin('p0')).metrics
  expect(load).toMatchObject({ name: 'load', unit: 'ms', count: 2 })
  expect(load!.min).toBeGreaterThan(0)
  expect(load!.total).toBeGreaterThanOrEqual(load!.min + load!.max)
  expect(rows).toEqual({ name: 'rows', unit: '', count: 2, total: 7, min: 2, max: 5 })
  expect((await bench.plugin('p1')).metrics).toEqual([])
})

test('[P15] services are injected by a field declared once, or asked for in the constructor', async () => {
  const seen: unknown[] = []
  class Fields extends plugin({
    manifest: { name: 'p0', version: '1.0.0' },
    inject: { clock: Clock, artefacts: Artefacts },
  }) {
    readonly log = this.ctx.resolve(Logger)
    initialize() {
      expectTypeOf(this.services.clock).toEqualTypeOf<Clock>()
      expectTypeOf(this.services.artefacts).toEqualTypeOf<Artefacts>()
      seen.push(typeof this.services.clock.now(), this.log === this.ctx.log)
    }
  }
  await up([Fields])
  expect(seen).toEqual(['number', true])
})

test('[K16] a class is built from its static `inject`; a circle is told as a path', async () => {
  interface Greeter {
    greet(): string
  }
  const Greeter = defineService<Greeter>('acme.greeter')
  const Left = defineService<object>('acme.left')
  const Right = defineService<object>('acme.right')
  class Polite implements Greeter {
    static readonly inject = { random: Random }
    readonly #random: Random
    constructor({ random }: { random: Random }) {
      this.#random = random
    }
    greet() {
      return `hello ${typeof this.#random.next()}`
    }
  }
  class Hall {
    static readonly inject = { greeter: Greeter, clock: Clock }
    readonly text: string
    constructor({ greeter }: { greeter: Greeter; clock: Clock }) {
      this.text = greeter.greet()
    }
  }
  class Lefty {
    static readonly inject = { other: Right }
  }
  class Righty {
    static readonly inject = { other: Left }
  }
  let text = ''
  const bench = await up([
    make('p0', { initialize: (ctx) => void ctx.provideService(Greeter, Polite) }),
    make('p1', {
      initialize(ctx) {
        const hall = ctx.autoWire(Hall)
        expectTypeOf(hall).toEqualTypeOf<Hall>()
        text = hall.text
      },
    }),
    make('p2', {
      initialize(ctx) {
        ctx.provideService(Left, Lefty)
        ctx.provideService(Right, Righty)
        ctx.resolve(Left)
      },
    }),
  ])
  expect(text).toBe('hello number')
  expect((await bench.plugin('p2')).error).toMatchObject({
    code: 'service.cycle',
    message: 'services need each other in a circle: acme.left → acme.right → acme.left',
  })
})

test('[K15] a service of the lifetime of a run is made for each run, and disposed with it', async () => {
  const Cache = defineService<{ id: number }>('acme.cache')
  const log: unknown[] = []
  let made = 0
  const bench = new Workbench({
    plugins: [
      linePlugin,
      definePlugin({
        manifest: { name: 'p0', version: '1.0.0' },
        methods: {
          initialize(ctx) {
            const make = () => {
              const id = ++made
              return { id, dispose: () => void log.push(`gone ${id}`) }
            }
            ctx.provideService(Cache, make, { lifetime: 'run' })
            expect(() => ctx.resolve(Cache)).toThrow(/but there is no run/)
          },
          onTrainBegin() {
            log.push(this.ctx.resolve(Cache).id, this.ctx.resolve(Cache).id)
          },
        },
      }),
    ],
  })
  const project = lineProject('{ use: { p0: {} } }', { epochs: 1 })
  await bench.train({}, project)
  await bench.engine.startRun()
  await bench.once('run.state', ({ state, id }) => state === 'ended' && id.endsWith('-2'))
  await bench.engine.report()
  expect(log).toEqual([1, 1, 'gone 1', 2, 2, 'gone 2'])
  expect(bench.events('service.provided')).toEqual([{ name: 'acme.cache', lifetime: 'run' }])
})

test('equal runs draw equal random numbers, whatever was drawn before', async () => {
  const drawn: number[] = []
  const plugins = [
    linePlugin,
    definePlugin({
      manifest: { name: 'p0', version: '1.0.0' },
      methods: {
        initialize(ctx) {
          drawn.push(ctx.random.next())
        },
        onEpochBegin() {
          drawn.push(this.ctx.random.next())
        },
      },
    }),
  ]
  const bench = new Workbench({ plugins })
  const project = (seed: number) => lineProject('{ use: { p0: {} } }', { more: `  seed: ${seed}` })
  await bench.train({}, project(1))
  for (const [run, seed] of [1, 2, 1].entries()) {
    await bench.open({}, project(seed))
    await bench.engine.startRun()
    await bench.once(
      'run.state',
      ({ state, id }) => state === 'ended' && id.endsWith(`-${run + 2}`),
    )
  }
  const [setUp, ...runs] = drawn
  const [first, again, other, once] = [0, 2, 4, 6].map((at) => runs.slice(at, at + 2))
  expect(again).toEqual(first)
  expect(once).toEqual(first)
  expect(other).not.toEqual(first)
  expect(first).not.toContain(setUp)
})

test('services of a run that are slow to go are not those of the next run', async () => {
  const Quick = defineService<{ id: number }>('acme.quick')
  const Slow = defineService<object>('acme.slow')
  const seen: number[] = []
  let made = 0
  let release: () => void = () => undefined
  const bench = new Workbench({
    plugins: [
      linePlugin,
      definePlugin({
        manifest: { name: 'p0', version: '1.0.0' },
        methods: {
          initialize(ctx) {
            const dispose = () => new Promise<void>((resolve) => void (release = resolve))
            ctx.provideService(Quick, () => ({ id: ++made }), { lifetime: 'run' })
            ctx.provideService(Slow, () => ({ dispose }), { lifetime: 'run' })
          },
          onTrainBegin() {
            this.ctx.resolve(Slow)
            seen.push(this.ctx.resolve(Quick).id)
          },
        },
      }),
    ],
  })
  await bench.train({}, lineProject('{ use: { p0: {} } }', { epochs: 1 }))
  await bench.engine.startRun()
  await bench.once('run.state', ({ state, id }) => state === 'ended' && id.endsWith('-2'))
  release()
  expect(seen).toEqual([1, 2])
})

test('a wrong lifetime, and what is no key, are refused', async () => {
  const Cache = defineService<object>('acme.cache')
  const messages: string[] = []
  const attempt = (work: () => unknown): void => {
    try {
      work()
    } catch (thrown) {
      messages.push((thrown as Error).message)
    }
  }
  await up([
    make('p0', {
      initialize(ctx) {
        attempt(() => ctx.provideService(Cache, () => ({}), { lifetime: 'forever' as 'run' }))
        attempt(() => ctx.resolve('acme.cache' as never))
        attempt(() => ctx.resolve(undefined as never))
        attempt(() => ctx.provideService(defineService('x'.repeat(1000)), () => ({})))
      },
    }),
  ])
  expect(messages).toEqual([
    'p0 provides acme.cache with the lifetime forever, which is none',
    'p0 names a service by a value of type string',
    'p0 names a service by a value of type undefined',
    expect.stringMatching(/^p0 names a service by a key of 1000 characters, where 1 to \d+ are/),
  ])
})

test('[P22] what a factory made is disposed with its plugin', async () => {
  const Pool = defineService<object>('acme.pool')
  const log: string[] = []
  const bench = await up([
    make('p0', {
      initialize(ctx) {
        ctx.own(() => void log.push('owned first'))
        ctx.provideService(Pool, () => ({ dispose: async () => void log.push('pool') }))
        ctx.resolve(Pool)
        ctx.own(() => void log.push('owned last'))
      },
    }),
  ])
  for (const step of ['stop', 'cleanup'] as const) await bench.engine.transition('p0', step)
  expect(log).toEqual(['owned last', 'pool', 'owned first'])
  expect(bench.events('service.removed')).toEqual([{ name: 'acme.pool' }])
})

test('[K19] a host puts services of its own in place of any, core ones included', async () => {
  const Mail = defineService<{ send(text: string): void }>('acme.mail')
  const sent: string[] = []
  const times: number[] = []
  const stopped: Clock = { now: () => 42, sleep: async () => {} }
  await up(
    [
      make('p0', {
        initialize: (ctx) => void ctx.provideService(Mail, { send: () => void sent.push('real') }),
      }),
      make('p1', {
        initialize(ctx) {
          ctx.resolve(Mail).send('hello')
          times.push(ctx.resolve(Clock).now())
        },
      }),
    ],
    [
      [Mail, { send: (text: string) => void sent.push(text) }],
      [Clock, stopped],
    ],
  )
  expect([sent, times]).toEqual([['hello'], [42]])
})

test('[A17] artefacts are written, added to, read by the page; a name belongs to who took it', async () => {
  const bench = await up([
    make('p0', {
      start(ctx) {
        const artefacts = ctx.resolve(Artefacts)
        artefacts.append('logs/run.jsonl', '{"a":1}\n', { type: 'application/jsonl' })
        artefacts.append('logs/run.jsonl', '{"a":2}\n')
        artefacts.put('old.bin', new Uint8Array(5))
        artefacts.put('old.bin', new Uint8Array([7]))
        artefacts.put('gone.txt', 'x')
        artefacts.remove('gone.txt')
        for (const name of ['../up.txt', '', '/abs', 'a//b'])
          expect(() => artefacts.put(name, '')).toThrow(/is not a name/)
        expect(() => artefacts.put('big.bin', new Uint8Array(2 ** 26))).toThrow(/over 67108864/)
        expect(() => artefacts.put('odd.txt', 5 as never)).toThrow(/number as its content/)
      },
    }),
    make('p1', { start: (ctx) => void ctx.resolve(Artefacts).put('old.bin', 'mine') }),
  ])
  const read = async (name: string) => await bench.engine.artefact(name)
  expect(new TextDecoder().decode((await read('logs/run.jsonl'))!)).toBe('{"a":1}\n{"a":2}\n')
  expect(await read('old.bin')).toEqual(new Uint8Array([7]))
  expect(await read('gone.txt')).toBeNull()
  expect(bench.events('artefact.saved')[1]).toEqual({
    name: 'logs/run.jsonl',
    type: 'application/jsonl',
    sizeBytes: 16,
  })
  expect((await bench.plugin('p1')).error).toMatchObject({
    code: 'artefact.invalid',
    message: 'the artefact `old.bin` of p1 belongs to p0',
  })
})
