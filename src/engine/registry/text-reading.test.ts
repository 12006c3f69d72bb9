// What a preprocessor says of the texts that it reads.
import { expect, test } from 'vitest'
import { z } from '#sdk'
import type { Contribution } from './registry.ts'
import { textReading } from './text-reading.ts'

const schema = z.strictObject({ column: z.string().default('text') })

function reading(tokenizes?: (config: unknown) => unknown) {
  const found = { name: 'ids', plugin: 'mine', schema, tokenizes } as unknown as Contribution
  return textReading({ find: () => found }, 'ids', { value: {}, path: [] })
}

test('it is asked with its settings, defaults included', () => {
  const tokenizes = (config: unknown) => [schema.parse(config).column]
  expect(reading(tokenizes)).toEqual({ settings: { column: 'text' }, tokenized: ['text'] })
  expect(reading().tokenized).toBeUndefined()
})

test.each([
  ['text', 'the text "text"'],
  [3, 'the number 3'],
  [['text', 3], 'an array of 2 texts and numbers'],
])('%j is refused, naming plugin and preprocessor', (given, words) => {
  expect(() => reading(() => given)).toThrow(
    expect.objectContaining({
      code: 'contribution.contract',
      plugin: 'mine',
      message: `tokenizes() of preprocessor ids gave ${words}, not the names of columns`,
    }),
  )
})
