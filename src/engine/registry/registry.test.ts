// Kinds, contributions, services and panels, as plugins meet them.
import { describe, expect, test } from 'vitest'
import {
  type Context,
  defineCommand,
  definePlugin,
  defineService,
  type ManifestInput,
  type PluginClass,
  type Table,
  z,
} from '#sdk'
import { linePlugin, lineProject } from '../testing/line-plugin.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'

const builtin = (
  name: string,
  initialize: (ctx: Context) => void,
  rest: Partial<ManifestInput> = {},
): PluginClass =>
  definePlugin({ manifest: { name, version: '1.0.0', ...rest }, methods: { initialize } })

async function up(...plugins: PluginClass[]) {
  const bench = new Workbench({ plugins })
  const names = plugins.map((_, i) => `p${i}: {}`)
  const report = await bench.up({}, `plugins: { use: { ${names.join(', ')} } }`)
  return {
    bench,
    plugins: report.plugins,
    errorOf: (name: string) => report.plugins.find(({ manifest }) => manifest.name === name)?.error,
  }
}

const flat = (value: number) => () => ({ factor: () => value })
const at = { step: 1, epoch: 1, totalSteps: 1 }

describe('[G02] a contribution is checked against its contract', () => {
  test.each([
    [
      'an unknown kind',
      (ctx: Context) => ctx.provide('modle' as 'model', 'x', () => ({}) as never),
      { code: 'kind.unknown', hint: 'did you mean `model`?' },
    ],
    [
      'a bad name',
      (ctx: Context) => ctx.provide('schedule', 'a b', flat(1)),
      {
        code: 'contribution.contract',
        message: 'p0 provides schedule/a b, but `a b` is not a name',
      },
    ],
    [
      'no function',
      (ctx: Context) => ctx.provide('schedule', 'x', 3 as never),
      {
        code: 'contribution.contract',
        message: 'p0 provides schedule/x, but its create is number',
      },
    ],
    [
      'no zod schema',
      (ctx: Context) => ctx.provide('schedule', 'x', flat(1), { config: { n: 1 } as never }),
      { code: 'contribution.contract' },
    ],
  ])('%s is refused when it is registered', async (_, initialize, error) => {
    const { errorOf } = await up(builtin('p0', initialize))
    expect(errorOf('p0')).toMatchObject({ ...error, plugin: 'p0', stage: 'initialize' })
  })

  test('an instance without the methods of its kind is refused when it is created', async () => {
    const { errorOf } = await up(
      builtin('p0', (ctx) => {
        ctx.provide(
          'optimizer',
          'half',
          () => ({ learningRate: 1, update() {}, state: () => new Map() }) as never,
        )
        ctx.create('optimizer', 'half', {})
      }),
    )
    expect(errorOf('p0')).toMatchObject({
      code: 'contribution.contract',
      message: 'p0 creates optimizer/half without restore(), dispose()',
    })
  })

  test("a kind of a plugin's own has its contract too, and goes with it", async () => {
    const kind = 'planner' as 'schedule'
    const { errorOf, bench } = await up(
      builtin('p0', (ctx) => ctx.defineKind(kind, { description: 'plans', methods: ['plan'] })),
      builtin('p1', (ctx) => {
        ctx.provide(kind, 'bad', () => ({}) as never)
        ctx.create(kind, 'bad', {})
      }),
      builtin('p2', (ctx) => ctx.defineKind(kind, { description: 'again', methods: [] })),
    )
    expect(errorOf('p1')!.message).toContain('without plan()')
    expect(errorOf('p2')).toMatchObject({
      code: 'kind.duplicate',
      message: expect.stringMatching(/p2 .*p0/),
    })
    for (const step of ['stop', 'cleanup'] as const) await bench.engine.transition('p0', step)
    for (const step of ['cleanup', 'validate', 'load', 'initialize'] as const)
      await bench.engine.transition('p2', step)
  })
})

test('[G06] all of a kind, one by name or alias, the default one; constructed with parameters', async () => {
  let seen: unknown
  await up(
    builtin('p0', (ctx) => {
      ctx.provide('schedule', 'acme.flat', ({ value }) => ({ factor: () => value }), {
        config: z.strictObject({ value: z.number().default(2) }),
        aliases: ['flat'],
        description: 'the same all along',
      })
      ctx.provide('schedule', 'one', flat(1), { default: true, version: '3.0.0' })
      const value = (ref: Parameters<typeof ctx.create>[1]) =>
        ctx.create('schedule', ref, {}).factor(at)
      seen = [
        value('acme.flat'),
        value({ name: 'flat', config: { value: 5 } }),
        value(undefined),
        ctx.list('schedule'),
      ]
    }),
  )
  expect(seen).toEqual([
    2,
    5,
    1,
    [
      {
        kind: 'schedule',
        name: 'acme.flat',
        plugin: 'p0',
        description: 'the same all along',
        version: '1.0.0',
        isDefault: false,
        aliases: ['flat'],
      },
      {
        kind: 'schedule',
        name: 'one',
        plugin: 'p0',
        description: '',
        version: '3.0.0',
        isDefault: true,
        aliases: [],
      },
    ],
  ])
})

test('a reference in code is told at its line of the code, one of a config at that of the project file', async () => {
  const bench = new Workbench()
  const body = (ref: string) => `  initialize(ctx) {\n    ctx.create('schedule', ${ref}, {})\n  }`
  const config = 'config: z.object({ schedule: z.string() })'
  const report = await bench.up(
    {
      'plugins/a.ts': pluginFile({ name: 'a' }, body(`'none'`)),
      'plugins/b.ts': pluginFile({ name: 'b' }, body('this.config.schedule'), config),
    },
    'plugins:\n  use:\n    b: { config: { schedule: nothing } }',
  )
  expect(report.problems).toMatchObject([
    { message: 'there is no schedule `nothing`', source: { file: 'plugboard.yaml', line: 3 } },
    { message: 'there is no schedule `none`', source: { file: 'plugins/a.ts', line: 4 } },
  ])
})

test('a handler that is no function, and a resource without dispose(), are refused', async () => {
  const { errorOf } = await up(
    builtin('p0', (ctx) => void ctx.hook('onTrainEnd', undefined as never)),
    builtin('p1', (ctx) => void ctx.own({} as never)),
  )
  expect(errorOf('p0')).toMatchObject({
    message: 'the handler that p0 adds for onTrainEnd is of type undefined',
  })
  expect(errorOf('p1')).toMatchObject({
    message: 'p1 owns a value of type object that has no dispose()',
  })
})

test('what is missing is told with what there is', async () => {
  const { errorOf } = await up(
    builtin('p0', (ctx) => {
      ctx.provide('schedule', 'cosine', flat(1))
      ctx.create('schedule', 'cosin', {})
    }),
    builtin('p1', (ctx) => void ctx.create('schedule', undefined, {})),
    builtin('p2', (ctx) => void ctx.create('schedule', 'linear', {}), {
      provides: ['schedule/linear'],
    }),
  )
  expect(errorOf('p2')).toMatchObject({
    message: 'there is no schedule `linear`',
    hint: expect.stringMatching(
      /^a plugin promises it, but has not provided it: .*auto_initialize/,
    ),
  })
  expect(errorOf('p0')).toMatchObject({
    code: 'contribution.missing',
    message: 'there is no schedule `cosin`',
    hint: 'did you mean `cosine`?',
  })
  expect(errorOf('p1')).toMatchObject({
    code: 'contribution.missing',
    message: 'no schedule is named, and there is no default one',
  })
})

describe('[G17] clashes are refused, the first match is never silently used', () => {
  const provide =
    (name: string, options: object, value = 1) =>
    (ctx: Context) =>
      void ctx.provide('schedule', name, flat(value), options)

  test.each([
    ['one name', {}, {}, 'p1 provides schedule/x, which p0 provides already'],
    ['an alias', { aliases: ['y', 'x'] }, {}, 'p1 provides schedule/x, which p0 provides already'],
    [
      'two overrides',
      { override: true },
      { override: true },
      'p1 overrides schedule/x, which p0 overrides already',
    ],
  ])('%s', async (_, first, second, message) => {
    const name = 'aliases' in first ? 'z' : 'x'
    const { errorOf } = await up(
      builtin('p0', provide(name, first)),
      builtin('p1', provide('x', second)),
    )
    expect(errorOf('p1')).toMatchObject({ code: 'contribution.duplicate', message })
  })

  test('two defaults', async () => {
    const { errorOf } = await up(
      builtin('p0', provide('a', { default: true })),
      builtin('p1', provide('b', { default: true })),
    )
    expect(errorOf('p1')!.message).toBe('p1 provides a default schedule, which p0 provides already')
  })

  test('an override wins in any order, and gives the name back', async () => {
    for (const names of [
      ['p0', 'p1'],
      ['p1', 'p0'],
    ] as const) {
      const values: number[] = []
      const [over, base] = names
      const read = builtin('p2', (ctx) => {
        ctx.provideService(
          defineService<() => number>('read'),
          () => () => ctx.create('schedule', 'x', {}).factor(at),
        )
      })
      const { bench } = await up(
        builtin(over, provide('x', { override: true }, 9)),
        builtin(base, provide('x', {}, 1)),
        read,
        builtin('p3', (ctx) => {
          const value = ctx.resolve(defineService<() => number>('read'))
          ctx.provide('command', 'read', () => ({ title: 'Read', run: () => values.push(value()) }))
        }),
      )
      await bench.engine.command('read', {})
      for (const step of ['stop', 'cleanup'] as const) await bench.engine.transition(over, step)
      await bench.engine.command('read', {})
      expect(values).toEqual([9, 1])
    }
  })
})

describe('what excludes another of its kind', () => {
  const step = () => ({ transform: (table: Table) => table })
  const steps = builtin('steps', (ctx) => {
    ctx.provide('preprocessor', 'clean', step, { excludes: ['raw'] })
    ctx.provide('preprocessor', 'keep', step, { aliases: ['raw'] })
    ctx.provide('preprocessor', 'other', step)
  })
  const start = (preprocess: string) => {
    const bench = new Workbench({ plugins: [linePlugin, steps] })
    const project = lineProject('{ use: { steps: {} } }', { more: `  preprocess: ${preprocess}` })
    return bench.start({}, project).then(() => bench.engine.control('stop'))
  }

  test('is not used beside it, by name or alias', async () => {
    await expect(start('[other, clean, { name: keep }]')).rejects.toMatchObject({
      code: 'contribution.contract',
      plugin: 'steps',
      message:
        'preprocessor clean must not be used beside preprocessor keep, but the experiment names both',
      source: { file: 'plugboard.yaml', line: 7, column: 23 },
    })
  })

  test('may be used without it', async () => {
    await expect(start('[other, clean]')).resolves.toBeUndefined()
  })
})

describe('services', () => {
  const Clock = defineService<{ now(): number }>('acme.clock')

  test('[K15] a value, a factory or a class; seen by later plugins; gone with its plugin', async () => {
    let made = 0
    class FixedClock {
      now() {
        return 7
      }
    }
    const One = defineService<number>('one')
    const Made = defineService<{ n: number }>('made')
    const seen: unknown[] = []
    const { bench } = await up(
      builtin('p0', (ctx) => {
        ctx.provideService(Clock, FixedClock)
        ctx.provideService(One, 1)
        ctx.provideService(Made, () => ({ n: ++made }))
      }),
      builtin('p1', (ctx) => {
        seen.push(ctx.resolve(Clock).now(), ctx.resolve(One), ctx.resolve(Made), ctx.resolve(Made))
      }),
      builtin('p2', (ctx) => ctx.provideService(One, 2)),
    )
    expect(seen).toEqual([7, 1, { n: 1 }, { n: 1 }])
    expect(seen[2]).toBe(seen[3])
    expect((await bench.plugin('p2')).error).toMatchObject({
      code: 'service.duplicate',
      message: expect.stringMatching(/p2 .*one.*p0/),
    })
    for (const step of ['stop', 'cleanup'] as const) await bench.engine.transition('p0', step)
    for (const step of ['cleanup', 'validate', 'load', 'initialize'] as const)
      await bench.engine.transition('p2', step)
    expect((await bench.plugin('p2')).services).toEqual(['one'])
  })

  test('[K14] a missing service is an error that names it and the plugin', async () => {
    const Injected = definePlugin({
      manifest: { name: 'p1', version: '1.0.0' },
      inject: { clock: Clock },
      methods: {},
    })
    const { errorOf } = await up(
      builtin('p0', (ctx) => void ctx.resolve(Clock)),
      Injected,
    )
    for (const name of ['p0', 'p1']) {
      expect(errorOf(name)).toMatchObject({
        code: 'service.missing',
        plugin: name,
        stage: 'initialize',
        message: `${name} asks for the service acme.clock, which no plugin provides`,
      })
    }
  })

  test('injected services are there from validate on, and reading them earlier throws', async () => {
    const seen: unknown[] = []
    const Early = definePlugin({
      manifest: { name: 'p1', version: '1.0.0', requires: { 'plugin:p0': '*' } },
      inject: { clock: Clock },
      methods: {
        validate() {
          seen.push(this.services.clock.now())
        },
      },
    })
    const { bench } = await up(
      builtin('p0', (ctx) => ctx.provideService(Clock, { now: () => 5 })),
      Early,
    )
    expect(seen).toEqual([5])
    expect((await bench.plugin('p1')).dependencies).toEqual(['p0'])
  })

  test('circles are told by their path', async () => {
    const [a, b] = [defineService<number>('a'), defineService<number>('b')]
    const { errorOf } = await up(
      builtin('p0', (ctx) => {
        ctx.provideService(a, () => ctx.resolve(b))
        ctx.provideService(b, () => ctx.resolve(a))
        ctx.resolve(a)
      }),
    )
    expect(errorOf('p0')).toMatchObject({
      code: 'service.cycle',
      message: 'services need each other in a circle: a → b → a',
    })
  })
})

test('panels are told as events; bad content is refused', async () => {
  const { bench, errorOf } = await up(
    builtin('p0', (ctx) => {
      const panel = ctx.panel({ id: 'notes', title: 'Notes', type: 'text' })
      panel.show({ text: ['hello'] })
    }),
    builtin('p1', (ctx) => void ctx.panel({ id: 'notes', title: 'Mine', type: 'text' })),
    builtin('p2', (ctx) =>
      ctx.panel({ id: 'own', title: 'Own', type: 'text' }).show({ text: 3 } as never),
    ),
  )
  expect(bench.events('panel.defined')[0]).toEqual({ id: 'notes', title: 'Notes', type: 'text' })
  expect(bench.events('panel.shown')).toEqual([{ id: 'notes', content: { text: ['hello'] } }])
  expect(errorOf('p1')).toMatchObject({
    code: 'contribution.duplicate',
    message: 'p1 defines the panel notes, which p0 has defined already',
  })
  expect(errorOf('p2')).toMatchObject({ code: 'contribution.contract', plugin: 'p2' })
  expect(bench.events('panel.removed')).toEqual([{ id: 'own' }])
})

test('[K08] commands are listed with their arguments, run by name with them checked', async () => {
  const { bench } = await up(
    builtin('p0', (ctx) => {
      const double = defineCommand({
        title: 'Double',
        args: z.strictObject({
          n: z.number().max(9).describe('what to double'),
          times: z.int().default(1),
        }),
        run: async ({ n, times }) => n * 2 ** times,
      })
      ctx.provide('command', 'double', () => double, { description: 'twice' })
      ctx.provide('command', 'fail', () => ({
        title: 'Fail',
        run: () => {
          throw new Error('no')
        },
      }))
      ctx.provide('command', 'code', () => ({ title: 'Code', run: () => () => 1 }))
    }),
  )
  const commands = await bench.engine.commands()
  expect(commands.map(({ name }) => name)).toEqual(['double', 'fail', 'code'])
  expect(commands[0]).toMatchObject({
    plugin: 'p0',
    title: 'Double',
    description: 'twice',
    args: {
      type: 'object',
      required: ['n'],
      properties: { n: { type: 'number', description: 'what to double' } },
    },
  })
  const wrong = bench.engine.command('double', { n: 12, times: 0.5, m: 1 })
  await expect(wrong).rejects.toMatchObject({ code: 'contribution.config', plugin: 'p0' })
  await expect(wrong).rejects.toThrow(/`n` is 12.*\n.*`times` is 0.5.*\n.*`m` is not a known/s)
  expect(await bench.engine.command('double', { n: 4 })).toBe(8)
  await expect(bench.engine.command('fail', {})).rejects.toMatchObject({
    plugin: 'p0',
    stage: 'command fail',
    message: 'Error: no',
  })
  await expect(bench.engine.command('code', {})).rejects.toMatchObject({
    plugin: 'p0',
    message: expect.stringContaining('could not be cloned'),
  })
  await expect(bench.engine.command('doubel', {})).rejects.toMatchObject({
    code: 'contribution.missing',
    hint: 'did you mean `double`?',
  })
})
