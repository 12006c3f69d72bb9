// The example tour-k-bert learns both of its tasks, and its project file says what comes up.
import { beforeAll, describe, expect, test } from 'vitest'
import { parseSetting, withSettings } from '#cli'
import type { EngineEvent, EventData, ProjectReport } from '#protocol'
import { encodeLink } from '#workspace'
import {
  dataOf,
  expectNoTrouble,
  lastOf,
  openWorkspace,
  readExample,
  runWorkspace,
  trainExample,
  type WorkspaceFiles,
} from './run-workspace.ts'

const NAME = 'tour-k-bert'
const MINUTES = 60_000

describe('three epochs of its eight', () => {
  let events: EngineEvent[]
  beforeAll(async () => {
    events = await trainExample(NAME, 'epochs=3')
  }, 5 * MINUTES)

  test('tell lists apart better than the last letter does, and count syllables', () => {
    expectNoTrouble(events)
    const [lastLetter] = dataOf(events, 'run.reference')
    expect(lastLetter).toMatchObject({ metric: 'val_gender_accuracy', label: 'last letter' })
    expect(lastLetter!.value).toBeGreaterThan(0.7)
    expect(lastOf(events, 'val_gender_accuracy')).toBeGreaterThan(lastLetter!.value + 0.03)
    expect(lastOf(events, 'val_gender_f1')).toBeGreaterThan(0.78)
    expect(lastOf(events, 'val_syllables_accuracy')).toBeGreaterThan(0.8)
  })

  test('show after each what the model thinks of names, and what the data say', () => {
    const shown = dataOf(events, 'panel.shown').filter(({ id }) => id === 'guesses')
    expect(shown).toHaveLength(3)
    const last = shown.at(-1)!.content as { rows: string[][]; caption: string }
    expect(last.caption).toBe('after epoch 3')
    expect(last.rows).toHaveLength(9 * 2)
    expect(last.rows).toContainEqual([
      'Zoë',
      'gender',
      expect.stringMatching(/^(fe)?male, \d+ % sure$/),
      expect.any(String),
      expect.any(String),
    ])
    expect(last.rows.filter((row) => row[3] === 'right').length).toBeGreaterThan(3)
  })
})

test(
  '[K23] its custom transformer learns both tasks, in place of the small model',
  async () => {
    const settings = [
      'preprocess=[{name: encode_text, config: {context: 16}}]',
      'model={name: custom_transformer, config: {num_layers: 2}}',
      'training.epochs=3',
    ]
    const files = await changed(...settings.map((setting) => `experiment.${setting}`))
    const events = await runWorkspace(files, 'wasm')
    expectNoTrouble(events)
    const [lastLetter] = dataOf(events, 'run.reference')
    expect(lastOf(events, 'val_gender_accuracy')).toBeGreaterThan(lastLetter!.value + 0.02)
    expect(lastOf(events, 'val_syllables_accuracy')).toBeGreaterThan(0.7)
    const [{ parameters }] = dataOf(events, 'run.begin') as [EventData<'run.begin'>]
    expect(parameters.map(({ path }) => path)).toContain('model.layers.1.attention.query.weight')
  },
  10 * MINUTES,
)

async function changed(...settings: string[]): Promise<WorkspaceFiles> {
  const parsed = settings.map(parseSetting)
  return (await withSettings(await readExample(NAME), parsed)) as WorkspaceFiles
}

async function reportOf(...settings: string[]): Promise<ProjectReport> {
  const { engine } = await openWorkspace(await changed(...settings), 'cpu')
  return engine.activate()
}

const stateOf = ({ plugins }: ProjectReport, name: string): string | undefined =>
  plugins.find(({ manifest }) => manifest.name === name)?.state

describe('[K10] its project file', () => {
  test('brings all of its plugins up, one in place of a built-in', async () => {
    const report = await reportOf()
    expect(report.problems).toEqual([])
    const own = report.plugins.filter(({ origin }) => origin === 'workspace')
    expect(own.map(({ state }) => state)).toEqual(own.map(() => 'running'))
    const replacing = own.filter(({ replacesBuiltin }) => replacesBuiltin)
    expect(replacing.map(({ manifest }) => manifest.name)).toEqual(['multi_task_head'])
  })

  test('leaves categories down that it does not name, but for what the experiment needs', async () => {
    const report = await reportOf('plugins.categories=[dataset]')
    expect(stateOf(report, 'single_task_head')).toBe('discovered')
    expect(stateOf(report, 'multi_task_head')).toBe('running')
    expect(stateOf(report, 'guesses')).toBe('running')
  })

  test('may leave initializing and starting to the user', async () => {
    expect(stateOf(await reportOf('plugins.auto_start=false'), 'fair_copy')).toBe('initialized')
    expect(stateOf(await reportOf('plugins.auto_initialize=false'), 'fair_copy')).toBe('loaded')
  })

  test('has a wrong setting marked at its line', async () => {
    const { problems } = await reportOf('plugins.use.guesses.config.names=[Ada, "007"]')
    const text = (await changed('plugins.use.guesses.config.names=[Ada, "007"]')).get(
      'plugboard.yaml',
    )!
    expect(problems).toMatchObject([
      { message: expect.stringContaining('a name has letters'), plugin: 'guesses' },
    ])
    const { file, line } = problems[0]!.source!
    expect([file, text.split('\n')[line - 1]]).toEqual([
      'plugboard.yaml',
      expect.stringContaining('007'),
    ])
  })
})

test('is small enough for a link', async () => {
  const files = await readExample(NAME)
  expect(encodeLink({ name: NAME, files }).length).toBeLessThan(60_000)
})
