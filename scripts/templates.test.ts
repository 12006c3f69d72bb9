// A plugin from each template, under a name of one's own: it has no type errors, passes its own test and trains.
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parseSetting, withSettings } from '#cli'
import type { EngineEvent } from '#protocol'
import { builtinKinds } from '#sdk'
import { loadTemplates, type PluginKind, pluginKinds, PROJECT_FILE } from '#workspace'
import {
  dataOf,
  expectNoTrouble,
  isEnd,
  lastOf,
  openWorkspace,
  type OpenWorkspace,
} from './examples/run-workspace.ts'
import { typeErrorsOf } from './type-check.ts'

const MINUTES = 120_000
vi.setConfig({ testTimeout: MINUTES })

const kinds = Object.keys(pluginKinds) as PluginKind[]
const { planPlugin } = await loadTemplates()

const nameOf = (kind: PluginKind): string => `blue_${kind}_2`

/** The workspace that begins with a plugin of a kind. */
const made = (kind: PluginKind): Map<string, string> =>
  new Map(planPlugin({ kind, name: nameOf(kind), files: new Map(), plugins: [] }).files)

test('[K22] there is a template for each kind of contribution', () => {
  expect(kinds).toEqual(expect.arrayContaining(Object.keys(builtinKinds)))
})

test('[K22] plugins from templates and their tests have no type errors', async () => {
  expect(await typeErrorsOf(kinds.flatMap((kind) => [...made(kind)]))).toBe('')
})

/** What one sees of a plugin in a run, besides that it is named there. */
const visible: Partial<Record<PluginKind, (events: EngineEvent[]) => void>> = {
  callback: (events) =>
    expect(logs(events)).toContainEqual(expect.stringMatching(/^epoch 1: loss/)),
  panel: (events) =>
    expect(dataOf(events, 'panel.shown')).toContainEqual(
      expect.objectContaining({ id: 'blue_panel_2' }),
    ),
  service: (events) => expect(logs(events)).toContainEqual(expect.stringMatching(/^lowest loss: /)),
  dataset: (events) => expect(dataOf(events, 'run.begin')).toMatchObject([{ trainRows: 2700 }]),
  sampler: (events) => expect(dataOf(events, 'run.begin')).toMatchObject([{ stepsPerEpoch: 50 }]),
  metric: (events) => expect(lastOf(events, 'val_blue_metric_2')).toBeGreaterThan(0),
  validator: (events) =>
    expect(logs(events)).toContainEqual(expect.stringContaining('more than 20000')),
}

const logs = (events: EngineEvent[]): string[] =>
  dataOf(events, 'log').map(({ message }) => message)

describe.each(kinds)('[K22] a plugin of kind %s', (kind) => {
  const name = nameOf(kind)
  const whole = made(kind)
  let files: Map<string, string>
  let workspace: OpenWorkspace
  beforeAll(async () => {
    const short = await withSettings(whole, [parseSetting('experiment.training.max_steps=4')])
    files = new Map(short) as Map<string, string>
    workspace = await openWorkspace(files, 'wasm')
  }, MINUTES)

  /** Trains to the end. Resolves with what was told of it last. */
  async function run() {
    const ended = workspace.next(isEnd)
    await workspace.engine.startRun()
    await ended
    return dataOf(workspace.events, 'run.state').at(-1)!
  }

  test('has names of its own everywhere', () => {
    const text = [...whole].flat().join('\n')
    expect(text).not.toMatch(/\bmy[_-]|\bMy[A-Z]|My [a-z]/)
    const file = name.replaceAll('_', '-')
    const path = kind === 'graph' ? `models/${name}.yaml` : `plugins/${file}.ts`
    expect([...whole.keys()]).toEqual([path, `tests/${file}.test.ts`, PROJECT_FILE])
  })

  test('passes its own test', async () => {
    const { engine, events } = workspace
    const { passed } = await engine.test()
    const results = dataOf(events, 'test.result')
    expect(results.filter(({ state }) => state !== 'passed')).toEqual([])
    expect(passed).toBeGreaterThan(1)
  })

  test('takes part in the project that was made for it', async () => {
    await run()
    expectNoTrouble(workspace.events)
    visible[kind]?.(workspace.events)
    const { plugins } = await workspace.engine.report()
    const plugin = kind === 'graph' ? `models.${name}` : name
    const { state, contributions } = plugins.find(({ manifest }) => manifest.name === plugin)!
    expect(state).toBe('running')
    const contributed = contributions.map((each) => each.kind)
    expect(contributed.includes(kind)).toBe(kind in builtinKinds)
  })

  test('has its setting in the project file, where a wrong one is told', async () => {
    const project = files.get(PROJECT_FILE)!
    const setting = new RegExp(`(${name}(?:, config:|: \\{ config:) \\{ )\\w+`)
    expect(project).toMatch(setting)
    const wrong = new Map(files).set(PROJECT_FILE, project.replace(setting, '$1nonsense'))
    const reports = [await workspace.edit(wrong), await workspace.engine.activate()]
    // Settings of parts inside of a model are read when it is built.
    const error = reports.flatMap(({ problems }) => problems)[0] ?? (await run()).error
    expect(error).toMatchObject({
      message: expect.stringContaining('`nonsense`'),
      source: { file: PROJECT_FILE },
    })
  })
})
