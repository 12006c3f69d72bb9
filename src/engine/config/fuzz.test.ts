// Thousands of broken texts, the same each time: each is read, or refused with problems at their places.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EngineError, z } from '#sdk'
import { parseModule } from '../modules/parse.ts'
import { pluginFile, Workbench } from '../testing/workbench.ts'
import {
  parseConfig,
  parsePackageFile,
  parsePluginFile,
  parseProject,
  readManifests,
} from './index.ts'
import { parseYaml } from './yaml.ts'

const SEED = 20_260

/** Pieces that mean something in YAML, JSON or to an object. */
const odd = fc.constantFrom(
  ...'{ } [ ] : - ? &a *a <<: # \' " | > ~ null true 0x1f .nan 1e999 -0 !!set !<x> --- ...'.split(
    ' ',
  ),
  ' ',
  ': ',
  '\n',
  '\t',
  '%YAML 1.1\n---\n',
  '__proto__: ',
  'constructor: ',
  'toString: 1\n',
  '\u0000',
  '\u2028',
  '\ud800',
  '\ufeff',
  '['.repeat(60),
  '- '.repeat(60),
  'x'.repeat(2000),
  '\n'.repeat(100),
)

interface Edit {
  at: number
  length: number
  piece: string
}

const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(12),
    piece: fc.oneof(odd, fc.string({ maxLength: 6 }), fc.constant('')),
  }),
  { minLength: 1, maxLength: 6 },
)

const mutate = (text: string, all: readonly Edit[]): string =>
  all.reduce((now, { at, length, piece }) => {
    const from = Math.floor(at * now.length)
    return now.slice(0, from) + piece + now.slice(from + length)
  }, text)

/** Whether all problems lie inside the text. */
function areLocated(problems: readonly EngineError[], file: string, text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).length
  return problems.every(
    ({ message, source }) =>
      message.includes(file) &&
      source?.file === file &&
      source.line > 0 &&
      source.line <= lines &&
      source.column > 0,
  )
}

/** Runs a property; what it says when it fails. */
function failureOf<T>(property: fc.IProperty<T>, numRuns: number): string | undefined {
  const result = fc.check(property, { seed: SEED, numRuns })
  return result.failed ? fc.defaultReportMessage(result) : undefined
}

const PROJECT = `plugins:
  auto_start: false
  categories: [model, &a head]
  folders: [plugins, lib/plugins]
  use:
    a: { enabled: true, priority: 2, config: { rate: 0.1, list: [1, 2, { deep: *a }] } }
    b:
experiment:
  dataset: { name: names, config: { size: 10 } }
  model: gpt
  training: { epochs: 2, optimizer: adamw }
`
const PLUGIN = `name: head
version: 1.2.0
tags: [a, b]
requires: { 'plugin:base': ^1 }
entry: ./head.ts
configuration:
  size: { type: int, default: 8, min: 1, max: 9 }
  mode: { type: string, choices: [x, y], required: true }
  deep: { type: object, properties: { list: { type: list, items: { type: number } } } }
`
const PACKAGE = `{ "name": "x", "version": "1.0.0", "plugboard": ["./a.ts", "./b/index.ts"] }`

const texts = fc
  .tuple(fc.constantFrom(PROJECT, PLUGIN, PACKAGE), edits)
  .map(([text, all]) => mutate(text, all))

test('project files, plugin.yaml and package.json', () => {
  const property = fc.property(texts, (text) => {
    const project = parseProject(text)
    const plugin = parsePluginFile('plugins/a/plugin.yaml', text)
    const pack = parsePackageFile('packages/a/package.json', text)
    return (
      (project.config === undefined) === project.problems.length > 0 &&
      (plugin.file === undefined) === plugin.problems.length > 0 &&
      (pack.file === undefined) === pack.problems.length > 0 &&
      areLocated(project.problems, 'plugboard.yaml', text) &&
      areLocated(plugin.problems, 'plugins/a/plugin.yaml', text) &&
      areLocated(pack.problems, 'packages/a/package.json', text)
    )
  })
  expect(failureOf(property, 250)).toBeUndefined()
}, 60_000)

test('configs', () => {
  const inner = z.object({ a: z.number().optional(), list: z.array(z.int()).optional() })
  const schema = z.object({
    inner: inner.optional(),
    map: z.record(z.string(), inner).optional(),
    either: z.union([z.string(), inner, z.array(inner)]).optional(),
    kind: z.discriminatedUnion('type', [z.object({ type: z.literal('x'), n: z.int() })]).optional(),
    loose: z.looseObject({ a: z.string() }).optional(),
  })
  const text = `inner: { a: 1, list: [1, 2] }
map: { x: { a: 2 }, y: { list: [] } }
either: [{ a: 1 }, { list: [3] }]
kind: { type: x, n: 3 }
loose: { a: b, c: d }
`
  const property = fc.property(edits, (all) => {
    const mutated = mutate(text, all)
    const { value, problems, locate } = parseYaml(mutated, 'x.yaml')
    const parsed = parseConfig(schema, value, { subject: 'x.yaml', path: [], locate })
    const found = [...problems, ...(parsed.problems ?? [])]
    return areLocated(found, 'x.yaml', mutated) && !('a' in {})
  })
  expect(failureOf(property, 600)).toBeUndefined()
}, 60_000)

test('manifests in code', () => {
  const names = ['a', 'b', 'c', 'd']
  const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'value' },
      fc.constantFrom(
        ...names,
        '"x"',
        '1',
        '-1',
        '-"x"',
        'null',
        '`t`',
        '`${a}`',
        '/x/',
        '1n',
        'f()',
        'undefined',
      ),
      fc.constantFrom(
        '{ name: "good", version: "1.0.0" }',
        '{ ["name"]: "x" }',
        '{ __proto__: a }',
        '{ ...b }',
      ),
      fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
      fc
        .array(
          fc.tuple(
            fc.constantFrom('name', 'version', 'tags', 'requires', 'x', '"y-z"'),
            tie('value'),
          ),
          { maxLength: 4 },
        )
        .map((all) => `{ ${all.map(([key, each]) => `${key}: ${each}`).join(', ')} }`),
    ),
  })).value
  const module = fc
    .tuple(fc.array(value, { minLength: names.length, maxLength: names.length }), value)
    .map(
      ([values, manifest]) =>
        `import { plugin } from 'plugboard'\n${names.map((name, i) => `const ${name} = ${values[i]}`).join('\n')}\nexport default class extends plugin({ manifest: ${manifest} }) {}`,
    )
  const property = fc.property(module, (code) => {
    const { manifests, problems } = readManifests(
      parseModule({ path: 'plugins/a.ts', code, map: '' }),
    )
    return (
      manifests.length > 0 === (problems.length === 0) && areLocated(problems, 'plugins/a.ts', code)
    )
  })
  expect(failureOf(property, 1200)).toBeUndefined()
}, 60_000)

test('names that stand for themselves, or for more than memory holds, are no constants', () => {
  const doubled = Array.from({ length: 40 }, (_, i) => `const v${i} = [v${i + 1}, v${i + 1}]`)
  for (const code of ['const v0 = [v0]', [...doubled, 'const v40 = 1'].join('\n')]) {
    const text = `import { plugin } from 'plugboard'\n${code}\nexport default class extends plugin({ manifest: { name: 'a', version: '1.0.0', tags: v0 } }) {}`
    const parsed = parseModule({ path: 'plugins/a.ts', code: text, map: '' })
    expect(readManifests(parsed).problems).toMatchObject([{ code: 'manifest.invalid' }])
  }
})

test('the whole engine takes whatever it is given, and a good project afterwards', async () => {
  const bench = new Workbench()
  const code = pluginFile({ name: 'a' }, '', 'config: z.object({ rate: z.number() }).partial()')
  const files = { 'plugins/a.ts': code, 'plugins/head/head.ts': pluginFile({ name: 'b' }) }
  const property = fc.asyncProperty(edits, edits, edits, async (ofProject, ofPlugin, ofPackage) => {
    const { problems } = await bench.open(
      {
        ...files,
        'plugins/head/plugin.yaml': mutate(PLUGIN, ofPlugin),
        'packages/x/package.json': mutate(PACKAGE, ofPackage),
      },
      mutate(PROJECT, ofProject),
    )
    return problems.every(({ source }) => source !== undefined)
  })
  await fc.assert(property, { seed: SEED, numRuns: 40 })
  const { problems, plugins } = await bench.up({ 'plugins/a.ts': code })
  expect(problems).toEqual([])
  expect(plugins).toMatchObject([{ state: 'running' }])
}, 60_000)
