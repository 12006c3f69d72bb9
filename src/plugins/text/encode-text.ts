// From rows of text to rows of ids for an encoder: special tokens, one length, and tokens to be guessed.
import {
  createRandom,
  EngineError,
  type Logger,
  type NumberColumn,
  plugin,
  type Preprocessor,
  type Random,
  type SpecialIds,
  type Table,
  text,
  type Tokenizer,
  z,
} from 'plugboard'

const config = z.strictObject({
  column: z.string().default('text').describe('column of text to read'),
  pair: z
    .string()
    .optional()
    .describe('second column of text, which follows in the same row as a part of its own'),
  context: z
    .int()
    .min(4)
    .max(4096)
    .default(128)
    .describe('ids in a row, special ones included; longer texts lose their end'),
  masked: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of tokens to be guessed, for a masked language model; 0.15 in BERT'),
})

type EncodeTextConfig = z.output<typeof config>

/** A row in the making: ids, which part each is of, and how many are no filler. */
interface Row {
  ids: Int32Array
  types: Int32Array
  length: number
}

class EncodeText implements Preprocessor {
  readonly #config: EncodeTextConfig
  readonly #tokenizer: Tokenizer
  readonly #log: Logger
  /** Whether it was told that texts are cut: once is enough. */
  #toldCut = false
  readonly renew: Preprocessor['renew']

  constructor(options: EncodeTextConfig, tokenizer: Tokenizer | undefined, log: Logger) {
    if (!tokenizer) throw withoutTokenizer()
    this.#config = options
    this.#tokenizer = tokenizer
    this.#log = log
    if (options.masked > 0)
      this.renew = (table, { random }) => ({
        ...table,
        columns: { ...table.columns, ...this.#hide(numbersOf(table, 'labels'), random) },
      })
  }

  /**
   * Columns `input_ids` [context], [CLS] first and [SEP] after each text, `attention_mask` (0 = filled up) and, for
   * pairs, `token_type_ids` (0 and 1). With `masked`, `labels` are the ids as they were and `labels_mask` is 1 where
   * one is to be guessed. The text columns are left out, all others stay.
   */
  transform(table: Table): Table {
    const { column, pair, context, masked } = this.#config
    const { special, limit } = text.specialIds(this.#tokenizer)
    const first = textsOf(table, column)
    const second = pair === undefined ? undefined : textsOf(table, pair)
    const ids = new Int32Array(table.length * context).fill(special.pad)
    const types = new Int32Array(table.length * context)
    const mask = new Uint8Array(table.length * context)
    const cuts = { count: 0, longest: 0 }
    for (let row = 0; row < table.length; row++) {
      const from = row * context
      const parts = [first, ...(second ? [second] : [])].map((texts) =>
        this.#tokenizer.encode(texts[row]!),
      )
      const into: Row = {
        ids: ids.subarray(from, from + context),
        types: types.subarray(from, from + context),
        length: 0,
      }
      const needed = layOut(parts, into, special)
      mask.fill(1, from, from + into.length)
      if (needed > context) cuts.count++
      cuts.longest = Math.max(cuts.longest, needed)
    }
    if (cuts.count > 0) this.#tellCut(cuts, table.length)

    const form = { type: 'number' as const, shape: [context] }
    const idsForm = { ...form, dtype: 'int32' as const, limit }
    const others = Object.entries(table.columns).filter(
      ([name]) => name !== column && name !== pair,
    )
    return {
      ...table,
      columns: {
        ...Object.fromEntries(others),
        input_ids: { ...idsForm, data: ids },
        attention_mask: { ...form, data: mask, dtype: 'float32' },
        ...(second && {
          token_type_ids: { ...form, data: types, dtype: 'int32', limit: 2 },
        }),
        // Held-back rows keep these; those to train on are hidden anew for each epoch.
        ...(masked > 0 && this.#hide({ ...idsForm, data: ids }, createRandom(0))),
      },
    }
  }

  /**
   * A share of the tokens is to be guessed; of these, 8 in 10 become [MASK], 1 in 10 any token, 1 in 10 stays (Devlin
   * et al. 2019, section 3.1). Special tokens are never among them. `labels` are the ids as they are.
   */
  #hide(labels: NumberColumn, random: Random): Table['columns'] {
    const { special } = text.specialIds(this.#tokenizer)
    const specials = new Set(Object.values(special))
    const ids = Int32Array.from(labels.data)
    const guessed = new Uint8Array(ids.length)
    for (let i = 0; i < ids.length; i++) {
      if (specials.has(ids[i]!) || random.next() >= this.#config.masked) continue
      guessed[i] = 1
      const kind = random.next()
      if (kind < 0.8) ids[i] = special.mask
      else if (kind < 0.9) ids[i] = this.#anyToken(random, specials)
    }
    return {
      input_ids: { ...labels, data: ids },
      labels,
      labels_mask: { type: 'number', data: guessed, shape: labels.shape, dtype: 'float32' },
    }
  }

  #anyToken(random: Random, specials: ReadonlySet<number>): number {
    const { vocabSize } = this.#tokenizer
    const own = [...specials].filter((id) => id < vocabSize).length
    if (vocabSize <= own) return specials.values().next().value!
    let id: number
    do id = random.int(vocabSize)
    while (specials.has(id))
    return id
  }

  #tellCut({ count, longest }: { count: number; longest: number }, rows: number): void {
    if (this.#toldCut) return
    this.#toldCut = true
    const { context } = this.#config
    this.#log.warn(
      `encode_text cut ${count} of ${rows} rows to ${context} ids; the longest has ${longest}. Set \`context\` higher to keep more, at more work for each step`,
    )
  }

  /** Texts of rows of `input_ids`, without special tokens; parts of a pair are joined. */
  inverseTransform(table: Table): Table {
    const { data, shape } = numbersOf(table, 'input_ids')
    const { special } = text.specialIds(this.#tokenizer)
    const specials = new Set(Object.values(special))
    const size = shape[0]!
    const texts = Array.from({ length: table.length }, (_, row) => {
      const ids = Array.from(data.subarray(row * size, (row + 1) * size))
      return this.#tokenizer.decode(ids.filter((id) => !specials.has(id)))
    })
    const columns = {
      ...table.columns,
      [this.#config.column]: { type: 'text' as const, data: texts },
    }
    return { length: table.length, columns }
  }
}

/**
 * Writes `[CLS] first [SEP] second [SEP]` into a row. Where they do not fit, the longer part loses its end, down to
 * the length of the other, then both. Returns how many ids all of it needs.
 */
function layOut(parts: readonly number[][], into: Row, { cls, sep }: SpecialIds): number {
  const room = into.ids.length - 1 - parts.length
  const [first, second] = [parts[0]!.length, parts[1]?.length ?? 0]
  const keptFirst = Math.min(first, Math.max(room - second, Math.ceil(room / 2)))
  const kept = [keptFirst, Math.min(second, room - keptFirst)]
  into.ids[into.length++] = cls
  parts.forEach((ids, part) => {
    const start = into.length
    for (let i = 0; i < kept[part]!; i++) into.ids[into.length++] = ids[i]!
    into.ids[into.length++] = sep
    into.types.fill(part, start, into.length)
  })
  return first + second + 1 + parts.length
}

function textsOf({ columns }: Table, name: string): readonly string[] {
  const column = columns[name]
  if (column?.type === 'text') return column.data
  throw new EngineError({
    code: 'data.invalid',
    message: `encode_text reads the text column '${name}'; ${column ? 'that is a column of numbers' : `there are ${Object.keys(columns).join(', ')}`}`,
    hint: 'set `column` to a column of text',
  })
}

function numbersOf({ columns }: Table, name: string): NumberColumn {
  const column = columns[name]
  if (column?.type === 'number') return column
  throw new EngineError({
    code: 'data.invalid',
    message: `encode_text reads ids from the column '${name}'; there are ${Object.keys(columns).join(', ')}`,
    hint: 'leave the columns that encode_text made as they are',
  })
}

const withoutTokenizer = (): EngineError =>
  new EngineError({
    code: 'contribution.config',
    message: 'encode_text needs a tokenizer, and the experiment names none',
    hint: 'add `tokenizer: word_piece` to the experiment',
  })

export default class EncodeTextPlugin extends plugin({
  manifest: {
    name: 'encode_text',
    version: '1.0.0',
    category: 'preprocessor',
    description:
      'Rows of ids of one length, for encoders; with tokens to be guessed for pretraining',
    tags: ['text', 'encoder'],
    provides: ['preprocessor/encode_text'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'preprocessor',
      'encode_text',
      (options, { tokenizer }) => new EncodeText(options, tokenizer, this.ctx.log),
      {
        config,
        description: 'text to `input_ids` and `attention_mask`',
        tokenizes: ({ column, pair }) => (pair === undefined ? [column] : [column, pair]),
      },
    )
  }
}
