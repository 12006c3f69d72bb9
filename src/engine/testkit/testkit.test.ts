// The author's kit, used as authors use it, with the mistakes it is there to find.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs'
import {
  buildModule,
  Clock,
  constant,
  createRandom,
  definePlugin,
  defineService,
  EventStream,
  init,
  Logger,
  Module,
  parameter,
  plugin,
  type PluginClass,
  z,
} from 'plugboard'
import {
  checkGradientFlow,
  checkGradients,
  createFakeClock,
  createTestBus,
  createTestContainer,
  createTestEngine,
  fn,
  lineExperiment,
  linePlugin,
  measure,
  testPlugin,
} from 'plugboard/testing'
import { beforeAll, describe, expect, test } from 'vitest'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

interface Mailer {
  send(text: string): void
}
const Mailer = defineService<Mailer>('test.mailer')

class Reporter extends plugin({
  manifest: {
    name: 'reporter',
    version: '1.0.0',
    category: 'callback',
    description: 'Mails how a run went',
  },
  config: z.object({ greeting: z.string().default('Hello') }),
  inject: { mailer: Mailer },
}) {
  #sent = 0
  initialize() {
    this.ctx.events.emit('reporter.ready', { greeting: this.config.greeting, at: 1 })
  }
  onTrainEnd() {
    this.report('the run has ended')
  }
  report(text: string): number {
    this.services.mailer.send(`${this.config.greeting}, ${text}`)
    return ++this.#sent
  }
}

class PostOffice extends plugin({
  manifest: { name: 'post_office', version: '1.0.0', category: 'service', description: 'Sends' },
}) {
  initialize() {
    this.ctx.provideService(Mailer, { send: () => this.ctx.log.warn('really sent') })
  }
}

test('[K18] a test drives the lifecycle by hand, in an engine of its own, and asserts each state', async () => {
  const mailer = { send: fn() }
  const options = { plugins: [Reporter], services: [[Mailer, mailer]] as const }
  const engine = await createTestEngine(options)
  const other = await createTestEngine(options)
  expect(engine.state('reporter')).toBe('discovered')
  await expect(engine.step('reporter', 'start')).rejects.toMatchObject({
    code: 'lifecycle.transition',
  })
  for (const [step, state] of [
    ['validate', 'validated'],
    ['load', 'loaded'],
    ['initialize', 'initialized'],
    ['start', 'running'],
  ] as const) {
    await engine.step('reporter', step)
    expect(engine.state('reporter')).toBe(state)
  }
  expect(engine.instance<Reporter>('reporter').report('all is well')).toBe(1)
  expect(mailer.send).toHaveBeenCalledWith('Hello, all is well')
  await engine.step('reporter', 'stop')
  expect(engine.state('reporter')).toBe('stopped')
  await engine.step('reporter', 'cleanup')
  expect(engine.state('reporter')).toBe('cleaned')
  expect(() => engine.instance('reporter')).toThrow('reporter is cleaned and has no object')
  expect(other.state('reporter')).toBe('discovered')
  expect(other.events.all('plugin.state')).toEqual([])
})

test('[K19] a service is replaced, also one that a plugin offers, and asserted to be called', async () => {
  const send = fn()
  const engine = await createTestEngine({
    plugins: [PostOffice, Reporter],
    config: { plugins: { use: { reporter: { config: { greeting: 'Hi' } } } } },
    services: [[Mailer, { send }]],
  })
  await engine.up()
  engine.instance<Reporter>('reporter').report('done')
  expect(await engine.call('reporter', 'report', 'again')).toBe(2)
  expect(send.mock.calls).toEqual([['Hi, done'], ['Hi, again']])
  engine.events.assertNotEmitted('log')
})

test('[K19] what is missing without a replacement is told, with the state it leaves', async () => {
  const engine = await createTestEngine({ plugins: [Reporter] })
  await expect(engine.up()).rejects.toThrow('reporter asks for the service test.mailer')
  expect(engine.state('reporter')).toBe('failed')
})

describe('[P19] the kit', () => {
  test('asserts emitted events, by type, pattern and part of their data', async () => {
    const engine = await createTestEngine({
      plugins: [Reporter],
      services: [[Mailer, { send: fn() }]],
    })
    await engine.up()
    const { events } = engine
    expect(events.assertEmitted('reporter.ready', { greeting: 'Hello' })).toMatchObject({
      plugin: 'reporter',
      data: { at: 1 },
    })
    events.assertEmitted('plugin.state', { name: 'reporter', state: 'running' })
    events.assertEmitted('reporter.*')
    events.assertNotEmitted('reporter.gone')
    expect(() => events.assertEmitted('reporter.gone')).toThrow(
      /no event `reporter.gone` was emitted; there were .*reporter.ready/,
    )
    expect(() => events.assertEmitted('reporter.ready', { greeting: 'Bye' })).toThrow(
      'none of the 1 events `reporter.ready` has the data expected',
    )
    expect(() => events.assertNotEmitted('reporter.*')).toThrow('`reporter.ready` was emitted')
    expect(events.data('plugin.state').map(({ state }) => state)).toEqual([
      'validated',
      'loaded',
      'initialized',
      'running',
    ])
    events.clear()
    expect(events.all()).toEqual([])
    const stopped = events.once('plugin.state', ({ data }) => Object(data).state === 'stopped')
    await engine.down()
    expect((await stopped).data).toMatchObject({ name: 'reporter' })
  })

  test('has a bus to hand to what takes one: copies, patterns, order, failures', () => {
    const bus = createTestBus({ now: () => 7 })
    const seen: unknown[] = []
    const off = bus.on('head.*', ({ type }) => seen.push(type))
    const data = { n: 1 }
    bus.emit('head.begin', data)
    data.n = 2
    bus.emit('tail', data)
    off()
    bus.emit('head.end')
    expect(seen).toEqual(['head.begin'])
    expect(bus.log.assertEmitted('head.begin', { n: 1 }).time).toBe(7)
    expect(bus.log.all().map(({ seq }) => seq)).toEqual([1, 2, 3])
    bus.on('bad', () => {
      throw new Error('in a handler')
    })
    expect(() => bus.emit('bad')).toThrow('in a handler')
  })

  test('has a container: core services, replacements, classes wired by it', async () => {
    class Digest {
      static inject = { mailer: Mailer, log: Logger, events: EventStream }
      constructor(readonly services: { mailer: Mailer; log: Logger; events: EventStream }) {}
    }
    const mailer = { send: fn() }
    const container = await createTestContainer({ services: [[Mailer, mailer]] })
    const digest = container.autoWire(Digest)
    digest.services.mailer.send('x')
    digest.services.events.emit('digest.sent', { to: 1 })
    digest.services.log.info('sent')
    expect(mailer.send).toHaveBeenCalledTimes(1)
    container.events.assertEmitted('digest.sent', { to: 1 })
    container.events.assertEmitted('log', { message: 'sent' })
    const Extra = defineService<number>('test.extra')
    expect(() => container.resolve(Extra)).toThrow('test.extra')
    container.provide(Extra, () => 3)
    expect(container.resolve(Extra)).toBe(3)
    await container.down()
  })

  test('has a clock that stands still until it is moved', async () => {
    const clock = createFakeClock(1000)
    const woken: number[] = []
    class Sleeper extends plugin({
      manifest: { name: 'sleeper', version: '1.0.0' },
      inject: { clock: Clock },
    }) {
      start() {
        void this.services.clock.sleep(50).then(async () => {
          woken.push(this.services.clock.now())
          await this.services.clock.sleep(50)
          woken.push(this.services.clock.now())
        })
      }
    }
    const engine = await createTestEngine({ plugins: [Sleeper], clock })
    await engine.up()
    expect(engine.events.all('plugin.state')[0]!.time).toBe(1000)
    await clock.advance(49)
    expect(woken).toEqual([])
    await clock.advance(100)
    expect(woken).toEqual([1050, 1100])
    expect(clock.now()).toBe(1149)
    const begun = Promise.resolve().then(() => clock.sleep(5))
    await clock.advance(5)
    await begun
    const stop = new AbortController()
    const slept = clock.sleep(10, stop.signal)
    stop.abort('enough')
    await expect(slept).rejects.toBe('enough')
    await clock.advance(100)
  })

  test('gives plugins files, and says which one is not there', async () => {
    class Reader extends plugin({ manifest: { name: 'reader', version: '1.0.0' } }) {
      async read(path: string): Promise<string> {
        return new TextDecoder().decode(await this.ctx.asset(path))
      }
    }
    const engine = await createTestEngine({ plugins: [Reader], assets: { 'data/a.txt': 'abc' } })
    await engine.up()
    const reader = engine.instance<Reader>('reader')
    expect(await reader.read('data/a.txt')).toBe('abc')
    await expect(reader.read('data/b.txt')).rejects.toThrow('data/b.txt')
  })
})

/** y = x · w, with mistakes to be found. */
class Scaled extends Module<tf.Tensor, tf.Tensor> {
  weight = parameter([2, 2], init.normal(1))
  unused = parameter([3], init.ones())
  readonly isWrong: boolean
  constructor(isWrong = false) {
    super()
    this.isWrong = isWrong
  }
  forward(x: tf.Tensor): tf.Tensor {
    const product = tf.customGrad((...args: unknown[]) => {
      const [input, weight] = args as [tf.Tensor, tf.Tensor]
      const factor = this.isWrong ? 2 : 1
      return {
        value: input.matMul(weight),
        gradFunc: (dy: tf.Tensor) => [
          dy.matMul(weight, false, true),
          input.matMul(dy, true).mul(factor),
        ],
      }
    })
    return product(x, this.weight).tanh()
  }
}

class Frozen extends Module<tf.Tensor, tf.Tensor> {
  gate = parameter([2], init.zeros())
  zero = constant([2], new Float32Array(2))
  weight = parameter([2], init.ones())
  forward(x: tf.Tensor): tf.Tensor {
    return x.mul(this.weight).add(this.gate.mul(this.zero))
  }
}

const build = <M extends Module<never, unknown>>(make: () => M): M =>
  buildModule(createRandom(3), make)

describe('[P20] gradients', () => {
  const x = () => tf.tensor2d([0.1, -0.4, 0.5, 0.9], [2, 2])

  test('that are right pass, and leave the parameters and no tensors', () => {
    const module = build(() => new Scaled())
    const before = module.weight.dataSync().slice()
    const input = x()
    const { numTensors } = tf.memory()
    expect(checkGradients(module, input)).toBe(4 + 3)
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(module.weight.dataSync()).toEqual(before)
  })

  test('that are wrong are named, with the slope', () => {
    expect(() =>
      checkGradients(
        build(() => new Scaled(true)),
        x(),
      ),
    ).toThrow(
      /4 of 7 gradients are not the slope:\nweight\[\d\]: gradient -?[\d.]+, slope -?[\d.]+/,
    )
  })

  test('flow to every parameter, unless it is exempted by name', () => {
    const module = build(() => new Scaled())
    expect(() => checkGradientFlow(module, x())).toThrow('unused: not connected to the loss')
    checkGradientFlow(module, x(), { except: ['unused'] })
    expect(() => checkGradientFlow(module, x(), { except: ['unused', 'gone.*'] })).toThrow(
      'gone.*: exempted, but there is no such parameter',
    )
    const frozen = build(() => new Frozen())
    expect(() => checkGradientFlow(frozen, x())).toThrow('gate: its gradient is zero everywhere')
    expect(() => checkGradientFlow(frozen, tf.tensor2d([[NaN, 1]]))).toThrow(
      'weight: its gradient is not finite',
    )
  })
})

test('[P21] a method of a plugin is measured: average time, what it holds and what it leaves', async () => {
  class Holder extends plugin({ manifest: { name: 'holder', version: '1.0.0' } }) {
    calls = 0
    work(): tf.Tensor {
      this.calls++
      const big = tf.zeros([1000])
      const doubled = big.mul(2)
      big.dispose()
      return doubled
    }
  }
  const engine = await createTestEngine({ plugins: [Holder] })
  await engine.up()
  const holder = engine.instance<Holder>('holder')
  const leaky = await measure(() => holder.work(), { times: 20, warmUp: 3 })
  expect(holder.calls).toBe(24)
  expect(leaky).toMatchObject({ times: 20, leftTensors: 1, leftBytes: 4000 })
  expect(leaky.peakBytes).toBeGreaterThanOrEqual(8000)
  expect(leaky.averageMs).toBeGreaterThan(0)
  expect(leaky.worstMs).toBeGreaterThanOrEqual(leaky.averageMs)
  const clean = await measure(async () => {
    const result = await Promise.resolve(holder.work())
    result.dispose()
  })
  expect(clean).toMatchObject({ leftTensors: 0, leftBytes: 0 })
  await expect(measure(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

test('[F13] a plugin is tested inside of the whole, with an experiment of one epoch on tiny data', async () => {
  const send = fn()
  const engine = await createTestEngine({
    plugins: [linePlugin, Reporter],
    config: { experiment: lineExperiment({ training: { metrics: [] } }) },
    services: [[Mailer, { send }]],
  })
  const { reason, steps, metrics } = await engine.run()
  expect([reason, steps]).toEqual(['finished', 4])
  expect(metrics['loss']).toBeGreaterThan(0)
  expect(metrics).toHaveProperty('val_loss')
  expect(send.mock.calls).toEqual([['Hello, the run has ended']])
  engine.events.assertEmitted('run.begin', { totalSteps: 4, trainRows: 32 })
  await engine.down()
  expect(engine.state('reporter')).toBe('cleaned')
})

test('[F13] an experiment that fails is thrown', async () => {
  const engine = await createTestEngine({
    plugins: [linePlugin],
    config: { experiment: lineExperiment({ dataset: 'lines' }) },
  })
  await expect(engine.run()).rejects.toThrow('there is no dataset `lines`')
})

describe('testPlugin', () => {
  const manifest = { name: 'it', version: '1.0.0', category: 'callback', description: 'Tested' }

  test('takes what conforms', async () => {
    await expect(testPlugin(linePlugin)).resolves.toBeUndefined()
    const tested = testPlugin(Reporter, { plugins: [PostOffice], config: { greeting: 'Hi' } })
    await expect(tested).resolves.toBeUndefined()
  })

  test.each<[string, PluginClass, RegExp]>([
    [
      'a manifest that says nothing',
      definePlugin({ manifest: { name: 'it', version: '1.0.0' }, methods: {} }),
      /manifest.description is empty/,
    ],
    [
      'a config without defaults',
      definePlugin({ manifest, config: z.object({ rate: z.number() }), methods: {} }),
      /rate/,
    ],
    [
      'tensors that stay',
      definePlugin({ manifest, methods: { start: () => void tf.zeros([1]) } }),
      /it leaves 1 tensors after cleanup/,
    ],
    [
      'an async handler inside of a step',
      definePlugin({ manifest, methods: { onStepEnd: async () => {} } }),
      /onStepEnd is async/,
    ],
    [
      'a promise that is not kept',
      definePlugin({
        manifest: { ...manifest, provides: ['schedule/a', 'schedule/b'] },
        methods: {
          initialize: (ctx) => void ctx.provide('schedule', 'a', () => ({ factor: () => 1 })),
        },
      }),
      /provides has schedule\/b, which it does not provide/,
    ],
    [
      'state that is lost on the way',
      class extends plugin({ manifest }) {
        count = 1
        capture() {
          return { count: this.count }
        }
        restore() {
          this.count = 0
        }
      },
      /restore\(\) takes over is not what capture\(\) gives/,
    ],
    [
      'state that cannot be cloned',
      definePlugin({ manifest, methods: { capture: () => ({ call: () => 1 }) } }),
      /could not be cloned/,
    ],
    [
      'a throw while it comes up the second time',
      (() => {
        let count = 0
        return definePlugin({
          manifest,
          methods: {
            start() {
              if (++count === 2) throw new Error('not twice')
            },
          },
        })
      })(),
      /not twice/,
    ],
  ])('finds %s', async (_, Plugin, message) => {
    await expect(testPlugin(Plugin)).rejects.toThrow(message)
  })
})
