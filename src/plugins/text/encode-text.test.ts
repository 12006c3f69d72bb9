// Rows for encoders: special tokens, lengths, parts, hidden tokens; and class labels.
import { createRandom, type NumberColumn, type Table, type Tokenizer } from 'plugboard'
import { describe, expect, test } from 'vitest'
import { initialize } from '../testing/contributions.ts'
import classLabels from './class-labels.ts'
import encodeText from './encode-text.ts'

/** Ids 0 to 25 for letters, and a boundary; the special ids come after: pad 27, cls 28, sep 29, mask 30. */
const letters: Tokenizer = {
  boundary: 26,
  vocabSize: 27,
  fit: () => undefined,
  encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) - 97),
  decode: (ids) => String.fromCharCode(...Array.from(ids, (id) => id + 97)),
}
const [PAD, CLS, SEP, MASK] = [27, 28, 29, 30]

async function create(config: unknown, tokenizer: Tokenizer | undefined = letters) {
  const plugin = await initialize(encodeText)
  const step = plugin.create('preprocessor', 'encode_text', config, { tokenizer })
  return { step, logs: plugin.logs }
}

const tableOf = (columns: Record<string, string[]>): Table => ({
  length: Object.values(columns)[0]!.length,
  columns: Object.fromEntries(
    Object.entries(columns).map(([name, data]) => [name, { type: 'text', data }]),
  ),
})

const numbers = (table: Table, name: string): NumberColumn => table.columns[name] as NumberColumn
function rows(table: Table, name: string): number[][] {
  const { data, shape } = numbers(table, name)
  const size = shape[0]!
  return Array.from({ length: table.length }, (_, i) =>
    Array.from(data.subarray(i * size, (i + 1) * size)),
  )
}

describe('encode_text', () => {
  test('puts special tokens around a text, fills up, and says once what it cut', async () => {
    const { step, logs } = await create({ context: 5 })
    const table = step.transform(tableOf({ text: ['ab', '', 'abcde'] }))
    expect(rows(table, 'input_ids')).toEqual([
      [CLS, 0, 1, SEP, PAD],
      [CLS, SEP, PAD, PAD, PAD],
      [CLS, 0, 1, 2, SEP],
    ])
    expect(rows(table, 'attention_mask')).toEqual([
      [1, 1, 1, 1, 0],
      [1, 1, 0, 0, 0],
      [1, 1, 1, 1, 1],
    ])
    expect(table.columns['input_ids']).toMatchObject({ limit: 31, dtype: 'int32', shape: [5] })
    expect(Object.keys(table.columns)).toEqual(['input_ids', 'attention_mask'])
    step.transform(tableOf({ text: ['abcdef'] }))
    expect(logs).toEqual([
      'encode_text cut 1 of 3 rows to 5 ids; the longest has 7. Set `context` higher to keep more, at more work for each step',
    ])
    expect(step.renew).toBeUndefined()
  })

  test('takes the special ids that a tokenizer has', async () => {
    const special = { pad: 0, cls: 1, sep: 2, mask: 3 }
    const { step } = await create({ context: 4 }, { ...letters, special })
    const table = step.transform(tableOf({ text: ['z'] }))
    expect(rows(table, 'input_ids')).toEqual([[1, 25, 2, 0]])
    expect(numbers(table, 'input_ids').limit).toBe(27)
  })

  test('tells the parts of a pair, and cuts the longer one first', async () => {
    const { step } = await create({ context: 8, pair: 'other' })
    const table = step.transform(
      tableOf({ text: ['a', 'aaaaaaa', 'b', 'aaaa'], other: ['b', 'bb', 'aaaaaaa', 'bbbb'] }),
    )
    expect(rows(table, 'input_ids')).toEqual([
      [CLS, 0, SEP, 1, SEP, PAD, PAD, PAD],
      [CLS, 0, 0, 0, SEP, 1, 1, SEP],
      [CLS, 1, SEP, 0, 0, 0, 0, SEP],
      [CLS, 0, 0, 0, SEP, 1, 1, SEP],
    ])
    expect(rows(table, 'token_type_ids')[1]).toEqual([0, 0, 0, 0, 0, 1, 1, 1])
  })

  test('gives texts back from ids', async () => {
    const { step } = await create({ context: 6 })
    const table = step.transform(tableOf({ text: ['abc', 'z'] }))
    expect(step.inverseTransform!(table).columns['text']).toMatchObject({ data: ['abc', 'z'] })
  })

  test('keeps other columns, and says what it misses', async () => {
    const { step } = await create({})
    const labels = {
      type: 'number' as const,
      data: Int32Array.of(1),
      shape: [],
      dtype: 'int32' as const,
    }
    const table = tableOf({ text: ['a'] })
    const made = step.transform({ ...table, columns: { ...table.columns, labels } })
    expect(made.columns['labels']).toBe(labels)
    expect(() => step.transform({ length: 1, columns: { labels } })).toThrow(
      "reads the text column 'text'; there are labels",
    )
    const plugin = await initialize(encodeText)
    const create_ = () => plugin.create('preprocessor', 'encode_text', {}, { tokenizer: undefined })
    expect(create_).toThrow('encode_text needs a tokenizer')
  })
})

describe('encode_text with `masked`', () => {
  const texts = Array.from({ length: 400 }, (_, i) => 'abcdefghij'.slice(0, 1 + (i % 10)).repeat(2))
  const prepare = async () => {
    const { step } = await create({ context: 24, masked: 0.15 })
    return { step, table: step.transform(tableOf({ text: texts })) }
  }

  test('hides 8 in 10 of what is to be guessed, changes 1 and leaves 1, special tokens never', async () => {
    const { table } = await prepare()
    const [ids, labels, guessed] = ['input_ids', 'labels', 'labels_mask'].map(
      (name) => numbers(table, name).data,
    )
    const count = { tokens: 0, guessed: 0, hidden: 0, same: 0, wrong: 0 }
    labels!.forEach((label, i) => {
      const [id, isSpecial, isGuessed] = [ids![i]!, label >= PAD, guessed![i] === 1]
      if (!isSpecial) count.tokens++
      if (isGuessed) count.guessed++
      if (isGuessed && id === MASK) count.hidden++
      if (isGuessed && id === label) count.same++
      if (isGuessed ? isSpecial || (id >= PAD && id !== MASK) : id !== label) count.wrong++
    })
    expect(count.wrong).toBe(0)
    expect(count.guessed / count.tokens).toBeCloseTo(0.15, 1)
    expect(Math.abs(count.hidden / count.guessed - 0.8)).toBeLessThan(0.06)
    expect(Math.abs(count.same / count.guessed - 0.1)).toBeLessThan(0.05)
    expect(numbers(table, 'labels').limit).toBe(31)
  })

  test('hides others in each epoch, the same for the same seed; labels stay', async () => {
    const { step, table } = await prepare()
    const renewed = (seed: number, epoch = 1) =>
      step.renew!(table, { random: createRandom(seed), epoch })
    const [one, again, other] = [renewed(1), renewed(1), renewed(2)]
    expect(one.columns['input_ids']).toEqual(again.columns['input_ids'])
    expect(one.columns['labels_mask']).not.toEqual(other.columns['labels_mask'])
    expect(one.columns['labels_mask']).not.toEqual(table.columns['labels_mask'])
    expect(one.columns['labels']).toEqual(table.columns['labels'])
    // Renewed once more, it starts from what the texts were, not from what was hidden before.
    const twice = step.renew!(other, { random: createRandom(1), epoch: 1 })
    expect(twice.columns['input_ids']).toEqual(one.columns['input_ids'])
  })
})

describe('class_labels', () => {
  const make = async (config: unknown = {}) =>
    (await initialize(classLabels)).create('preprocessor', 'class_labels', config, {
      tokenizer: undefined,
    })

  test('numbers the classes of the training rows in the order of their names', async () => {
    const step = await make()
    const table = tableOf({ label: ['spam', 'ham', 'spam'], text: ['a', 'b', 'c'] })
    step.fit!(table)
    const made = step.transform(table)
    expect(made.columns['labels']).toEqual({
      type: 'number',
      data: Int32Array.of(1, 0, 1),
      shape: [],
      dtype: 'int32',
      limit: 2,
      classes: ['ham', 'spam'],
    })
    expect(Object.keys(made.columns)).toEqual(['text', 'labels'])
    expect(step.inverseTransform!(made).columns['label']).toEqual(table.columns['label'])
    const other = await make()
    other.load!(step.save!() as never)
    expect(other.transform(table)).toEqual(made)
  })

  test('leaves rows without classes as they are, and refuses classes that it does not know', async () => {
    const step = await make({ classes: ['no', 'yes'] })
    step.fit!(tableOf({ label: ['yes'] }))
    const plain = tableOf({ text: ['a'] })
    expect(step.transform(plain)).toBe(plain)
    expect(() => step.transform(tableOf({ label: ['yes', 'perhaps'] }))).toThrow(
      "'perhaps' in 'label', row 1 (the first is 0), but the classes are no, yes",
    )
  })

  test('refuses one class, and a column that is not there', async () => {
    const step = await make()
    expect(() => step.fit!(tableOf({ label: ['a', 'a'] }))).toThrow(
      "one class only in 'label' of 2 training rows: a",
    )
    expect(() => step.fit!(tableOf({ text: ['a'] }))).toThrow("reads the text column 'label'")
  })
})
