// Character tokenizer: one id for each character of the training text.
import { plugin, type Tokenizer } from 'plugboard'

/** Marks begin and end of a text. */
const BOUNDARY = 0
/** Stands for characters that the training text did not have. */
const UNKNOWN = 1
const SPECIAL = 2

class CharTokenizer implements Tokenizer {
  readonly boundary = BOUNDARY
  #characters: string[] = []
  #ids = new Map<string, number>()

  /** Characters are Unicode code points; ids follow their order, so they depend on the set alone. */
  fit(texts: Iterable<string>): void {
    const found = new Set<string>()
    for (const text of texts) for (const character of text) found.add(character)
    this.load([...found].toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!))
  }

  save(): string[] {
    return this.#characters
  }

  load(characters: readonly string[]): void {
    this.#characters = [...characters]
    this.#ids = new Map(characters.map((character, i) => [character, i + SPECIAL]))
  }

  get vocabSize(): number {
    return this.#characters.length + SPECIAL
  }

  encode(text: string): number[] {
    return Array.from(text, (character) => this.#ids.get(character) ?? UNKNOWN)
  }

  /** Boundaries vanish; unknown characters become �. */
  decode(ids: Iterable<number>): string {
    let text = ''
    for (const id of ids) if (id !== BOUNDARY) text += this.#characters[id - SPECIAL] ?? '�'
    return text
  }
}

export default class Char extends plugin({
  manifest: {
    name: 'char',
    version: '1.0.0',
    category: 'tokenizer',
    description: 'One token for each character',
    tags: ['text', 'language model'],
    provides: ['tokenizer', 'tokenizer/char'],
  },
}) {
  initialize() {
    this.ctx.provide('tokenizer', 'char', () => new CharTokenizer(), {
      default: true,
      description: 'one token for each character of the training text',
    })
  }
}
