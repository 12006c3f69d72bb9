// The engine as a whole: the stream of events, runs, the device, files, errors.
import { describe, expect, test } from 'vitest'
import { definePlugin, type PluginClass } from '#sdk'
import { linePlugin, lineProject } from './testing/line-plugin.ts'
import { pluginFile, Workbench } from './testing/workbench.ts'

declare module '#sdk' {
  interface Events {
    'tally.counted': { count: number }
    'tally.ended': undefined
  }
}

const make = (name: string, methods: Parameters<typeof definePlugin>[0]['methods']): PluginClass =>
  definePlugin({ manifest: { name, version: '1.0.0' }, methods })

describe('[P02] the event stream', () => {
  test('numbers events without gaps, in order of time, whatever happens', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await bench.train(
      { 'plugins/bad.ts': pluginFile({ name: 'bad' }, `  onEpochEnd() { throw new Error('x') }`) },
      lineProject(),
    )
    expect(bench.records.map(({ seq }) => seq)).toEqual(bench.records.map((_, i) => i + 1))
    expect(bench.records.map(({ time }) => time)).toEqual(
      bench.records.map(({ time }) => time).toSorted((a, b) => a - b),
    )
  })

  test('plugins subscribe by pattern, from start to stop, and see one order; handlers are isolated', async () => {
    const seen: string[] = []
    let undo: () => void = () => {}
    const listener = make('listener', {
      initialize(ctx) {
        ctx.events.on('sender.*', ({ type, plugin, data }) => {
          seen.push(`${plugin} ${type} ${JSON.stringify(data)}`)
          if (type === 'sender.first') ctx.events.emit('listener.answer')
        })
        undo = ctx.events.on('listener.answer', ({ type }) => void seen.push(type))
        ctx.events.on('*', ({ type }) => void (type === 'sender.third' && seen.push('star')))
      },
    })
    const bad = make('bad', {
      initialize: (ctx) =>
        void ctx.events.on('sender.*', () => {
          throw new Error('a bad subscriber')
        }),
    })
    const data = { n: 1 }
    const sender = make('sender', {
      initialize: (ctx) => ctx.events.emit('sender.before_start'),
      start(ctx) {
        ctx.events.emit('sender.first', data)
        data.n = 2
        ctx.events.emit('sender.second')
        undo()
        ctx.events.emit('listener.answer')
        ctx.events.emit('sender.third')
      },
    })
    const bench = new Workbench({ plugins: [bad, listener, sender] })
    await bench.up({}, 'plugins: { use: { bad: {}, listener: {}, sender: {} } }')
    expect(seen).toEqual([
      'sender sender.first {"n":1}',
      'listener.answer',
      'sender sender.second undefined',
      'sender sender.third undefined',
      'star',
    ])
    expect(bench.records.find(({ type }) => type === 'sender.first')!.data).toEqual({ n: 1 })
    // The bad subscriber failed three times in a row.
    expect(
      bench.events('hook.failed').map(({ hook, isQuarantined }) => [hook, isQuarantined]),
    ).toEqual([
      ['event sender.*', false],
      ['event sender.*', false],
      ['event sender.*', true],
    ])
    expect((await bench.plugin('bad')).cause).toBe('quarantined')
  })

  test('what a subscriber does to the data of an event nobody else sees', async () => {
    type Data = { rows: number[]; bytes: Uint8Array; deep: { n: number } }
    const seen: Data[] = []
    const spoil = definePlugin({
      manifest: { name: 'spoil', version: '1.0.0' },
      methods: {
        start(ctx) {
          const change = ({ data }: { data: unknown }): void => {
            const { rows, bytes, deep } = data as Data
            rows.push(9)
            bytes.fill(9)
            deep.n = 9
          }
          ctx.events.on('sender.*', change)
          ctx.events.on('plugin.discovered', ({ data }) => {
            ;(data as { manifest: { name: string } }).manifest.name = 'spoilt'
          })
          ctx.events.on('sender.*', (event) => {
            seen.push(event.data as Data)
            // A copy of the whole event has the data too.
            seen.push({ ...event }.data as Data, structuredClone(event).data as Data)
            ctx.events.recent('sender.*').forEach(change)
          })
        },
      },
    })
    const bench = new Workbench({ plugins: [spoil, make('sender', {})] })
    await bench.up({}, 'plugins: { use: { spoil: {} } }')
    const data = (): Data => ({ rows: [1], bytes: Uint8Array.of(1), deep: { n: 1 } })
    bench.engine.events.publish('sender.said', data(), 'sender')
    expect(seen).toEqual([data(), data(), data()])
    expect(bench.records.findLast(({ type }) => type === 'sender.said')!.data).toEqual(data())
    await bench.open({}, 'plugins: { use: { spoil: {}, sender: {} } }')
    expect((await bench.plugin('sender')).manifest.name).toBe('sender')
  })

  test("types of a plugin's own events hold where they are emitted and heard", async () => {
    const seen: number[] = []
    const tally = make('tally', {
      start(ctx) {
        ctx.events.on('tally.counted', ({ data }) => void seen.push(data.count))
        // @ts-expect-error -- it has no such data
        ctx.events.on('tally.counted', ({ data }) => void data.sum)
        ctx.events.on('tally.*', ({ data }) => void (data satisfies unknown))
        ctx.events.emit('tally.counted', { count: 2 })
        // @ts-expect-error -- the count is missing
        ctx.events.emit('tally.counted', {})
        // @ts-expect-error -- the data is missing
        ctx.events.emit('tally.counted')
        ctx.events.emit('tally.ended')
        ctx.events.emit('tally.unknown', { any: 1 })
      },
    })
    const bench = new Workbench({ plugins: [tally] })
    await bench.up({}, 'plugins: { use: { tally: {} } }')
    expect(bench.records.filter(({ plugin }) => plugin === 'tally')).toHaveLength(5)
    // Handlers hear from the end of start on.
    bench.engine.events.publish('tally.counted', { count: 3 }, 'tally')
    expect(seen).toEqual([3])
  })

  test('the host subscribes too, and can look back', async () => {
    const bench = new Workbench({ plugins: [make('a', {})] })
    const seen: string[] = []
    const off = bench.engine.events.on('plugin.*', ({ type }) => {
      seen.push(type)
      if (seen.length === 1) throw new Error('in the host')
    })
    await bench.up({}, 'plugins: { use: { a: {} } }')
    off()
    await bench.engine.transition('a', 'stop')
    expect(seen).toEqual(['plugin.discovered', ...Array<string>(4).fill('plugin.state')])
    expect(bench.events('error.uncaught')).toMatchObject([
      { error: { message: 'Error: in the host' } },
    ])
    expect(
      bench.engine.events
        .recent('plugin.state')
        .map(({ data }) => (data as { state: string }).state)
        .at(-1),
    ).toBe('stopped')
  })

  test("built-in types are the engine's; data must be plain", async () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    const bench = new Workbench({
      plugins: [
        make('forger', { start: (ctx) => ctx.events.emit('run.state', { id: 'x' }) }),
        make('closer', { start: (ctx) => ctx.events.emit('closer.function', { f: () => 1 }) }),
        make('mapper', { start: (ctx) => ctx.events.emit('mapper.map', [new Map()]) }),
        make('circler', { start: (ctx) => ctx.events.emit('circler.circle', circle) }),
        make('logger', {
          start: (ctx) => ctx.log.warn('odd', { f: () => 1, n: 1, circle, big: 1n, deep: [[1]] }),
        }),
      ],
    })
    await bench.up(
      {},
      'plugins: { use: { forger: {}, closer: {}, mapper: {}, circler: {}, logger: {} } }',
    )
    expect((await bench.plugin('mapper')).error!.message).toContain('it holds a Map')
    expect((await bench.plugin('circler')).error!.message).toContain('or in a circle')
    expect((await bench.plugin('forger')).error!.message).toBe(
      'forger emits `run.state`, but only the engine emits events of this type',
    )
    expect((await bench.plugin('closer')).error!.message).toContain(
      'data that is not plain: DataCloneError',
    )
    expect(bench.events('log')).toEqual([
      {
        level: 'warn',
        message: 'odd',
        fields: { f: '() => 1', n: 1, circle: '[object Object]', big: '1', deep: [[1]] },
      },
    ])
  })
})

describe('runs', () => {
  test('one at a time; paused, stepped, resumed, stopped', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    await expect(bench.engine.startRun()).rejects.toMatchObject({ code: 'device.unavailable' })
    const id = await bench.start({}, lineProject('{}', { epochs: 1000 }))
    await expect(bench.engine.startRun()).rejects.toMatchObject({ code: 'run.state' })
    await bench.once('run.metrics')
    for (const action of ['pause', 'step', 'resume', 'stop'] as const)
      await bench.engine.control(action)
    expect(await bench.ended()).toMatchObject({ id, reason: 'stopped' })
    await expect(bench.engine.control('pause')).rejects.toMatchObject({ code: 'run.state' })
  })

  test('[F14] a failed one is reported and leaves the engine usable', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const bad = pluginFile({ name: 'bad' }, `  onBackwardEnd() { throw new Error('here') }`)
    expect(await bench.train({ 'plugins/bad.ts': bad }, lineProject())).toMatchObject({
      reason: 'failed',
      error: { plugin: 'bad', source: { file: 'plugins/bad.ts', line: 3 } },
    })
    await bench.open({}, lineProject())
    const id = await bench.engine.startRun()
    expect(
      await bench.once('run.state', (run) => run.id === id && run.state === 'ended'),
    ).toMatchObject({ reason: 'finished' })
  })

  test('a quarantined plugin has a new try in the next run', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const bad = pluginFile({ name: 'bad' }, `  onStepEnd() { throw new Error('always') }`)
    await bench.train({ 'plugins/bad.ts': bad }, lineProject())
    expect((await bench.plugin('bad')).cause).toBe('quarantined')
    await bench.engine.startRun()
    expect((await bench.plugin('bad')).state).not.toBe('cleaned')
    expect(bench.states('bad').filter((state) => state === 'running')).toHaveLength(2)
    await bench.engine.control('stop')
  })

  test('a plugin that does not come up keeps the run from starting, and is named', async () => {
    const bench = new Workbench({ plugins: [linePlugin] })
    const bad = pluginFile({ name: 'bad' }, `  start() { throw new Error('no') }`)
    await expect(bench.start({ 'plugins/bad.ts': bad }, lineProject())).rejects.toMatchObject({
      plugin: 'bad',
      stage: 'start',
      source: { line: 3 },
    })
  })
})

test('[A22] a plugin sees the device and chooses by it; a lost one ends the run, another can be had', async () => {
  const seen: unknown[] = []
  const chooser = make('chooser', {
    initialize: (ctx) =>
      void seen.push(ctx.device.backend === 'webgpu' ? 'fast' : 'portable', ctx.device.isSoftware),
  })
  const bench = new Workbench({ plugins: [linePlugin, chooser] })
  const { engine } = bench
  await bench.start({}, lineProject('{ use: { chooser: {} } }', { epochs: 1000 }))
  expect(seen).toEqual(['portable', true])
  await expect(engine.boot({ device: 'cpu' })).rejects.toMatchObject({ code: 'device.unavailable' })
  await bench.once('run.metrics')
  bench.loseDevice('unplugged')
  expect(await bench.once('device.lost')).toMatchObject({
    error: { code: 'device.lost', message: 'the device CPU was lost: unplugged' },
  })
  expect(await bench.ended()).toMatchObject({ reason: 'failed', error: { code: 'device.lost' } })
  await expect(engine.startRun()).rejects.toMatchObject({ code: 'device.unavailable' })
  await engine.boot({ device: 'cpu' })
  await engine.startRun()
  await engine.control('stop')
})

test('files come by request; a missing one and a path outside are told', async () => {
  const seen: unknown[] = []
  const reader = make('reader', {
    async initialize(ctx) {
      seen.push(new TextDecoder().decode(await ctx.asset('data/a.txt')))
      for (const path of ['data/b.txt', '../secret', '/etc']) {
        seen.push(
          await ctx
            .asset(path)
            .catch(({ code, message }: { code: string; message: string }) => [code, message]),
        )
      }
    },
  })
  const bench = new Workbench({ plugins: [reader], assets: { 'data/a.txt': 'hello' } })
  await bench.up({}, 'plugins: { use: { reader: {} } }')
  expect(seen).toEqual([
    'hello',
    ['asset.missing', 'the file `data/b.txt` cannot be read: there is no such file'],
    ['asset.missing', 'the file `../secret` cannot be read: it is not a path inside the workspace'],
    ['asset.missing', 'the file `/etc` cannot be read: it is not a path inside the workspace'],
  ])
  expect(bench.events('asset.request')).toEqual([
    { id: 1, path: 'data/a.txt' },
    { id: 2, path: 'data/b.txt' },
  ])
  await expect(bench.engine.provideAsset(9, null)).rejects.toMatchObject({
    code: 'engine.internal',
  })
})

test('random streams of plugins hang on seed and name only', async () => {
  const draws: number[] = []
  const drawer = (name: string) =>
    make(name, { initialize: (ctx) => void draws.push(ctx.random.next()) })
  for (const seed of [1, 1, 2]) {
    const bench = new Workbench({ plugins: [linePlugin, drawer('a'), drawer('b')] })
    await bench.up({}, lineProject('{ use: { a: {}, b: {} } }', { more: `  seed: ${seed}` }))
  }
  expect(draws.slice(0, 2)).toEqual(draws.slice(2, 4))
  expect(new Set(draws).size).toBe(4)
})

test('an error of any length fits the stream', async () => {
  const bench = new Workbench()
  const text = pluginFile({ name: 'long' }, `  start() { throw new Error('x'.repeat(1e6)) }`)
  await bench.up({ 'plugins/long.ts': text })
  expect((await bench.plugin('long')).error!.message).toHaveLength(10_000)
})
