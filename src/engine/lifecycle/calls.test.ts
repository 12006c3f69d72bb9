// Methods of plugins, run from outside and by each other.
import { afterEach, expect, test } from 'vitest'
import { pluginFile, Workbench } from '../testing/workbench.ts'

const adder = pluginFile(
  { name: 'adder' },
  `  #sum = 0
  async add(...numbers) {
    for (const n of numbers) this.#sum += n
    return { sum: this.#sum }
  }
  fail() {
    throw new Error('no')
  }
  slow() {
    return new Promise((resolve) => setTimeout(() => resolve('late'), 20))
  }
  stop() { this.ctx.log.info('stop') }`,
)
const guard = pluginFile(
  { name: 'guard', requires: { 'plugin:adder': '*' } },
  `  async onPluginCall({ plugin, method, args }, next) {
    this.ctx.log.info('before ' + plugin + '.' + method + ' ' + args.join())
    if (args.includes(13)) throw new Error('unlucky')
    const result = await next()
    this.ctx.log.info('after ' + JSON.stringify(result))
    return method === 'add' ? { ...result, isChecked: true } : undefined
  }
  ask(n) { return this.ctx.call('adder', 'add', n) }`,
)

let bench: Workbench
const messages = (): string[] => bench.events('log').map(({ message }) => message)
const open = async () => {
  bench = new Workbench()
  await bench.up({ 'plugins/adder.ts': adder, 'plugins/guard.ts': guard })
}
afterEach(async () => {
  await bench.engine.report()
})

test('[P12] any method runs with hooks before and after, a timer and an event', async () => {
  await open()
  expect(await bench.engine.call('adder', 'add', 1, 2)).toEqual({ sum: 3, isChecked: true })
  expect(messages()).toEqual(['before adder.add 1,2', 'after {"sum":3}'])
  expect(bench.events('method.called')).toMatchObject([
    { plugin: 'adder', method: 'add', durationMs: expect.any(Number) },
  ])
  expect((await bench.plugin('adder')).metrics).toMatchObject([
    { name: 'call add', unit: 'ms', count: 1 },
  ])
})

test('[P12] a plugin calls another; the event says who asked', async () => {
  await open()
  // Wrappers of the plugin that is called stay out: `guard` wraps calls of others only.
  expect(await bench.engine.call('guard', 'ask', 5)).toEqual({ sum: 5, isChecked: true })
  expect(bench.events('method.called').map(({ plugin, by }) => [plugin, by])).toEqual([
    ['adder', 'guard'],
    ['guard', undefined],
  ])
})

test('[P12] failures are errors at their line, and events; a wrapper may refuse', async () => {
  await open()
  const line = adder.split('\n').findIndex((text) => text.includes("Error('no')")) + 1
  const error = {
    plugin: 'adder',
    stage: 'call fail',
    message: 'Error: no',
    source: { file: 'plugins/adder.ts', line },
  }
  await expect(bench.engine.call('adder', 'fail')).rejects.toMatchObject(error)
  expect(bench.events('method.failed')).toMatchObject([{ plugin: 'adder', method: 'fail', error }])
  const refused = bench.engine.call('adder', 'add', 13)
  await expect(refused).rejects.toMatchObject({ code: 'hook.threw', plugin: 'guard' })
  expect(await bench.engine.call('adder', 'add', 0)).toMatchObject({ sum: 0 })
})

test.each([
  ['a method that is not there', 'ad', 'method.unknown'],
  ['one of the lifecycle', 'cleanup', 'method.unknown'],
  ['the constructor', 'constructor', 'method.unknown'],
  ['one of all objects', 'toString', 'method.unknown'],
])('%s is refused', async (_, method, code) => {
  await open()
  await expect(bench.engine.call('adder', method)).rejects.toMatchObject({ code, plugin: 'adder' })
})

test('[P18] a plugin stops when its calls have ended; stopped, it takes none', async () => {
  await open()
  const call = bench.engine.call('adder', 'slow')
  await bench.engine.transition('guard', 'stop')
  const stopped = bench.engine.transition('adder', 'stop').then(() => messages().at(-1))
  expect(await call).toBe('late')
  expect(await stopped).toBe('stop')
  const order = bench.records.filter(
    ({ type, data }) =>
      type === 'method.called' || (data as { message?: string }).message === 'stop',
  )
  expect(order.map(({ type }) => type)).toEqual(['method.called', 'log'])
  await expect(bench.engine.call('adder', 'slow')).rejects.toMatchObject({
    code: 'lifecycle.transition',
  })
})
