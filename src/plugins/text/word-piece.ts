// Word-piece tokenizer: whole words where they are frequent, else pieces of them.
import { plugin, text, type Tokenizer, z } from 'plugboard'

const config = z.strictObject({
  vocab_size: z
    .int()
    .min(6)
    .max(100_000)
    .default(2000)
    .describe('ids in all, special ones included; never fewer than the letters of the text need'),
  min_frequency: z
    .int()
    .min(1)
    .default(2)
    .describe('pairs that occur less often in the training text are not joined'),
  lowercase: z
    .boolean()
    .default(true)
    .describe('take capitals for small letters and leave accents away'),
})

type WordPieceConfig = z.output<typeof config>

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const
const [PAD, UNKNOWN, CLS, SEP, MASK] = [0, 1, 2, 3, 4]

/** Before every piece that goes on with a word. */
const GOES_ON = '##'

/** Longer words are unknown, as in BERT. */
const LONGEST = 100

/** Words whose ids are remembered. */
const REMEMBERED = 50_000

/** What BERT splits by: words without spaces; every mark and every Chinese character stands alone. */
const WORDS = /[^\s\p{P}$+<=>^`|~\p{Script=Han}]+|[\p{P}$+<=>^`|~\p{Script=Han}]/gu

/**
 * Word pieces as of BERT (Devlin et al. 2019). Learned as byte pair encoding learns, from letters; a word
 * is encoded by the longest pieces that fit, from left to right (Wu et al. 2016, section 4.1).
 */
class WordPieceTokenizer implements Tokenizer {
  readonly boundary = SEP
  readonly special = { pad: PAD, cls: CLS, sep: SEP, mask: MASK }
  readonly #config: WordPieceConfig
  #tokens: string[] = [...SPECIAL]
  #ids = new Map<string, number>()
  readonly #known = new Map<string, readonly number[]>()

  constructor(options: WordPieceConfig) {
    this.#config = options
  }

  get vocabSize(): number {
    return this.#tokens.length
  }

  fit(texts: Iterable<string>): void {
    const counts = new Map<string, number>()
    for (const each of texts)
      for (const word of this.#wordsOf(each))
        if (word.length <= LONGEST) counts.set(word, (counts.get(word) ?? 0) + 1)
    const pieces = new Set<string>()
    for (const word of counts.keys()) for (const piece of lettersOf(word)) pieces.add(piece)
    this.load([...SPECIAL, ...[...pieces].toSorted(byCode)])
    const words = Array.from(counts, ([word, count]) => ({
      ids: lettersOf(word).map((piece) => this.#ids.get(piece)!),
      count,
    }))
    text.learnMerges(words, {
      minCount: this.#config.min_frequency,
      wantsMore: () => this.#tokens.length < this.#config.vocab_size,
      join: (left, right) =>
        this.#idOf(this.#tokens[left]! + this.#tokens[right]!.slice(GOES_ON.length)),
    })
  }

  encode(from: string): number[] {
    return this.#wordsOf(from).flatMap((word) => this.#encodeWord(word))
  }

  /** Words with one space between them; special tokens vanish, unknown words become �. */
  decode(ids: Iterable<number>): string {
    let made = ''
    for (const id of ids) {
      const token = id === UNKNOWN ? '�' : this.#tokens[id]
      if (token === undefined || (id < SPECIAL.length && id !== UNKNOWN)) continue
      if (token.startsWith(GOES_ON) && made !== '') made += token.slice(GOES_ON.length)
      else made += made === '' ? token : ` ${token}`
    }
    return made
  }

  save(): string[] {
    return this.#tokens
  }

  load(tokens: readonly string[]): void {
    this.#tokens = [...tokens]
    this.#ids = new Map(tokens.map((token, id) => [token, id]))
    this.#known.clear()
  }

  /** Id of a token, which becomes a new one if it is not there. */
  #idOf(token: string): number {
    const id = this.#ids.get(token) ?? this.#tokens.push(token) - 1
    this.#ids.set(token, id)
    return id
  }

  #wordsOf(from: string): string[] {
    const plain = this.#config.lowercase
      ? from
          .toLowerCase()
          .normalize('NFD')
          .replaceAll(/\p{Mn}/gu, '')
      : from
    return plain.match(WORDS) ?? []
  }

  #encodeWord(word: string): readonly number[] {
    let ids = this.#known.get(word)
    if (ids) return ids
    ids = this.#cut(word) ?? [UNKNOWN]
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(word, ids)
    return ids
  }

  /** The longest pieces that fit, from left to right; undefined where none does. */
  #cut(word: string): number[] | undefined {
    if (word.length > LONGEST) return undefined
    const ids: number[] = []
    for (let start = 0; start < word.length;) {
      let end = word.length
      const prefix = start === 0 ? '' : GOES_ON
      while (end > start && !this.#ids.has(prefix + word.slice(start, end))) end--
      if (end === start) return undefined
      ids.push(this.#ids.get(prefix + word.slice(start, end))!)
      start = end
    }
    return ids
  }
}

/** Letters of a word, all but the first marked as going on. */
const lettersOf = (word: string): string[] =>
  Array.from(word, (letter, i) => (i === 0 ? letter : GOES_ON + letter))

/** The order of code units, the same everywhere. */
const byCode = (a: string, b: string): number => (a < b ? -1 : 1)

export default class WordPiece extends plugin({
  manifest: {
    name: 'word_piece',
    version: '1.0.0',
    category: 'tokenizer',
    description: 'Frequent words whole, others in pieces, learned from the training text',
    tags: ['text', 'encoder'],
    provides: ['tokenizer/word_piece'],
  },
}) {
  initialize() {
    this.ctx.provide('tokenizer', 'word_piece', (options) => new WordPieceTokenizer(options), {
      config,
      description: 'words and pieces of words, with the special tokens of BERT',
    })
  }
}
