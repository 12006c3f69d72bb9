// The command line itself: what it takes, and how it says that it does not.
import { writeFile } from 'node:fs/promises'
import { zipSync } from 'fflate'
import { expect, test, vi } from 'vitest'
import { encodeLink } from '#workspace'
import { folderOf, freshPath } from './folders.fixture.ts'
import { cli, CONFIG, LINE } from './line.fixture.ts'
import { parseSetting, withSettings } from './settings.ts'

// The compiler takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

test.each([
  [[], 'Name a command.'],
  [['walk'], "There is no command 'walk'."],
  [['run'], 'Name a workspace: the current folder has no plugboard.yaml.'],
  [['exec'], 'exec needs <workspace>.'],
  [['check', 'a', 'b'], "check takes no 'b'."],
  [['run', 'a', '--sett', 'b=1'], "Unknown option '--sett'."],
  [
    ['run', 'a', '--device', 'tpu'],
    "There is no device 'tpu': take one of auto, cpu, wasm, webgpu.",
  ],
  [
    ['test', 'a', '--log-level', 'loud'],
    "There is no log level 'loud': take one of debug, info, warn, error.",
  ],
  [
    ['run', 'a', '--set', 'b'],
    "--set takes a path and a value, such as experiment.training.epochs=1; 'b' is neither.",
  ],
  [['run', 'a', '--set', 'b=[1'], /^--set b: /],
  [['run', 'a', '--artefact-dir', ''], '--artefact-dir takes <folder>, which is empty here.'],
  [['run', 'a', '--set='], '--set takes <path=value>, which is empty here.'],
])('%j ends with code 2, one line and the usage', async (argv, message) => {
  const { code, out, err } = await cli(argv)
  expect([code, out]).toEqual([2, ''])
  const [first, blank, usage] = err.split('\n')
  expect(first).toMatch(message)
  expect([blank, usage]).toEqual(['', expect.stringMatching(/^Usage: plugboard /)])
})

test('--help lists commands, and the options of each', async () => {
  const { code, out } = await cli(['--help'])
  expect(code).toBe(0)
  expect(out).toMatch(/^ {2}run +trains/m)
  expect((await cli(['run', '--help'])).out).toMatch(/^ {2}--device <name> +auto, cpu/m)
})

const zipOf = async (folder = '') => {
  const path = freshPath('line.zip')
  const files = Object.entries(LINE).map(([name, text]) => {
    return [folder + name, new TextEncoder().encode(text)] as const
  })
  await writeFile(path, zipSync(Object.fromEntries(files)))
  return path
}

test.each([
  ['a folder', () => folderOf(LINE)],
  ['a zip', () => zipOf()],
  ['a zip of a folder', () => zipOf('line/')],
  ['a link', () => encodeLink({ name: 'line', files: new Map(Object.entries(LINE)) })],
  [
    'an address with a link',
    () =>
      `https://example.org/app/${encodeLink({ name: 'line', files: new Map(Object.entries(LINE)) })}`,
  ],
])('takes %s', async (_name, make) => {
  expect(await cli(['check', await make(), '--no-types'])).toMatchObject({ code: 0, err: '' })
})

test('says what is wrong with a workspace that cannot be read', async () => {
  const link = encodeLink({ name: 'line', files: new Map(Object.entries(LINE)) })
  const text = freshPath('text.zip')
  await writeFile(text, 'no zip')
  const tries: [string, RegExp][] = [
    ['/nowhere', /^error: There is no folder or zip '\/nowhere'\./],
    ['https://example.org/', /holds no workspace/],
    [link.slice(0, -20), /cut off/],
    [text, /is no zip that can be read/],
    [await folderOf({ 'a b.txt': '' }), /cannot be a workspace: "a b\.txt"/],
    [await folderOf({ 'README.md': '' }), /is no workspace: it has no plugboard\.yaml/],
    [await folderOf({ 'a/b/plugboard.yaml': '' }), /not at the top, but a\/b\/plugboard\.yaml/],
  ]
  for (const [target, message] of tries) {
    const { code, err } = await cli(['check', target])
    expect(err).toMatch(message)
    expect(code).toBe(1)
  }
})

const set = async (...settings: string[]) => {
  const files = new Map([['plugboard.yaml', CONFIG]])
  return (await withSettings(files, settings.map(parseSetting))).get('plugboard.yaml')
}

test('--set changes and adds values where they stand, comments and lines kept', async () => {
  expect(await set('experiment.seed=7', 'plugins.use.teller.config.every=2')).toBe(
    CONFIG.replace('seed: 3', 'seed: 7').replace('every: 5', 'every: 2'),
  )
  expect(await set('experiment.training.optimizer=adamw')).toBe(
    CONFIG.replace(/optimizer: .*/, 'optimizer: adamw'),
  )
  expect(await set('plugins.use["acme.gelu"].enabled=false')).toContain(
    'teller: { config: { every: 5 } }\n    acme.gelu:\n      enabled: false\n',
  )
  expect(
    await set('experiment.training.metrics=[accuracy]', 'experiment.training.metrics[0]=mae'),
  ).toContain('metrics: [mae]\n')
})

test('--set names what is in a list by its index, or what comes after it', async () => {
  const inList = (path: string) =>
    [`plugins.tags=[a, b]`, `plugins.tags${path}=c`].map(parseSetting)
  const set = (path: string) => withSettings(new Map([['plugboard.yaml', '']]), inList(path))
  expect((await set('[2]')).get('plugboard.yaml')).toContain('tags: [a, b, c]\n')
  for (const path of ['[3]', '.x'])
    await expect(set(path)).rejects.toThrow(
      /plugins\.tags is a list of 2, .* the next as plugins\.tags\[2\]/,
    )
})

test('--set leads through no plain value, and its paths are for the schema to judge', async () => {
  const folder = await folderOf(LINE)
  const through = await cli(['check', folder, '--no-types']).then(() =>
    cli(['run', folder, '--set', 'experiment.model.config.width=3']),
  )
  expect(through.code).toBe(2)
  expect(through.err).toMatch(/experiment\.model is "line_model", which has nothing inside/)
  const unknown = await cli(['run', folder, '--set', 'experiment.training.epoch=1'])
  expect(unknown.code).toBe(1)
  expect(unknown.err).toMatch(/plugboard\.yaml:\d+:5: error: .*`experiment\.training\.epoch`/)
  expect(unknown.err).toContain('epochs')
})
