// Edits of project files: what is not meant stays as it was, to the letter.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Edit, linesOf, readProject, withEdit } from './project-edit.ts'

const PROJECT = `# what it is about
experiment: # of one
  dataset:  digits   # small

  training:
    optimizer: # the usual
      name: adamw
      config: { learning_rate: 0.01 }

    metrics: [accuracy]   # more to come
  validators:
    - size
    # the strict one
    - name: depth
      config: { limit: 3 }
  # the end

plugins:
    use: {}
`

/** Lines that the edit takes from \`text\` and puts in their place. */
function changes(text: string, edit: Edit): { gone: string[]; come: string[] } {
  const before = text.split('\n')
  const after = withEdit(text, edit).split('\n')
  return {
    gone: before.filter((line) => !after.includes(line)),
    come: after.filter((line) => !before.includes(line)),
  }
}

const at = (path: string, value: unknown, isItem = false): Edit => ({
  path: path.split('.'),
  value,
  isItem,
})

test.each<[string, Edit, string[], string[]]>([
  [
    'a value',
    at('experiment.dataset', { name: 'mine', config: { rows: 3 } }),
    ['  dataset:  digits   # small'],
    ['  dataset: { name: mine, config: { rows: 3 } }   # small'],
  ],
  [
    'a map of several lines',
    at('experiment.training.optimizer', 'lion'),
    ['    optimizer: # the usual', '      name: adamw', '      config: { learning_rate: 0.01 }'],
    ['    optimizer: lion'],
  ],
  [
    'a value inside of such a map',
    at('experiment.training.optimizer.config.decay', 0.1),
    ['      config: { learning_rate: 0.01 }'],
    ['      config: { learning_rate: 0.01, decay: 0.1 }'],
  ],
  [
    'an item of a list on one line',
    at('experiment.training.metrics', { name: 'mine' }, true),
    ['    metrics: [accuracy]   # more to come'],
    ['    metrics: [accuracy, { name: mine }]   # more to come'],
  ],
  [
    'an item of a list of lines',
    at('experiment.validators', { name: 'mine', config: {} }, true),
    [],
    ['    - { name: mine, config: {} }'],
  ],
  [
    'a setting that was not there',
    at('experiment.training.schedule', 'cosine'),
    [],
    ['    schedule: cosine'],
  ],
  [
    'a list that was not there',
    at('experiment.augment', 'shift', true),
    [],
    ['  augment: [shift]'],
  ],
  [
    'a path of which nothing was there',
    at('schedules.values.noise', [1, 'a: b']),
    [],
    ['schedules:', '  values:', '    noise: [1, "a: b"]'],
  ],
  [
    'a key of an empty map',
    at('plugins.use.mine', { config: { every: 2 } }),
    ['    use: {}'],
    ['    use: { mine: { config: { every: 2 } } }'],
  ],
])('writes %s', (_name, edit, gone, come) => {
  expect(changes(PROJECT, edit)).toEqual({ gone, come })
})

test('puts a new item right after the last one', () => {
  expect(withEdit(PROJECT, at('experiment.validators', 'mine', true))).toContain(
    '      config: { limit: 3 }\n    - mine\n  # the end\n',
  )
})

test.each([
  ['', 'a:\n  b: 1\n'],
  ['# only a comment', '# only a comment\na:\n  b: 1\n'],
  ['a:', 'a: { b: 1 }'],
  ['a: # nothing yet\n', 'a: { b: 1 } # nothing yet\n'],
  ['a: ~\nc: 2\n', 'a: { b: 1 }\nc: 2\n'],
  ['{ a: { c: 2 }, d: 3 }', '{ a: { c: 2, b: 1 }, d: 3 }'],
  ['a:\n  c: |\n    text\n', 'a:\n  c: |\n    text\n  b: 1\n'],
  ['a:\r\n  c: 2\r\nd: 3\r\n', 'a:\r\n  c: 2\n  b: 1\r\nd: 3\r\n'],
  ['---\n"a":\n  c: 2\n', '---\n"a":\n  c: 2\n  b: 1\n'],
])('sets a.b of %j', (before, after) => {
  const text = withEdit(before, at('a.b', 1))
  expect(text.replaceAll('\r', '')).toBe(after.replaceAll('\r', ''))
})

test.each(['a: &x\n  c: 2\nd: *x\n', '? a\n: c: 2\n', 'a: !!map\n  c: 2\n'])(
  'sets a.b of %j by the rules of YAML',
  (text) => expect(parse(withEdit(text, at('a.b', 1)))).toMatchObject({ a: { b: 1, c: 2 } }),
)

test.each(['a:\n  - 1\n', "a: 'text'\n"])('says that %j has no room for a.b', (text) =>
  expect(() => withEdit(text, at('a.b', 1))).toThrow(/b/),
)

test('reads what is a project, and nothing else', () => {
  expect(readProject('a: 1')).toEqual({ a: 1 })
  expect(readProject('# nothing')).toEqual({})
  for (const text of ['a: [', '- 1', 'text', 'a: 1\na: 2'])
    expect(readProject(text)).toBeUndefined()
})

test('shows an edit as lines to write', () => {
  expect(linesOf(at('experiment.training.metrics', { name: 'mine' }, true))).toBe(
    'experiment:\n  training:\n    metrics: [{ name: mine }]',
  )
})
