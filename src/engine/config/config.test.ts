import { describe, expect, test } from 'vitest'
import { z } from '#sdk'
import { parseConfig, parseProject, parseYaml } from './index.ts'

const lines = (
  problems: readonly { message: string; source?: { line: number; column: number } | undefined }[],
) => problems.map(({ message, source }) => `${source!.line}:${source!.column} ${message}`)

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
      problems: [{ message: 'x.yaml: a value holds itself' }],
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
})
