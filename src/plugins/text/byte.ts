// Byte tokenizer: one id for each byte of UTF-8, the same for every text.
import { plugin, type Tokenizer } from 'plugboard'

/** Marks begin and end of a text; smaller ids are the bytes themselves. */
const BOUNDARY = 256

class ByteTokenizer implements Tokenizer {
  readonly boundary = BOUNDARY
  readonly vocabSize = BOUNDARY + 1
  readonly #encoder = new TextEncoder()
  // A byte order mark is text like any other.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  /** There is nothing to learn. */
  fit(): void {}

  encode(text: string): number[] {
    return Array.from(this.#encoder.encode(text))
  }

  /** Ids that are no bytes vanish; bytes that are no UTF-8 become �. */
  decode(ids: Iterable<number>): string {
    return this.#decoder.decode(Uint8Array.from([...ids].filter((id) => id < BOUNDARY)))
  }
}

export default class Byte extends plugin({
  manifest: {
    name: 'byte',
    version: '1.0.0',
    category: 'tokenizer',
    description: 'One token for each byte: no text is unknown to it',
    tags: ['text', 'language model'],
    provides: ['tokenizer/byte'],
  },
}) {
  initialize() {
    this.ctx.provide('tokenizer', 'byte', () => new ByteTokenizer(), {
      description: 'one token for each byte of UTF-8; 257 in all, whatever the text',
    })
  }
}
