// YAML that is made to choke its reader, where the page reads it: each is refused in words, and in no time.
import { expect, test } from 'vitest'
import { withDataset } from './own-data/experiment.ts'
import { readConfig, setValue } from './yaml/index.ts'

const laughs = [
  'a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]',
  ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`),
].join('\n')
const bombs = {
  'aliases of aliases': laughs,
  'aliases without end': `a: &a 1\nb: [${'*a,'.repeat(100_000)}]`,
  'deep brackets': `a: ${'['.repeat(50_000)}`,
  'deep dashes': '- '.repeat(50_000),
}

test.each(Object.entries(bombs))(
  'a project file with %s has no settings to edit',
  (_name, text) => {
    expect(readConfig(text)).toMatchObject({ value: {}, problem: { line: 1 } })
    expect(() => setValue(text, ['b'], 1)).toThrow(/\S/)
  },
)

test('a million characters of keys are not compared each with each', () => {
  const text = Array.from({ length: 70_000 }, (_, i) => `key_${i}: 1`).join('\n')
  expect(readConfig(text).problem?.message).toMatch(/at most 100,000 are read/)
  expect(() => setValue(text, ['b'], 1)).toThrow(/at most 100,000 are read/)
})

test.each(['deep brackets', 'deep dashes'] as const)('own data is not put into %s', (name) => {
  const use = { file: 'data/a.csv', kind: 'table' } as unknown as Parameters<typeof withDataset>[1]
  expect(() => withDataset(bombs[name], use)).toThrow(/plugboard\.yaml/)
})
