import { describe, expect, test } from 'vitest'
import { z } from '#sdk'
import { parseConfig, parseProject, parseYaml } from './index.ts'

const lines = (
  problems: readonly { message: string; source?: { line: number; column: number } | undefined }[],
) => problems.map(({ message, source }) => `${source!.line}:${source!.column} ${message}`)

/** Each level of the text nests the one before 30 levels deeper. */
const deepByAliases = (): string =>
  [
    'a: &a 1',
    ...['ab', 'bc'].map(([from, to]) => `${to}: &${to} ${'['.repeat(30)}*${from}${']'.repeat(30)}`),
  ].join('\n')

const manyByAliases = (): string =>
  [`a: &a [${'1,'.repeat(2000)}]`, ...Array.from({ length: 60 }, (_, i) => `b${i}: *a`)].join('\n')

describe('[A13] the project file', () => {
  test('fills in defaults', () => {
    const { config, problems } = parseProject(
      'plugins:\n  use:\n    early_stopping:\nexperiment:\n  dataset: names\n  model: gpt\n',
    )
    expect(problems).toEqual([])
    expect(config!.plugins).toMatchObject({
      auto_start: true,
      use: { early_stopping: { enabled: true, config: {} } },
    })
    expect(config!.experiment).toMatchObject({
      seed: 0,
      training: { epochs: 10, batch_size: 32, optimizer: 'adamw' },
    })
    expect(parseProject('').config!.experiment).toBeUndefined()
  })

  test('says whether steps are compiled', () => {
    expect(parseProject('').config!.device).toEqual({ compile: 'auto' })
    expect(parseProject('device: { compile: off }').config!.device).toEqual({ compile: 'off' })
    expect(lines(parseProject('device:\n  compile: sometimes').problems)).toEqual([
      expect.stringMatching(/^2:3 .*`device.compile`.*sometimes/),
    ])
  })

  test('all problems at once, each at its line and column, with suggestions', () => {
    const { config, problems } = parseProject(
      [
        'plugins:',
        '  auto_strat: true',
        '  use:',
        '    a: { enabled: 3 }',
        'experiment:',
        '  dataset: names',
        '  model: { nme: gpt }',
        '  training:',
        '    epochs: 0',
        '',
      ].join('\n'),
    )
    expect(config).toBeUndefined()
    expect(lines(problems)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^2:3 .*auto_strat/),
        expect.stringMatching(/^4:10 .*enabled.* is 3/),
        expect.stringMatching(/^7:.*model/),
        expect.stringMatching(/^9:5 .*epochs` is 0/),
      ]),
    )
    expect(problems[0]!.hint).toContain('auto_start')
  })

  test('invalid YAML is located', () => {
    const { config, problems } = parseProject('plugins:\n  use: [a, b\nexperiment: {}\n')
    expect(config).toBeUndefined()
    expect(problems[0]).toMatchObject({ code: 'config.syntax', source: { file: 'plugboard.yaml' } })
    expect(problems[0]!.source!.line).toBeGreaterThan(1)
  })

  test.each([
    ['a text without end', `a: ${'x'.repeat(100_000)}`, 'has 100003 characters', 1],
    ['deep brackets', `\na: ${'['.repeat(20_000)}`, 'nested deeper than 50', 2],
    ['deep dashes', '- '.repeat(20_000), 'nested deeper than 50', 1],
    ['levels that aliases make', deepByAliases(), 'nested deeper than 50', 3],
    ['values that aliases make', manyByAliases(), 'more than 100000 values', 50],
    ['aliases without end', `a: &a 1\nb: [${'*a,'.repeat(20_000)}]`, 'more than 100 aliases', 2],
    ['an alias of nothing', 'a: 1\nb: *x', 'there is no anchor `x`', 2],
    ['keys that are there twice', 'a: 1\nb: 2\na: 3', '`a` is there twice', 3],
    ['keys that are no names', 'a: 1\n? [b, c]\n: 2', 'a key is a list', 2],
    ['prototypes', 'a: 1\n__proto__: { b: 2 }', '`__proto__` cannot be a key', 2],
    ['tags', 'a: 1\nb: !!set { c }', 'Unresolved tag', 2],
    ['several documents', 'a: 1\n---\nb: 2', 'more than one document', 2],
  ])('%s is refused at its place', (_, text, message, line) => {
    const { value, problems } = parseYaml(text, 'x.yaml')
    expect(value).toBeUndefined()
    expect(problems).toMatchObject([
      { code: 'config.syntax', message: expect.stringContaining(message), source: { line } },
      ...problems.slice(1),
    ])
  })

  test('text is plain data, whatever version of YAML it says it is', () => {
    const { value } = parseYaml(
      '%YAML 1.1\n---\nday: 2001-01-01\nyes: no\n"<<": { a: 1 }',
      'x.yaml',
    )
    expect(value).toEqual({ day: '2001-01-01', yes: 'no', '<<': { a: 1 } })
  })

  test('alias bombs are refused', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ].join('\n')
    expect(parseYaml(bomb, 'x.yaml').problems).toHaveLength(1)
    expect(parseYaml('a: &x\n  b: [*x]\n', 'x.yaml')).toMatchObject({
      value: undefined,
      problems: [{ message: 'x.yaml: a value holds itself', source: { line: 2, column: 7 } }],
    })
    expect(parseYaml('a: &x { b: 1 }\nc: [*x, *x]\n', 'x.yaml').problems).toEqual([])
  })

  test("[K11] a component's config is parsed by its schema, problems located in the YAML", () => {
    const { config, locate } = parseProject(
      'plugins:\n  use:\n    stop:\n      config:\n        patience: -1\n        mod: min\n',
    )
    const schema = z.strictObject({
      patience: z.int().min(1),
      mode: z.enum(['min', 'max']).default('min'),
      monitor: z.string(),
    })
    const { problems } = parseConfig(schema, config!.plugins.use['stop']!.config, {
      subject: 'plugin stop',
      path: ['plugins', 'use', 'stop', 'config'],
      locate,
    })
    expect(lines(problems!)).toEqual([
      expect.stringMatching(/^4:7 plugin stop: `monitor` is missing/),
      expect.stringMatching(/^5:9 plugin stop: `patience` is -1/),
      expect.stringMatching(/^6:9 plugin stop: `mod` is not a known setting/),
    ])
    expect(problems![2]!.hint).toContain('`mode`')
    const loose = parseConfig(z.looseObject({}), { any: 1 }, { subject: 's', path: [], locate })
    expect(loose.value).toEqual({ any: 1 })

    const plain = z.object({ monitor: z.string().default('loss') }).refine(() => true)
    const place = { subject: 'plugin stop', path: [], locate }
    expect(parseConfig(plain, { moniter: 'loss' }, place).problems![0]).toMatchObject({
      message: 'plugin stop: `moniter` is not a known setting',
      hint: expect.stringContaining('`monitor`'),
    })
    expect(parseConfig(plain, {}, place).value).toEqual({ monitor: 'loss' })
  })
  test('[K11] keys are refused at any depth, unless there is a catch-all', () => {
    interface Tree {
      size: number
      kids?: Tree[] | undefined
    }
    const tree: z.ZodType<Tree> = z.object({
      size: z.number(),
      kids: z.lazy(() => tree.array()).optional(),
    })
    const schema = z.object({
      tree: tree.optional(),
      loose: z.looseObject({ known: z.object({ a: z.number() }) }).optional(),
      record: z.record(z.string(), z.object({ a: z.number() }).optional()).optional(),
      either: z
        .union([z.object({ a: z.number() }), z.object({ a: z.number(), b: z.number() })])
        .optional(),
      both: z
        .object({ a: z.number() })
        .and(z.object({ b: z.number() }))
        .optional(),
      made: z
        .object({ a: z.number() })
        .transform(({ a }) => ({ a: a + 1 }))
        .pipe(z.object({ a: z.number() }))
        .optional(),
      wrapped: z
        .preprocess((value) => value ?? {}, z.object({ a: z.number().default(1) }))
        .optional(),
    })
    const parse = (text: string) => {
      const { value, locate } = parseYaml(text, 'x.yaml')
      return parseConfig(schema, value, { subject: 'x', path: [], locate })
    }
    const good = `tree: { size: 1, kids: [{ size: 2 }] }
loose: { known: { a: 1 }, other: { b: 2 } }
record: { any: { a: 1 } }
either: { a: 1, b: 2 }
both: { a: 1, b: 2 }
made: { a: 1 }
wrapped:
`
    expect(parse(good).value).toEqual({
      ...(parseYaml(good, 'x.yaml').value as object),
      made: { a: 2 },
      wrapped: { a: 1 },
    })
    const bad = good
      .replaceAll('1 }', '1, odd: 0 }')
      .replaceAll('2 }', '2, odd: 0 }')
      .replace('wrapped:', 'wrapped: { odd: 0 }')
    expect(
      lines(parse(bad).problems!).map((line) => line.replace(/ is not a known setting.*/, '')),
    ).toEqual([
      '1:36 x: `tree.kids[0].odd`',
      '2:25 x: `loose.known.odd`',
      '3:24 x: `record.any.odd`',
      '4:23 x: `either.odd`',
      '5:21 x: `both.odd`',
      '6:15 x: `made.odd`',
      '7:12 x: `wrapped.odd`',
    ])
  })
})
