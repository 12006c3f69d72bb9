// Hooks beyond notifying: collecting, wrapping, hooks of plugins' own, lifecycle and model hooks, runaway handlers.
import { afterEach, describe, expect, test } from 'vitest'
import { definePlugin, type HookMethods, type LifecycleMethods, type PluginClass } from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

declare module '#sdk' {
  interface Hooks {
    onWord: { args: { word: string; depth: number }; value: 'word' }
    onGuess: { args: { about: string }; collects: string }
    onNoise: { args: { level: number } }
    onTask: { args: { name: string }; around: string }
  }
}

const log: unknown[] = []
const note = (what: unknown) => void log.push(what)
afterEach(() => void log.splice(0))

const make = (
  name: string,
  methods: LifecycleMethods & HookMethods,
  rest: object = {},
): PluginClass => definePlugin({ manifest: { name, version: '1.0.0', ...rest }, methods })

const words = (use: string[]) => `plugins: { use: { ${use.map((name) => `${name}: {}`).join()} } }`

async function up(...plugins: PluginClass[]) {
  const bench = new Workbench({ plugins: [linePlugin, ...plugins] })
  await bench.up({}, words(plugins.map((_, i) => `p${i}`)))
  return bench
}

async function train(...plugins: PluginClass[]) {
  const bench = new Workbench({ plugins: [linePlugin, ...plugins] })
  const use = `{ use: { ${plugins.map((_, i) => `p${i}: {}`).join(', ')} } }`
  const ended = await bench.train({}, lineProject(use, { epochs: 1 }))
  return { bench, ended }
}

describe("hooks of a plugin's own", () => {
  test('[G02] are declared with a mode, called by their plugin, used by those that require it', async () => {
    const user = { requires: { 'plugin:p0': '*' } }
    await up(
      make('p0', {
        initialize(ctx) {
          const onWord = ctx.defineHook('onWord', { mode: 'pipe', value: 'word' })
          const onGuess = ctx.defineHook('onGuess', { mode: 'collect' })
          const onTask = ctx.defineHook('onTask', { mode: 'around', isSync: true })
          ctx.hook('onTrainBegin', () => {})
          ctx.events.on('go', () => {
            note(onWord({ word: 'a', depth: 1 }))
            note(onGuess({ about: 'x' }))
            note(onTask({ name: 't' }, () => 'done'))
          })
        },
      }),
      make(
        'p1',
        {
          onWord: ({ word }) => `${word}b`,
          onGuess: () => ['one', 'two'],
          onTask: ({ name }, next) => `${name} ${next()}!`,
        },
        user,
      ),
      make(
        'p2',
        {
          onWord: ({ word }) => (word === 'ab' ? 'abc' : undefined),
          onGuess: () => 'three',
          start: (ctx) => ctx.events.emit('go'),
        },
        user,
      ),
    )
    // p2 starts last and emits before its own handlers are connected.
    expect(log).toEqual(['ab', ['one', 'two'], 't done!'])
  })

  test.each([
    ['a name of the engine', 'onEpochEnd', { mode: 'each' }, 'hook.duplicate'],
    ['a bad name', 'words', { mode: 'each' }, 'config.invalid'],
    ['a bad mode', 'onWord', { mode: 'loop' }, 'config.invalid'],
    ['a pipe of nothing', 'onWord', { mode: 'pipe' }, 'config.invalid'],
  ])('%s is refused', async (_, name, spec, code) => {
    const bench = await up(
      make('p0', { initialize: (ctx) => void ctx.defineHook(name as 'onWord', spec as never) }),
    )
    expect((await bench.plugin('p0')).error).toMatchObject({ code, plugin: 'p0', hook: name })
  })

  test('go with their plugin; a method for one that is not there is refused', async () => {
    const bench = await up(
      make('p0', {
        initialize: (ctx) => void ctx.defineHook('onWord', { mode: 'pipe', value: 'word' }),
      }),
      make('p1', { onGuess: () => 'x' }),
    )
    expect((await bench.plugin('p1')).error).toMatchObject({ code: 'hook.unknown' })
    for (const step of ['stop', 'cleanup', 'validate', 'load', 'initialize'] as const)
      await bench.engine.transition('p0', step)
    expect((await bench.plugin('p0')).state).toBe('initialized')
  })

  test('what does not fit is told at the handler, not at the call', async () => {
    const bench = new Workbench()
    const asker = (mode: string) => `  initialize(ctx) {
    this.ask = ctx.defineHook('onAsk', ${mode})
  }
  go() {
    return this.ask({ x: 1 })
  }`
    const answerer = (body: string) =>
      pluginFile(
        { name: 'answerer', requires: { 'plugin:asker': '*' } },
        `  start() {}\n  onAsk() {\n    return ${body}\n  }`,
      )
    for (const [mode, body] of [
      [`{ mode: 'collect', item: z.string() }`, '5'],
      [`{ mode: 'pipe', value: 'x' }`, `'one'`],
      [`{ mode: 'pipe', value: 'x' }`, 'Promise.resolve(2)'],
    ] as const) {
      await bench.up({
        'plugins/asker.ts': pluginFile({ name: 'asker' }, asker(mode)),
        'plugins/answerer.ts': answerer(body),
      })
      await expect(bench.engine.call('asker', 'go')).rejects.toMatchObject({
        plugin: 'answerer',
        source: { file: 'plugins/answerer.ts', line: 4 },
      })
    }
  })

  test('an item that is no schema is refused', async () => {
    const bench = new Workbench()
    const body = `  initialize(ctx) { ctx.defineHook('onAsk', { mode: 'collect', item: 'text' }) }`
    const { problems } = await bench.up({ 'plugins/a.ts': pluginFile({ name: 'a' }, body) })
    expect(problems).toMatchObject([{ message: expect.stringContaining('must be a zod schema') }])
  })

  test('a collection and a pipe refuse what does not fit, and promises', async () => {
    const { ended } = await train(
      make('p0', { onGraphCheck: () => ({ severity: 'fatal', message: 1 }) as never }),
    )
    expect(ended.error).toMatchObject({ code: 'hook.result', plugin: 'p0', hook: 'onGraphCheck' })
    const asynchronous = await train(make('p0', { onGraphCheck: (async () => []) as never }))
    expect(asynchronous.ended.error).toMatchObject({ code: 'hook.async', plugin: 'p0' })
  })
})

describe('[G02] any hook can be wrapped', () => {
  test('higher priorities outside, around all handlers', async () => {
    await train(
      make('p0', {
        initialize(ctx) {
          ctx.around('onTrainBegin', async (_, next) => {
            note('inner begins')
            await next()
            note('inner ends')
          })
          const options = { priority: 9 }
          ctx.around('onTrainBegin', (_, next) => (note('outer'), next()), options)
          ctx.around('onBackwardEnd', (_, next) => {
            const gradients = next()
            note(gradients.size)
            return undefined
          })
        },
        onTrainBegin: () => note('handler'),
      }),
    )
    expect(log.slice(0, 5)).toEqual(['outer', 'inner begins', 'handler', 'inner ends', 2])
  })

  test.each([
    ['does not call next', () => undefined, 'did not call next()'],
    ['calls it twice', (_: unknown, next: () => void) => (next(), next()), 'called next() twice'],
    [
      'throws',
      () => {
        throw new Error('odd')
      },
      'odd',
    ],
  ])('one that %s is told; the handlers are called once all the same', async (_, wrap, message) => {
    const { bench, ended } = await train(
      make('p0', { initialize: (ctx) => void ctx.around('onTrainBegin', wrap) }),
      make('p1', { onTrainBegin: () => note('handler') }),
    )
    expect(ended.reason).toBe('finished')
    expect(log).toEqual(['handler'])
    expect(bench.events('hook.failed')).toMatchObject([
      { plugin: 'p0', hook: 'onTrainBegin', error: { message: expect.stringContaining(message) } },
    ])
  })
})

describe('[P11] activation and deactivation have hooks around them, and events with times', () => {
  test('for plugins that come up and go down while it runs', async () => {
    const around =
      (stage: string) =>
      async ({ plugin }: { plugin: string }, next: () => Promise<void>) => {
        note(`before ${stage} ${plugin}`)
        await next()
        note(`after ${stage} ${plugin}`)
      }
    const bench = await up(
      make('p0', {
        onPluginLoad: around('load'),
        onPluginInitialize: around('initialize'),
        onPluginStart: around('start'),
        onPluginStop: around('stop'),
      }),
      make('p1', { start: () => note('start'), stop: () => note('stop') }),
    )
    expect(log).toEqual(['before start p1', 'start', 'after start p1'])
    log.length = 0
    for (const step of ['stop', 'cleanup', 'validate', 'load', 'initialize', 'start'] as const)
      await bench.engine.transition('p1', step)
    expect(log).toEqual([
      'before stop p1',
      'stop',
      'after stop p1',
      'before load p1',
      'after load p1',
      'before initialize p1',
      'after initialize p1',
      'before start p1',
      'start',
      'after start p1',
    ])
    for (const { state, durationMs } of bench.events('plugin.state').slice(-6))
      expect([state, durationMs]).toEqual([expect.any(String), expect.any(Number)])
  })

  test('a throw refuses a start, and is blamed on the plugin that threw', async () => {
    const bench = await up(
      make('p0', {
        onPluginStart: () => {
          throw new Error('not today')
        },
      }),
      make('p1', {}),
    )
    expect(await bench.plugin('p1')).toMatchObject({
      state: 'failed',
      error: { code: 'hook.threw', plugin: 'p0', hook: 'onPluginStart' },
    })
    expect((await bench.plugin('p0')).state).toBe('running')
  })

  test('[P13] nothing keeps a plugin from stopping; its resources go last first', async () => {
    const bench = await up(
      make('p0', {
        onPluginStop: () => {
          throw new Error('stay')
        },
      }),
      make('p1', {
        initialize(ctx) {
          for (const what of ['first', 'second', 'third'])
            ctx.own(() => {
              note(what)
              ctx.events.emit('p1.released', { what })
            })
        },
        stop: () => note('stop'),
        cleanup: (ctx) => ctx.events.emit('p1.released', { what: 'all' }),
      }),
    )
    await bench.engine.transition('p1', 'stop')
    await bench.engine.transition('p1', 'cleanup')
    expect(log).toEqual(['stop', 'third', 'second', 'first'])
    const released = bench.records.filter(({ type }) => type === 'p1.released')
    expect(released.map(({ data }) => data)).toEqual(
      ['third', 'second', 'first', 'all'].map((what) => ({ what })),
    )
    expect(bench.states('p1').slice(-2)).toEqual(['stopped', 'cleaned'])
    expect(bench.events('hook.failed')).toMatchObject([{ plugin: 'p0', hook: 'onPluginStop' }])
  })
})

describe('[G12] hooks before and after the model is built and checked', () => {
  test('come around both', async () => {
    const { ended } = await train(
      make('p0', {
        initialize(ctx) {
          ctx.around('onGraphCheck', ({ parameters }, next) => {
            note(`before check of ${[...parameters.keys()].join()}`)
            const findings = next()
            note(`after check: ${findings.length}`)
            return findings
          })
        },
        onModelBuild: ({ experiment }, next) => {
          note(`before build of ${JSON.stringify(experiment.model)}`)
          const model = next()
          note(`after build: ${model.constructor.name}`)
          return model
        },
      }),
    )
    expect(ended.reason).toBe('finished')
    expect(log).toEqual([
      'before build of "line"',
      'after build: Line',
      'before check of weight,bias',
      'after check: 0',
    ])
  })

  test('[G16] every finding on the built model is told; an error keeps the run from starting', async () => {
    const { bench, ended } = await train(
      make('p0', { onGraphCheck: () => [{ severity: 'error', message: 'too small' }] }),
      make('p1', {
        onGraphCheck: ({ parameters }) => [
          { severity: 'error', message: `has ${parameters.size} parameters` },
          { severity: 'warning', message: 'is a line' },
        ],
      }),
      make('p2', {
        initialize(ctx) {
          const odd = { severity: 'error', message: 'is odd' } as const
          ctx.around('onGraphCheck', (_, next) => [...next(), odd])
        },
      }),
    )
    expect(ended).toMatchObject({ reason: 'failed', error: { code: 'model.invalid' } })
    expect(ended.error!.message.split('\n')).toEqual([
      'p0 about model line: too small',
      'p1 about model line: has 2 parameters',
      'p2 about model line: is odd',
    ])
    expect(ended.error!.plugin).toBe('p0')
    const [line] = bench.records.filter(({ type }) => type === 'log')
    expect(line).toMatchObject({
      plugin: 'p1',
      data: { level: 'warn', message: 'p1 about model line: is a line' },
    })
  })

  test('a wrapper that returns another model is refused, and the one built is freed', async () => {
    const { ended } = await train(
      make('p0', { onModelBuild: (_, next) => Object.create(next()) as never }),
    )
    expect(ended.error).toMatchObject({ code: 'hook.result' })
  })
})
