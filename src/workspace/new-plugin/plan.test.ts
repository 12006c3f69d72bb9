// What making a plugin comes to, and when it is refused.
import { describe, expect, test } from 'vitest'
import { manifestSchema } from '#sdk'
import type { Files } from '../files.ts'
import { PROJECT_FILE } from '../project.ts'
import { planPlugin, planProblem, type PluginRequest } from './plan.ts'
import { readConfig, valueAt } from '../yaml/index.ts'
import { pluginTexts } from './texts.ts'
import { namesOf } from './names.ts'

const info = (name: string, origin: 'builtin' | 'workspace', ...provides: string[]) => ({
  manifest: manifestSchema.parse({ name, version: '1.0.0', provides }),
  origin,
  file: origin === 'workspace' ? `plugins/${name}.ts` : undefined,
})

const plugins = [
  info('adamw', 'builtin', 'optimizer/adamw', 'optimizer/adam'),
  info('step-log', 'workspace'),
]

const request = (changes: Partial<PluginRequest> = {}): PluginRequest => ({
  kind: 'loss',
  name: 'blue',
  files: new Map(),
  plugins,
  ...changes,
})

test.each<[string, Partial<PluginRequest>, RegExp]>([
  ['a bad name', { name: 'Blue' }, /"Blue" is no name for a plugin/],
  ['a built-in name', { name: 'adamw' }, /adamw is a built-in plugin, .* stand in .* fork/],
  [
    'a name of the workspace',
    { name: 'step_log' },
    /a plugin step-log already, in plugins\/step-log/,
  ],
  [
    'a name of a contribution',
    { kind: 'optimizer', name: 'adam' },
    /The optimizer adam comes from the plugin adamw.*override: true/,
  ],
  [
    'a file that is there',
    { files: new Map([['plugins/blue.ts', '']]) },
    /There is a file named plugins\/blue.ts already/,
  ],
  [
    'a test that is there',
    { files: new Map([['tests/blue.test.ts', '']]) },
    /There is a file named tests\/blue.test.ts already/,
  ],
  [
    'more files than a workspace holds',
    { files: new Map(Array.from({ length: 498 }, (_, i) => [`data/${i}`, ''])) },
    /at most 500 files/,
  ],
  ['a file in the way of a folder', { files: new Map([['plugins', '']]) }, /plugins is a file/],
])('refuses %s', (_name, changes, message) => {
  expect(planProblem(request(changes))).toMatch(message)
  expect(() => planPlugin(request(changes))).toThrow(message)
})

test('takes a name that only contributions of another kind have', () => {
  expect(planProblem(request({ kind: 'schedule', name: 'adam' }))).toBeUndefined()
})

test.each(['module', 'map', 'highway', 'layer_net', 'error', 'asker'])(
  'a class does not take the name of something else in its file: %s',
  (name) => {
    for (const kind of ['layer', 'callback', 'service', 'panel'] as const) {
      const { plugin, test: testText } = pluginTexts(kind, namesOf(name))
      const [, className] = /^export default class (\w+)/m.exec(plugin)!
      const [, imported] = /^import (\w+).* from '\.\.\/plugins/m.exec(testText)!
      expect(imported).toBe(className)
      const declared = [...plugin.matchAll(/(?:class|const|interface|type|import) (\w+)/g)]
      const classes = declared.filter(([, declaredName]) => declaredName === className)
      expect(classes).toHaveLength(1)
    }
  },
)

const DIGITS = `# mine
experiment:
  dataset: digits
  model: mlp
  training:
    epochs: 3 # enough
    loss: cross_entropy
`

const plan = (text: string, changes: Partial<PluginRequest>) => {
  const files: Files = new Map([[PROJECT_FILE, text]])
  return planPlugin(request({ files, ...changes }))
}

describe('the project file', () => {
  test('is made where there is none, with the plugin in it', () => {
    const { files, project } = planPlugin(request())
    const made = readConfig(files.get(PROJECT_FILE)!).value
    expect(valueAt(made, ['experiment', 'training', 'loss'])).toEqual({
      name: 'blue',
      config: { margin: 1 },
    })
    expect(project).toMatchObject({ isLeft: false, replaces: undefined })
  })

  test('gets a line more where that replaces nothing and suits any experiment', () => {
    const { files, project } = plan(DIGITS, { kind: 'schedule' })
    expect(files.get(PROJECT_FILE)).toBe(
      `${DIGITS}    schedule: { name: blue, config: { power: 1 } }\n`,
    )
    expect(project.isLeft).toBe(false)
  })

  test.each([undefined, false])('stays as it is where something is replaced (%s)', (isUsed) => {
    const { files, project, needs } = plan(DIGITS, { kind: 'loss', isUsed })
    expect([...files.keys()]).toEqual(['plugins/blue.ts', 'tests/blue.test.ts'])
    expect(project).toEqual({
      text: undefined,
      lines: 'experiment:\n  training:\n    loss: { name: blue, config: { margin: 1 } }',
      isLeft: true,
      replaces: 'cross_entropy',
    })
    expect(needs).toContain('logits')
  })

  test('names it in place of another where that is wished', () => {
    const { files } = plan(DIGITS, { kind: 'loss', isUsed: true })
    expect(files.get(PROJECT_FILE)).toBe(
      DIGITS.replace('cross_entropy', '{ name: blue, config: { margin: 1 } }'),
    )
  })

  test('is left alone for what only some experiments can use', () => {
    expect(plan(DIGITS, { kind: 'metric' }).project.isLeft).toBe(true)
    expect(plan(DIGITS, { kind: 'attention' }).project.isLeft).toBe(true)
  })

  test('gets parts of gpt where the model is gpt, named with or without settings', () => {
    const part = { name: 'blue', config: { slope: 1 } }
    for (const [model, config] of [
      ['gpt', { attention: part }],
      ['{ name: gpt, config: { layers: 1 } }', { layers: 1, attention: part }],
    ] as const) {
      const text = DIGITS.replace('model: mlp', `model: ${model}`)
      const { files } = plan(text, { kind: 'attention' })
      const made = readConfig(files.get(PROJECT_FILE)!).value
      expect(valueAt(made, ['experiment', 'model'])).toEqual({ name: 'gpt', config })
    }
  })

  test('gets an experiment where it has none, and keeps what it says', () => {
    const text = '# mine\nplugins:\n  use: {}\n'
    const { files } = plan(text, { kind: 'callback' })
    const changed = files.get(PROJECT_FILE)!
    expect(changed).toContain('# mine')
    expect(readConfig(changed).value).toMatchObject({
      experiment: { dataset: 'digits' },
      plugins: { use: { blue: { config: { metric: 'loss' } } } },
    })
    expect(plan(text, { kind: 'loss', isUsed: false }).project.text).toBeUndefined()
  })

  test('stays as it is with mistakes of its own, or where something is in the way', () => {
    for (const text of ['experiment: [', '- 1', DIGITS.replace(/training:[^]*/, 'training: 3\n')])
      expect(plan(text, { kind: 'schedule' }).project).toMatchObject({
        text: undefined,
        isLeft: true,
      })
  })

  test('keeps settings that are there for a plugin of that name', () => {
    const text = `${DIGITS}plugins: { use: { blue: { enabled: false } } }\n`
    expect(plan(text, { kind: 'panel' }).project).toMatchObject({ text: undefined, isLeft: false })
  })
})
