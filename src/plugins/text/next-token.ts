// From rows of text to rows of ids and the ids that come next.
import { EngineError, plugin, type Preprocessor, type Table, type Tokenizer, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('text').describe('column of text to read'),
  context: z.int().min(1).max(4096).default(32).describe('ids in a row'),
  pack: z
    .boolean()
    .default(false)
    .describe('join all texts and cut them into full rows, for long texts'),
})

type NextTokenConfig = z.output<typeof config>

class NextToken implements Preprocessor {
  readonly #config: NextTokenConfig
  readonly #tokenizer: Tokenizer

  constructor(options: NextTokenConfig, tokenizer: Tokenizer | undefined) {
    if (!tokenizer) {
      throw new EngineError({
        code: 'contribution.config',
        message: 'next_token needs a tokenizer, and the experiment names none',
        hint: 'add `tokenizer: char` to the experiment',
      })
    }
    this.#config = options
    this.#tokenizer = tokenizer
  }

  /**
   * Columns `input_ids` and `labels` [context] (labels are the ids one place on) and
   * `attention_mask` (1 where there is a label). Texts of more than `context` ids go on in the next
   * row; what a row lacks is filled with the boundary, mask 0. Other columns are left out.
   */
  transform(table: Table): Table {
    const { context, pack } = this.#config
    const texts = this.#texts(table).map((text) => this.#idsOf(text))
    const sequences = pack ? [joinTexts(texts, this.#tokenizer.boundary)] : texts
    const rowsOf = (ids: readonly number[]) => Math.ceil(Math.max(0, ids.length - 1) / context)
    const length = sequences.reduce((rows, ids) => rows + rowsOf(ids), 0)
    const filler = Math.max(0, this.#tokenizer.boundary)
    const inputs = new Int32Array(length * context).fill(filler)
    const labels = new Int32Array(length * context).fill(filler)
    const mask = new Uint8Array(length * context)
    let row = 0
    for (const ids of sequences) {
      const start = row * context
      for (let i = 0; i + 1 < ids.length; i++) {
        inputs[start + i] = ids[i]!
        labels[start + i] = ids[i + 1]!
        mask[start + i] = 1
      }
      row += rowsOf(ids)
    }
    const form = { type: 'number' as const, shape: [context] }
    const limit = this.#tokenizer.vocabSize
    return {
      length,
      columns: {
        input_ids: { ...form, data: inputs, dtype: 'int32', limit },
        labels: { ...form, data: labels, dtype: 'int32', limit },
        attention_mask: { ...form, data: mask, dtype: 'float32' },
      },
    }
  }

  #texts(table: Table): readonly string[] {
    const { column: name } = this.#config
    const column = table.columns[name]
    if (column?.type === 'text') return column.data
    throw new EngineError({
      code: 'data.invalid',
      message: `next_token reads the text column '${name}'; the table has ${Object.keys(table.columns).join(', ')}`,
      hint: 'set `column` to a column of text',
    })
  }

  /** Ids of `text` with a boundary before and after it, where the tokenizer has one. */
  #idsOf(text: string): number[] {
    const { boundary } = this.#tokenizer
    const ids = this.#tokenizer.encode(text)
    return boundary < 0 ? ids : [boundary, ...ids, boundary]
  }
}

/** One sequence of all texts; where there is a boundary, the one that ends a text begins the next. */
function joinTexts(texts: readonly number[][], boundary: number): number[] {
  const joined: number[] = []
  for (const ids of texts) {
    const isShared = boundary >= 0 && joined.length > 0
    for (let i = isShared ? 1 : 0; i < ids.length; i++) joined.push(ids[i]!)
  }
  return joined
}

export default class NextTokenPlugin extends plugin({
  manifest: {
    name: 'next_token',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Rows of ids with the next id as label, for language models',
    tags: ['text', 'language model'],
    provides: ['preprocessor/next_token'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'preprocessor',
      'next_token',
      (options, { tokenizer }) => new NextToken(options, tokenizer),
      {
        config,
        description: 'text to `input_ids`, `labels` and `attention_mask`',
        tokenizes: ({ column }) => [column],
      },
    )
  }
}
