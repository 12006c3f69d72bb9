// Data processing: a preprocessor turns columns of the dataset into columns of batches, here text into ids.
import { EngineError, plugin, type Preprocessor, type Table, type Tokenizer, z } from 'plugboard'

const config = z.strictObject({
  length: z
    .int()
    .min(1)
    .max(100)
    .default(14)
    .describe('ids in a row; longer texts lose their start'),
})

class SpellOut implements Preprocessor {
  readonly #length: number
  readonly #tokenizer: Tokenizer

  constructor(length: number, tokenizer: Tokenizer) {
    this.#length = length
    this.#tokenizer = tokenizer
  }

  /** Texts stand at the right end of their rows, so that endings, which tell most, are in the same places. */
  transform({ length: rows, columns: { text, ...columns } }: Table): Table {
    if (text?.type !== 'text') throw withoutText(Object.keys(columns))
    const length = this.#length
    const ids = new Int32Array(rows * length)
    const mask = new Uint8Array(rows * length)
    text.data.forEach((name, row) => {
      const letters = this.#tokenizer.encode(name).slice(-length)
      const end = (row + 1) * length
      ids.set(letters, end - letters.length)
      mask.fill(1, end - letters.length, end)
    })
    const limit = this.#tokenizer.vocabSize
    const form = { type: 'number', shape: [length] } as const
    return {
      length: rows,
      columns: {
        ...columns,
        input_ids: { ...form, data: ids, dtype: 'int32', limit },
        attention_mask: { ...form, data: mask, dtype: 'float32' },
      },
    }
  }
}

const withoutText = (columns: readonly string[]): EngineError =>
  new EngineError({
    code: 'data.invalid',
    message: `spell_out reads the column text; there are ${columns.join(', ')}`,
    hint: 'let the dataset give its texts that name',
  })

export default class SpellOutPlugin extends plugin({
  manifest: {
    name: 'spell_out',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'One id for each letter, right-aligned, with a mask',
    provides: ['preprocessor/spell_out'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'preprocessor',
      'spell_out',
      ({ length }, { tokenizer }) => {
        if (tokenizer) return new SpellOut(length, tokenizer)
        throw new EngineError({
          code: 'contribution.config',
          message: 'spell_out needs a tokenizer, and the experiment names none',
          hint: 'add `tokenizer: char` to the experiment',
        })
      },
      { config, description: 'column `text` to `input_ids` and `attention_mask`' },
    )
  }
}
