import { describe, expect, test } from 'vitest'
import { z } from '#sdk'
import { parseModule } from '../modules/parse.ts'
import { compileFiles } from '../testing/modules.ts'
import { parseConfig, parseProject, parseYaml, readManifests } from './index.ts'

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

describe('[P08] manifests are read without running code', () => {
  const read = async (source: string) => {
    const [module] = await compileFiles({ 'plugins/a.ts': source })
    return readManifests(parseModule(module!))
  }

  test('from classes, plain objects, lists, constants and renamed imports', async () => {
    const { manifests, problems } = await read(
      `import { plugin as make, definePlugin } from 'plugboard'\n` +
        `import * as pb from 'plugboard'\n` +
        `const VERSION = '1.2.3'\nconst two = { name: 'two', version: VERSION, priority: -1 } as const\n` +
        `globalThis.process.exit(1)\n` +
        `class One extends make({ manifest: { name: 'one', version: \`1.0.0\`, tags: ['a'] } }) {}\n` +
        `export default [One, definePlugin({ manifest: two, methods: {} }), class extends pb.plugin({ manifest: { name: 'three', version: '0.1.0' } }) {}]`,
    )
    expect(problems).toEqual([])
    expect(
      manifests.map(({ manifest, source }) => [
        manifest.name,
        manifest.version,
        manifest.priority,
        source.line,
      ]),
    ).toEqual([
      ['one', '1.0.0', 0, 6],
      ['two', '1.2.3', -1, 4],
      ['three', '0.1.0', 0, 7],
    ])
  })

  test('every problem at its place', async () => {
    const { problems } = await read(
      `import { plugin } from 'plugboard'\nexport default class extends plugin({\n  manifest: {\n    name: 'Bad Name',\n    version: 'one',\n    colour: 'red',\n  },\n}) {}`,
    )
    expect(problems.map((p) => p.source!.line).toSorted((a, b) => a - b)).toEqual([4, 5, 6])
    expect(problems.every((p) => p.code === 'manifest.invalid')).toBe(true)
  })

  test('a computed manifest and a missing one are refused', async () => {
    const computed = await read(
      `import { plugin } from 'plugboard'\nexport default class extends plugin({\n  manifest: { name: 'a',\n    version: String(1) } }) {}`,
    )
    expect(computed.problems).toMatchObject([{ code: 'manifest.invalid', source: { line: 4 } }])
    const missing = await read(
      `import { plugin } from 'plugboard'\nconst spec = make()\nexport default class extends plugin(spec) {}`,
    )
    expect(missing.problems).toMatchObject([{ code: 'manifest.missing', source: { line: 3 } }])
  })
})
