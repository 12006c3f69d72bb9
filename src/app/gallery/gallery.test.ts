// The gallery has every example, with its pictures; each starter has what its project file names.
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { descriptionOf } from './descriptions.ts'
import { entries } from './entries.ts'
import { starters } from './starters.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folders = readdirSync(`${root}examples`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

test('tells of every example, and of no other', () => {
  expect(Object.keys(entries).toSorted()).toEqual(folders.toSorted())
})

test.each(folders)('%s says in one sentence what it is', (name) =>
  expect(descriptionOf(name)).toMatch(/^[A-Z].{20,200}\.$/),
)

test.each(folders.flatMap((name) => [`${name}-light`, `${name}-dark`]))(
  'has the picture %s; npm run gallery makes it',
  (picture) => expect(existsSync(`${root}public/gallery/${picture}.webp`)).toBe(true),
)

test.each(starters.map((starter) => [starter.name, starter] as const))(
  'the template %s has a project file and the data that it names',
  (_name, { files }) => {
    const text = files.get('plugboard.yaml') as string
    const { experiment } = parse(text) as {
      experiment?: { dataset?: { config?: { file?: string } } }
    }
    const file = experiment?.dataset?.config?.file
    expect(file === undefined || files.has(file)).toBe(true)
  },
)
