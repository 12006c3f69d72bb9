// From a file to batches: labels that are missing, letters at the right end, slips of the pen.
import {
  createRandom,
  type NumberColumn,
  type PluginClass,
  type Table,
  type TextColumn,
} from 'plugboard'
import { createTestEngine, describe, expect, fn, test } from 'plugboard/testing'
import { readLabelledRows } from '../lib/labelled-rows.ts'
import LabelledNames from '../plugins/labelled-names.ts'
import Misspell from '../plugins/misspell.ts'
import SpellOut from '../plugins/spell-out.ts'
import { assets, smallRun } from './small-run.ts'

const signal = new AbortController().signal
const numbers = (table: Table, name: string) =>
  Array.from((table.columns[name] as NumberColumn).data)
const texts = (table: Table) => (table.columns['text'] as TextColumn).data

/** The context of a plugin that is up, to create what it provides. */
async function contextOf(plugin: PluginClass, name: string) {
  const engine = await createTestEngine({ plugins: [plugin], assets })
  await engine.up()
  return engine.instance(name).ctx
}

describe('the dataset', () => {
  test('has a mask of 0 where a row has no label', async () => {
    const ctx = await contextOf(LabelledNames, 'labelled_names')
    const asset = (path: string) => ctx.asset(path)
    const env = { asset, random: createRandom(0), signal }
    const table = (await ctx.create('dataset', 'labelled_names', env).load()) as Table
    expect(texts(table).slice(-2)).toEqual(['robin', 'zuzu'])
    expect(table.columns['gender_labels']).toMatchObject({ limit: 2, classes: ['female', 'male'] })
    expect(numbers(table, 'gender_labels')).toEqual([0, 1, 1, 0, 0, 1, 0, 0])
    expect(numbers(table, 'gender_mask')).toEqual([1, 1, 1, 1, 1, 1, 0, 1])
    expect(numbers(table, 'syllables_mask')).toEqual([1, 1, 1, 1, 1, 1, 1, 0])
  })

  test('names the row that cannot be read', () => {
    const lines = 'name,gender\nada,female\nboris\n'
    expect(() => readLabelledRows(lines, 'x.csv')).toThrow('row 2 of x.csv has 1 fields, not 2')
    expect(() => readLabelledRows('', 'x.csv')).toThrow('x.csv has no line of column names')
  })
})

describe('the preprocessor', () => {
  test('puts letters at the right end, and cuts off the start of what is too long', async () => {
    const ctx = await contextOf(SpellOut, 'spell_out')
    const encode = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0) - 96)
    const tokenizer = { fit: fn(), encode, decode: () => '', vocabSize: 27, boundary: 0 }
    const ref = { name: 'spell_out', config: { length: 4 } }
    const step = ctx.create('preprocessor', ref, { tokenizer })
    const made = step.transform({
      length: 2,
      columns: { text: { type: 'text', data: ['ab', 'abcdef'] } },
    })
    expect(numbers(made, 'input_ids')).toEqual([0, 0, 1, 2, 3, 4, 5, 6])
    expect(numbers(made, 'attention_mask')).toEqual([0, 0, 1, 1, 1, 1, 1, 1])
    expect(() => ctx.create('preprocessor', ref, { tokenizer: undefined })).toThrow('tokenizer')
    expect(() => step.transform({ length: 0, columns: {} })).toThrow('reads the column text')
  })
})

describe('the augmenter', () => {
  const table: Table = {
    length: 200,
    columns: { text: { type: 'text', data: Array.from({ length: 200 }, () => 'gwendoline') } },
  }
  const at = (epoch: number, training = true) => ({
    training,
    random: createRandom(epoch),
    epoch,
    signal,
  })

  test('misspells a share of the names while training, others in each epoch', async () => {
    const ctx = await contextOf(Misspell, 'misspell')
    const ref = { name: 'misspell', config: { probability: 0.5 } }
    const augmenter = ctx.create('augmenter', ref, {})
    const first = texts(await augmenter.augment(table, at(1)))
    const changed = first.filter((name) => name !== 'gwendoline').length
    expect(changed).toBeGreaterThan(60)
    expect(changed).toBeLessThan(140)
    expect(first.every((name) => name.endsWith('e'))).toBe(true)
    expect(texts(await augmenter.augment(table, at(1)))).toEqual(first)
    expect(texts(await augmenter.augment(table, at(2)))).not.toEqual(first)
    expect(await augmenter.augment(table, at(1, false))).toBe(table)
    expect(texts(table)).not.toContain(first.find((name) => name !== 'gwendoline'))
  })

  test('takes part in a run that names it, in each epoch', async () => {
    const training = { epochs: 3, batch_size: 3 }
    const augment = [{ name: 'misspell', config: { probability: 1 } }]
    const plain = await smallRun({ experiment: { training } })
    const misspelt = await smallRun({ plugins: [Misspell], experiment: { training, augment } })
    const [before, after] = [await plain.run(), await misspelt.run()]
    expect([before.steps, after.steps]).toEqual([6, 6])
    expect(after.metrics['loss']).not.toBe(before.metrics['loss'])
  })
})
