// Step 5: the preprocessor: every row as long as the others, cut or filled up.
import {
  EngineError,
  type Logger,
  type Preprocessor as PreprocessorContract,
  type Table,
  type Tokenizer,
} from 'plugboard'
import type { PreprocessConfig } from './config.ts'

/** What `fit` learned. */
interface Fitted {
  max_seq_len: number
  padding_token_id: number
}

export class Preprocessor implements PreprocessorContract {
  #fitted: Fitted | undefined
  readonly #config: PreprocessConfig
  readonly #tokenizer: Tokenizer
  readonly #log: Logger

  constructor(config: PreprocessConfig, tokenizer: Tokenizer | undefined, log: Logger) {
    if (!tokenizer) {
      throw new EngineError({
        code: 'contribution.config',
        message: 'fixed_length needs a tokenizer, and the experiment names none',
        hint: 'add `tokenizer: word_piece` to the experiment',
      })
    }
    this.#config = config
    this.#tokenizer = tokenizer
    this.#log = log
  }

  /** Rows need not be longer than the longest to train on. */
  fit(table: Table): void {
    const longest = Math.max(...this.#encode(table).map((ids) => ids.length), 1)
    const { max_seq_len: most, padding_token_id } = this.#config
    this.#fitted = { max_seq_len: Math.min(most, longest), padding_token_id }
    this.#log.info(
      longest > most
        ? `rows have ${most} ids; the longest text, of ${longest}, is cut`
        : `rows have ${longest} ids, as the longest text`,
    )
  }

  /** Column `text` to `input_ids` [max_seq_len] and `attention_mask`, 0 where a row is filled up. */
  transform(table: Table): Table {
    const { max_seq_len: size, padding_token_id: padding } = this.#known()
    const ids = new Int32Array(table.length * size).fill(padding)
    const mask = new Uint8Array(table.length * size)
    this.#encode(table).forEach((row, i) => {
      const kept = row.slice(0, size)
      ids.set(kept, i * size)
      // A text without a token leaves one position: a mean over none would be of nothing.
      mask.fill(1, i * size, i * size + Math.max(1, kept.length))
    })
    const { text: _, ...others } = table.columns
    const form = { type: 'number', shape: [size] } as const
    const limit = Math.max(this.#tokenizer.vocabSize, padding + 1)
    return {
      length: table.length,
      columns: {
        ...others,
        input_ids: { ...form, data: ids, dtype: 'int32', limit },
        attention_mask: { ...form, data: mask, dtype: 'float32' },
      },
    }
  }

  /** Texts again, without what rows were filled up with; what was cut is lost. */
  inverseTransform(table: Table): Table {
    const { max_seq_len: size, padding_token_id: padding } = this.#known()
    const { input_ids: ids, attention_mask: _, ...others } = table.columns
    if (ids?.type !== 'number') return table
    const texts = Array.from({ length: table.length }, (_, i) => {
      const row = Array.from(ids.data.subarray(i * size, (i + 1) * size))
      return this.#tokenizer.decode(row.filter((id) => id !== padding))
    })
    return { length: table.length, columns: { ...others, text: { type: 'text', data: texts } } }
  }

  save(): Fitted | undefined {
    return this.#fitted
  }

  load(state: Fitted): void {
    this.#fitted = state
  }

  #encode({ columns: { text, ...others } }: Table): number[][] {
    if (text?.type === 'text') return text.data.map((each) => this.#tokenizer.encode(each))
    throw new EngineError({
      code: 'data.invalid',
      message: `fixed_length reads the column text; there are ${Object.keys(others).join(', ')}`,
      hint: 'let the dataset give its texts that name',
    })
  }

  #known(): Fitted {
    if (this.#fitted) return this.#fitted
    throw new EngineError({
      code: 'data.invalid',
      message: 'fixed_length was asked for rows before it was fitted',
      hint: 'call fit() with the training rows first, or load() what another saved',
    })
  }
}
