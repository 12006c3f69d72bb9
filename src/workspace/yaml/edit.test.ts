// Edits of settings: they say what was wished, and leave every comment and all other settings as they were.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Path, readConfig } from './document.ts'
import { removeValue, setValue, swapWithNext } from './edit.ts'
import { isSetAt, valueAt, withoutValue, withSwapped, withValue } from './values.ts'

const TEXT = `# A small GPT.
experiment:
  name: names # of the run
  dataset: names

  # One step from text to batches.
  preprocess:
    - name: next_token # shifts by one
      config: { context: 12 }
  model:
    name: gpt
    config: { layers: 2, heads: 4 } # small
  training:
    epochs: 4
    metrics: [accuracy, perplexity]

plugins:
  use:
    charts: {}
    # Yours to change.
    step_log: { config: { every_steps: 50 } }
`

const MODEL = ['experiment', 'model']
const TRAINING = ['experiment', 'training']

test.each<[string, (text: string) => string, string, string]>([
  ['a number', (text) => setValue(text, [...TRAINING, 'epochs'], 5), 'epochs: 4', 'epochs: 5'],
  [
    'a value inside of brackets',
    (text) => setValue(text, [...MODEL, 'config', 'heads'], 8),
    'heads: 4',
    'heads: 8',
  ],
  [
    'a key more inside of brackets',
    (text) => setValue(text, [...MODEL, 'config', 'width'], 32),
    'heads: 4 }',
    'heads: 4, width: 32 }',
  ],
  [
    'a line more',
    (text) => setValue(text, [...TRAINING, 'optimizer', 'name'], 'sgd'),
    'perplexity]\n',
    'perplexity]\n    optimizer:\n      name: sgd\n',
  ],
  [
    'an item more of a list in lines',
    (text) => setValue(text, ['experiment', 'preprocess', 1], 'impute'),
    'context: 12 }\n',
    'context: 12 }\n    - impute\n',
  ],
  [
    'an item more of a list in brackets',
    (text) => setValue(text, [...TRAINING, 'metrics', 2], 'f1'),
    'perplexity]',
    'perplexity, f1]',
  ],
  [
    'settings of one that had none',
    (text) => setValue(text, ['plugins', 'use', 'charts', 'enabled'], false),
    'charts: {}',
    'charts: { enabled: false }',
  ],
  [
    'lines by a value, their comment kept',
    (text) => setValue(text, ['experiment', 'preprocess'], []),
    '  preprocess:\n    - name: next_token # shifts by one\n      config: { context: 12 }\n',
    '  preprocess: []\n',
  ],
  [
    'out of brackets',
    (text) => removeValue(text, [...MODEL, 'config', 'layers']),
    'layers: 2, ',
    '',
  ],
  [
    'the last out of brackets',
    (text) => removeValue(text, [...TRAINING, 'metrics', 1]),
    ', perplexity',
    '',
  ],
  ['a line out', (text) => removeValue(text, ['plugins', 'use', 'charts']), '    charts: {}\n', ''],
  [
    'the only one of its list out',
    (text) => removeValue(text, ['experiment', 'preprocess', 0]),
    '  preprocess:\n    - name: next_token # shifts by one\n      config: { context: 12 }\n',
    '  preprocess: []\n',
  ],
  [
    'items in another order',
    (text) => swapWithNext(text, [...TRAINING, 'metrics', 0]),
    'accuracy, perplexity',
    'perplexity, accuracy',
  ],
  [
    'a text that needs quotes',
    (text) => setValue(text, ['experiment', 'name'], 'a: b # c'),
    'name: names',
    "name: 'a: b # c'",
  ],
])('writes %s', (_what, edit, before, after) => {
  const wanted = TEXT.replace(before, () => after)
  expect(edit(TEXT).replaceAll('"', "'")).toBe(wanted)
  const windows = TEXT.replaceAll('\n', '\r\n')
  expect(edit(windows).replaceAll('"', "'")).toBe(wanted.replaceAll('\n', '\r\n'))
})

test('makes a section in a file that has none, and in one of comments only', () => {
  expect(setValue('', ['experiment', 'seed'], 3)).toBe('experiment:\n  seed: 3\n')
  expect(setValue('# mine', ['experiment', 'seed'], 3)).toBe('# mine\nexperiment:\n  seed: 3\n')
  expect(setValue('experiment:\nplugins: {}\n', ['experiment', 'seed'], 3)).toBe(
    'experiment: { seed: 3 }\nplugins: {}\n',
  )
})

test.each([
  ['a:', 'a: { b: 1 }'],
  ['a: # nothing yet\n', 'a: { b: 1 } # nothing yet\n'],
  ['a: ~\nc: 2\n', 'a:\n  b: 1\nc: 2\n'],
  ['{ a: { c: 2 }, d: 3 }', '{ a: { c: 2, b: 1 }, d: 3 }'],
  ['a:\n  c: |\n    text\n', 'a:\n  c: |\n    text\n  b: 1\n'],
  ['---\n"a":\n  c: 2\n', '---\n"a":\n  c: 2\n  b: 1\n'],
])('sets a.b of %j', (before, after) => {
  expect(setValue(before, ['a', 'b'], 1)).toBe(after)
})

test.each(['? a\n: c: 2\n', 'a: !!map\n  c: 2\n'])('sets a.b of %j by the rules of YAML', (text) =>
  expect(readConfig(setValue(text, ['a', 'b'], 1)).value).toEqual({ a: { b: 1, c: 2 } }),
)

test.each<[string, Path, RegExp]>([
  ["a: 'text'\n", ['a', 'b'], /^a is "text", which has nothing inside/],
  ['a:\n  - 1\n', ['a', 'b'], /^a is a list of 1, which has no 'b'/],
  ['a: { b: [1] }\n', ['a', 'b', 2], /^a\.b is a list of 1, .* the next as a\.b\[1\]/],
])('what stands in the way stays: %j at %j', (text, path, message) => {
  expect(() => setValue(text, path, 1)).toThrow(message)
})

test('a value too long for a line stands in lines, with a comment where it was', () => {
  const config = { file: 'data/birds.csv', columns: { weight: 'number', species: 'category' } }
  const dataset = { name: 'table', config: { ...config, note: 'x'.repeat(60), list: [1, 2] } }
  const lines = (indent: string): string =>
    [
      'name: table',
      'config:',
      '  file: data/birds.csv',
      '  columns: { weight: number, species: category }',
      `  note: ${'x'.repeat(60)}`,
      '  list: [1, 2]',
    ]
      .map((line) => indent + line)
      .join('\n')
  expect(setValue('a:\n  b: names # mine\n', ['a', 'b'], dataset)).toBe(
    `a:\n  b:\n${lines('    ')} # mine\n`,
  )
  expect(setValue('a:\n  - 1\n', ['a', 1], dataset)).toBe(
    `a:\n  - 1\n  - ${lines('    ').trimStart()}\n`,
  )
  expect(setValue('', ['a'], [dataset])).toBe(`a:\n  - ${lines('    ').trimStart()}\n`)
})

test('refuses what other settings share through an alias, and a broken text', () => {
  const shared = 'a: &x { n: 1 }\nb: *x\n'
  expect(() => setValue(shared, ['a', 'n'], 2)).toThrow(/a\.n is written with an alias/)
  expect(setValue(shared, ['b'], 2)).toBe('a: &x { n: 1 }\nb: 2\n')
  expect(() => setValue('a: [1', ['a'], 2)).toThrow(/has a mistake; correct it first/)
})

describe('whatever the file is like', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'name', 'config', 'two words', '__proto__', '1')
  const scalar = fc.oneof(
    fc.integer({ min: -9, max: 99 }).map(String),
    fc.constantFrom('plain', '"quoted # text"', "'it''s'", 'true', '~', '1e-3', 'a, b'),
  )
  const inFlow = fc.constantFrom('1', 'plain', '"x, y"', 'false', '[1, 2]', '{ a: 1 }', '[]', '{}')
  const comment = fc.constantFrom('', '', ' # on the line')
  const above = fc.constantFrom('', '', '', '# above\n', '\n', '\n# far above\n\n')

  /** Lines of a map or list, every one of them indented by `indent`. */
  const block = (depth: number, indent: string): fc.Arbitrary<string> => {
    const value = (inner: string): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 3, arbitrary: fc.tuple(scalar, comment).map(([it, more]) => ` ${it}${more}\n`) },
        fc.tuple(fc.array(inFlow), comment).map(([all, more]) => ` [${all.join(', ')}]${more}\n`),
        fc
          .tuple(fc.uniqueArray(key, { maxLength: 3 }), inFlow, comment)
          .map(([keys, it, more]) => ` { ${keys.map((k) => `${k}: ${it}`).join(', ')} }${more}\n`),
        fc.constant('\n'),
        ...(depth > 0
          ? [
              fc
                .tuple(comment, block(depth - 1, `${inner}  `))
                .map(([more, it]) => `${more}\n${it}`),
            ]
          : []),
      )
    const lines = (text: string): string => text.replaceAll(/^(?=#)/gm, indent)
    const map = fc
      .uniqueArray(fc.tuple(key, above, value(indent)), {
        selector: ([name]) => name,
        minLength: 1,
        maxLength: 4,
      })
      .map((all) => all.map(([k, over, it]) => `${lines(over)}${indent}${k}:${it}`).join(''))
    const list = fc
      .array(fc.tuple(above, fc.oneof(scalar, inFlow)), { minLength: 1, maxLength: 3 })
      .map((all) => all.map(([over, it]) => `${lines(over)}${indent}- ${it}\n`).join(''))
    return indent === '' ? map : fc.oneof({ weight: 3, arbitrary: map }, list)
  }

  const written = block(2, '').filter((text) => readConfig(text).problem === undefined)
  const anyValue = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.string({ maxLength: 8 }),
    fc.constantFrom<unknown>([], {}, ['x', 2], { name: 'gpt', config: { layers: 2 } }),
  )

  const pathsOf = (value: unknown, path: Path = []): Path[] =>
    typeof value !== 'object' || value === null
      ? [path]
      : [
          ...(path.length > 0 ? [path] : []),
          ...Object.entries(value).flatMap(([k, each]) =>
            pathsOf(each, [...path, Array.isArray(value) ? Number(k) : k]),
          ),
        ]

  /** Comments of a text, in their order; none of the texts above has a `# ` in a value but one. */
  const comments = (text: string): string[] =>
    text.replaceAll('"quoted # text"', '').match(/# (?:above|far above|on the line)/g) ?? []

  const place = fc.nat()
  const at = (text: string, n: number): Path => {
    const paths = pathsOf(readConfig(text).value)
    return paths[n % paths.length]!
  }

  test('setting says what was wished, and takes no comment from outside of what it replaces', () => {
    fc.assert(
      fc.property(written, place, anyValue, fc.boolean(), (text, n, value, isNew) => {
        const there = at(text, n)
        const path = isNew ? [...there.slice(0, -1), 'new'] : there
        const { value: before } = readConfig(text)
        fc.pre(!isNew || !Array.isArray(valueAt(before, path.slice(0, -1))))
        const next = setValue(text, path, value)
        expect(readConfig(next).value).toEqual(withValue(before, path, value))
        const isOne = isNew || typeof valueAt(before, path) !== 'object'
        fc.pre(isOne)
        expect(comments(next)).toEqual(comments(text))
        const kept = new Set(next.split('\n'))
        const gone = text.split('\n').filter((line) => !kept.has(line))
        expect(gone.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 400 },
    )
  })

  test('removing takes out one setting and the comment on its line, nothing else', () => {
    fc.assert(
      fc.property(written, place, (text, n) => {
        const path = at(text, n)
        const { value: before } = readConfig(text)
        const next = removeValue(text, path)
        expect(readConfig(next).value).toEqual(withoutValue(before, path) ?? {})
        fc.pre(typeof valueAt(before, path) !== 'object')
        expect(comments(next).length).toBeGreaterThanOrEqual(comments(text).length - 1)
      }),
      { numRuns: 400 },
    )
  })

  test('items change places', () => {
    fc.assert(
      fc.property(written, place, (text, n) => {
        const { value: before } = readConfig(text)
        const path = at(text, n)
        const list = valueAt(before, path.slice(0, -1))
        fc.pre(Array.isArray(list) && Number(path.at(-1)) < list.length - 1)
        const next = swapWithNext(text, path)
        expect(readConfig(next).value).toEqual(withSwapped(before, path))
        expect(comments(next).length).toBe(comments(text).length)
      }),
      { numRuns: 100 },
    )
  })

  test('a setting is found at the place where it is written', () => {
    fc.assert(
      fc.property(written, place, (text, n) => {
        const { value, placeOf, pathAt } = readConfig(text)
        const path = at(text, n)
        fc.pre(isSetAt(value, path))
        const found = pathAt(placeOf(path))
        expect(found.slice(0, path.length)).toEqual(path)
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['a: [1', /Flow sequence|sufficiently indented|bracket|\]/, 1],
  ['- 1\n', /must hold settings by name/, 1],
  ['a: 1\na: 2\n', /unique/, 2],
  ['a: *b\n', /alias/i, 1],
])('says what is wrong with %j', (text, message, line) => {
  expect(readConfig(text).problem).toMatchObject({
    message: expect.stringMatching(message) as string,
    line,
  })
})

test('a bomb of aliases is refused, and so is a text of megabytes', () => {
  const levels = 'bcdefghij'.split('')
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${levels
    .map((name, i) => `${name}: &${name} [${`*${'abcdefghi'[i]!}, `.repeat(9)}]`)
    .join('\n')}\n`
  expect(readConfig(bomb).problem?.message).toMatch(/alias/)
  expect(readConfig(`a: ${'x'.repeat(600_000)}`).problem?.message).toMatch(
    /600,003 characters; at most 100,000/,
  )
  expect(readConfig(`a: ${'['.repeat(20_000)}`).problem).toBeDefined()
})
