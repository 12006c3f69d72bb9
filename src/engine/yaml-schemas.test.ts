// The schemas that the editor has of plugboard.yaml and plugin.yaml.
import { expect, test } from 'vitest'
import { componentSchema, definePlugin, z } from '#sdk'
import { pluginFile, Workbench } from './testing/workbench.ts'

/** What a JSON schema has at a path of keys, through its references. */
function at(schema: object, path: string): unknown {
  const follow = (node: unknown): unknown => {
    const { $ref: ref } = Object(node) as { $ref?: string }
    return ref === undefined
      ? node
      : at(schema, decodeURIComponent(ref.slice(2)).replaceAll('/', ' '))
  }
  const step = (node: unknown, key: string): unknown =>
    (Object(follow(node)) as Record<string, unknown>)[key]
  return follow(path.split(' ').reduce(step, schema as unknown))
}

const USE = 'properties plugins properties use'
const TRAINING = 'properties experiment properties training properties'
const configOf = (name: string): string => `${USE} properties ${name} properties config`

const optimizer = definePlugin({
  manifest: {
    name: 'momentum',
    version: '1.0.0',
    provides: ['optimizer/momentum', 'attention/full'],
  },
  config: z.object({ clip: z.number().max(3).default(1).describe('longest gradient') }),
  methods: {
    initialize(ctx) {
      ctx.provide('optimizer', 'momentum', () => ({}) as never, {
        aliases: ['sgdm'],
        config: z.object({ rate: z.number() }),
      })
      const config = z.object({ attention: componentSchema.default('full') })
      ctx.provide('model', 'tiny', () => ({}) as never, { config })
    },
  },
})

test('[K11] the JSON schema of the project file has the settings of all plugins and components', async () => {
  const code = `const tree = z.object({ size: z.int(), get kids() { return z.array(tree).optional() } })`
  const files = {
    'plugins/a.ts': pluginFile(
      { name: 'a' },
      '',
      'config: z.object({ tree: z.lazy(() => tree) }).partial()',
    ).replace('export', `${code}\nexport`),
    'plugins/b/plugin.yaml':
      'name: b\nversion: 1.0.0\nconfiguration: { n: { type: int, required: true } }\n',
    'plugins/b/index.ts': `import { plugin } from 'plugboard'\nexport default class extends plugin({}) {}`,
  }
  const bench = new Workbench({ plugins: [optimizer] })
  await bench.open(files)
  const before = (await bench.engine.yamlSchemas())['plugboard.yaml']!
  expect(Object.keys(at(before, `${USE} properties`) as object).toSorted()).toEqual([
    'a',
    'b',
    'momentum',
  ])
  expect(at(before, `${USE} additionalProperties`)).toBe(false)
  expect(at(before, 'properties logging properties plugins')).toMatchObject({
    properties: { a: { enum: ['debug', 'info', 'warn', 'error'] }, b: {}, momentum: {} },
    additionalProperties: false,
  })
  // Known without running anything of the workspace.
  expect(at(before, configOf('momentum'))).toEqual({
    type: 'object',
    properties: {
      clip: { type: 'number', maximum: 3, default: 1, description: 'longest gradient' },
    },
    additionalProperties: false,
  })
  expect(at(before, configOf('b'))).toMatchObject({ required: ['n'] })
  expect(at(before, configOf('a'))).not.toHaveProperty('properties')
  expect(at(before, `${TRAINING} optimizer anyOf 0`)).toEqual({ enum: ['momentum'] })

  await bench.up(files, 'plugins: { use: { b: { config: { n: 1 } }, momentum: {} } }')
  const schema = (await bench.engine.yamlSchemas())['plugboard.yaml']!
  // One that holds itself.
  const tree = `${configOf('a')} properties tree`
  expect(at(schema, `${tree} properties kids items`)).toBe(at(schema, tree))
  expect(at(schema, tree)).toMatchObject({ required: ['size'], additionalProperties: false })
  expect(at(schema, `${TRAINING} optimizer anyOf 0`)).toEqual({ enum: ['momentum', 'sgdm'] })
  expect(at(schema, `${TRAINING} optimizer anyOf 1 properties name`)).toEqual({ const: 'momentum' })
  expect(at(schema, `${TRAINING} optimizer anyOf 1 properties config`)).toMatchObject({
    required: ['rate'],
  })
  // A component inside of a component's settings, by the key that holds it.
  const tiny = 'properties experiment properties model anyOf 1 properties config'
  expect(at(schema, `${tiny} properties attention`)).toMatchObject({
    default: 'full',
    anyOf: [{ enum: ['full'] }, {}],
  })
  expect(JSON.stringify(schema)).not.toContain('"component":true')
})

test('[K11] the JSON schema of plugin.yaml has the manifest, the entry and the settings', async () => {
  const schema = (await new Workbench({}).engine.yamlSchemas())['plugin.yaml']!
  expect(Object.keys(at(schema, 'properties') as object)).toEqual(
    expect.arrayContaining(['name', 'version', 'requires', 'entry', 'configuration']),
  )
  expect(at(schema, 'required')).toEqual(['name', 'version'])
  expect(at(schema, 'properties entry')).toMatchObject({ default: './index.ts' })
  expect(at(schema, 'additionalProperties')).toBe(false)
})
