// From text to rows of ids.
import { createRandom, type Tokenizer } from 'plugboard'
import { expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import char from './char.ts'
import nextToken from './next-token.ts'

const tokenizerOf = async (...texts: string[]): Promise<Tokenizer> => {
  const tokenizer = (await initialize(char)).create('tokenizer', 'char', {}, {})
  tokenizer.fit(texts)
  return tokenizer
}

test('char gives ids in the order of code points, 0 the boundary, 1 the unknown', async () => {
  const tokenizer = await tokenizerOf('cab', 'a😀')
  expect(tokenizer.vocabSize).toBe(6)
  expect(tokenizer.boundary).toBe(0)
  expect(tokenizer.encode('abc😀z')).toEqual([2, 3, 4, 5, 1])
  expect(tokenizer.decode([0, 2, 5, 1, 0])).toBe('a😀�')
})

test('char decodes what it encodes', async () => {
  const random = createRandom(4)
  const texts = Array.from({ length: 50 }, () =>
    String.fromCodePoint(...Array.from({ length: random.int(20) }, () => 32 + random.int(2000))),
  )
  const tokenizer = await tokenizerOf(...texts)
  expect(texts.map((text) => tokenizer.decode(tokenizer.encode(text)))).toEqual(texts)
})

const prepare = async (config: unknown, ...texts: string[]) => {
  const tokenizer = await tokenizerOf('abc')
  const step = (await initialize(nextToken)).create('preprocessor', 'next_token', config, {
    tokenizer,
  })
  const table = step.transform({
    length: texts.length,
    columns: { text: { type: 'text', data: texts } },
  })
  const rows = (name: string) => {
    const column = table.columns[name]
    if (column?.type !== 'number') throw new Error(`no numbers in ${name}`)
    const [size] = column.shape as [number]
    return Array.from({ length: table.length }, (_, i) =>
      Array.from(column.data.subarray(i * size, (i + 1) * size)),
    )
  }
  return { inputs: rows('input_ids'), labels: rows('labels'), mask: rows('attention_mask'), table }
}

test('next_token shifts labels by one and masks what is filled up', async () => {
  const { inputs, labels, mask, table } = await prepare({ context: 4 }, 'ab', '', 'abc')
  expect(inputs).toEqual([
    [0, 2, 3, 0],
    [0, 0, 0, 0],
    [0, 2, 3, 4],
  ])
  expect(labels).toEqual([
    [2, 3, 0, 0],
    [0, 0, 0, 0],
    [2, 3, 4, 0],
  ])
  expect(mask).toEqual([
    [1, 1, 1, 0],
    [1, 0, 0, 0],
    [1, 1, 1, 1],
  ])
  expect(table.columns['input_ids']).toMatchObject({ dtype: 'int32', limit: 5, shape: [4] })
})

test('next_token goes on in the next row where a text is longer than the context', async () => {
  const { inputs, labels, mask } = await prepare({ context: 2 }, 'abca')
  expect(inputs).toEqual([
    [0, 2],
    [3, 4],
    [2, 0],
  ])
  expect(labels).toEqual([
    [2, 3],
    [4, 2],
    [0, 0],
  ])
  expect(mask.flat()).toEqual([1, 1, 1, 1, 1, 0])
})

test('next_token packs texts with one boundary between them', async () => {
  const { inputs, labels, mask } = await prepare({ context: 3, pack: true }, 'ab', 'c')
  expect(inputs).toEqual([
    [0, 2, 3],
    [0, 4, 0],
  ])
  expect(labels).toEqual([
    [2, 3, 0],
    [4, 0, 0],
  ])
  expect(mask.flat()).toEqual([1, 1, 1, 1, 1, 0])
})

test('next_token drops nothing between packed texts of a tokenizer without boundary', async () => {
  const tokenizer: Tokenizer = {
    boundary: -1,
    vocabSize: 3,
    fit: () => undefined,
    encode: (text) => Array.from(text, (letter) => 'abc'.indexOf(letter)),
    decode: () => '',
  }
  const config = { context: 3, pack: true }
  const step = (await initialize(nextToken)).create('preprocessor', 'next_token', config, {
    tokenizer,
  })
  const text = { type: 'text' as const, data: ['ab', 'bc'] }
  const { columns } = step.transform({ length: 2, columns: { text } })
  expect(columns['input_ids']).toMatchObject({ data: Int32Array.of(0, 1, 1) })
  expect(columns['labels']).toMatchObject({ data: Int32Array.of(1, 1, 2) })
})

test('next_token says what it misses', async () => {
  const plugin = await initialize(nextToken)
  const create = () => plugin.create('preprocessor', 'next_token', {}, { tokenizer: undefined })
  expect(create).toThrow('next_token needs a tokenizer')
  await expect(prepare({ column: 'body' }, 'a')).rejects.toThrow(
    "next_token reads the text column 'body'; the table has text",
  )
})
