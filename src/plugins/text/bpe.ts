// BPE tokenizer: bytes, and what pairs of tokens that often come together are joined to.
import { plugin, text, type Tokenizer, z } from 'plugboard'

const config = z.strictObject({
  vocab_size: z
    .int()
    .min(257)
    .max(100_000)
    .default(1000)
    .describe('ids in all: 256 bytes, one boundary, and what is learned'),
  min_frequency: z
    .int()
    .min(1)
    .default(2)
    .describe('pairs that occur less often in the training text are not joined'),
})

type BpeConfig = z.output<typeof config>

/** Marks begin and end of a text; smaller ids are the bytes themselves. */
const BOUNDARY = 256
const FIRST_LEARNED = BOUNDARY + 1

/**
 * Pieces that no token goes beyond, as in GPT-2 (Radford et al. 2019, section 2.2): words with the space before
 * them, numbers, signs, white space. Very long ones are cut, as joining them takes the square of their length.
 */
const PIECES =
  /'(?:s|t|re|ve|m|ll|d)| ?\p{L}{1,100}| ?\p{N}{1,100}| ?[^\s\p{L}\p{N}]{1,100}|\s{1,100}(?!\S)|\s{1,100}/gu

/** Pieces whose ids are remembered; most of a text is made of a few thousand. */
const REMEMBERED = 50_000

class BpeTokenizer implements Tokenizer {
  readonly boundary = BOUNDARY
  readonly #config: BpeConfig
  /** Pairs in the order in which they were learned, joined to FIRST_LEARNED and on. */
  #merges: [number, number][] = []
  #ranks = new Map<string, number>()
  #bytes: Uint8Array[] = []
  readonly #known = new Map<string, readonly number[]>()
  readonly #encoder = new TextEncoder()
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  constructor(options: BpeConfig) {
    this.#config = options
    this.load([])
  }

  get vocabSize(): number {
    return FIRST_LEARNED + this.#merges.length
  }

  fit(texts: Iterable<string>): void {
    const counts = new Map<string, number>()
    for (const each of texts)
      for (const [piece] of each.matchAll(PIECES)) counts.set(piece, (counts.get(piece) ?? 0) + 1)
    const words = Array.from(counts, ([piece, count]) => ({ ids: this.#bytesOf(piece), count }))
    const merges: [number, number][] = []
    text.learnMerges(words, {
      minCount: this.#config.min_frequency,
      wantsMore: () => FIRST_LEARNED + merges.length < this.#config.vocab_size,
      join: (left, right) => BOUNDARY + merges.push([left, right]),
    })
    this.load(merges)
  }

  encode(from: string): number[] {
    return from.match(PIECES)?.flatMap((piece) => this.#idsOf(piece)) ?? []
  }

  /** Ids that are no text vanish; bytes that are no UTF-8 become �. */
  decode(ids: Iterable<number>): string {
    const parts = Array.from(ids, (id) => this.#bytes[id] ?? [])
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return this.#decoder.decode(bytes)
  }

  save(): [number, number][] {
    return this.#merges
  }

  load(merges: readonly [number, number][]): void {
    this.#merges = [...merges]
    this.#ranks = new Map(merges.map((pair, rank) => [pair.join(), rank]))
    this.#bytes = Array.from({ length: BOUNDARY }, (_, byte) => Uint8Array.of(byte))
    this.#bytes[BOUNDARY] = new Uint8Array()
    for (const [left, right] of merges)
      this.#bytes.push(Uint8Array.of(...this.#bytes[left]!, ...this.#bytes[right]!))
    this.#known.clear()
  }

  #bytesOf(piece: string): number[] {
    return Array.from(this.#encoder.encode(piece))
  }

  #idsOf(piece: string): readonly number[] {
    const known = this.#known.get(piece)
    if (known) return known
    const ids = this.#bytesOf(piece)
    for (let rank = this.#firstMerge(ids); rank !== undefined; rank = this.#firstMerge(ids)) {
      const [left, right] = this.#merges[rank]!
      text.mergePair(ids, left, right, FIRST_LEARNED + rank)
    }
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(piece, ids)
    return ids
  }

  /** Of the pairs in `ids`, the one that was learned first. */
  #firstMerge(ids: readonly number[]): number | undefined {
    let first: number | undefined
    for (let i = 1; i < ids.length; i++) {
      const rank = this.#ranks.get(`${ids[i - 1]},${ids[i]}`)
      if (rank !== undefined && !(rank >= (first ?? Infinity))) first = rank
    }
    return first
  }
}

export default class Bpe extends plugin({
  manifest: {
    name: 'bpe',
    version: '1.0.0',
    category: 'tokenizer',
    description: 'Byte pair encoding, learned from the training text: no text is unknown to it',
    tags: ['text', 'language model'],
    provides: ['tokenizer/bpe'],
  },
}) {
  initialize() {
    this.ctx.provide('tokenizer', 'bpe', (options) => new BpeTokenizer(options), {
      config,
      description: 'bytes, joined to longer tokens where they often come together',
    })
  }
}
