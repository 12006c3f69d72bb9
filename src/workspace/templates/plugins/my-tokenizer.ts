// Tokens are single characters, and groups of two or three that come often.
import { plugin, type Tokenizer, z } from 'plugboard'

const config = z.strictObject({
  groups: z.int().min(0).default(50).describe('groups of characters that become one token'),
})

/** Marks begin and end of a text. */
const BOUNDARY = 0
/** Stands for characters that the training text did not have. */
const UNKNOWN = 1
const SPECIAL = 2
const LONGEST = 3

class GroupTokenizer implements Tokenizer {
  readonly boundary = BOUNDARY
  readonly #groups: number
  #tokens: string[] = []
  #ids = new Map<string, number>()

  constructor(groups: number) {
    this.#groups = groups
  }

  /** Sees the texts of the training rows only. */
  fit(texts: Iterable<string>): void {
    const characters = new Set<string>()
    const counts = new Map<string, number>()
    for (const text of texts) {
      const all = Array.from(text)
      for (const [i, character] of all.entries()) {
        characters.add(character)
        for (let size = 2; size <= LONGEST && i + size <= all.length; size++) {
          const group = all.slice(i, i + size).join('')
          counts.set(group, (counts.get(group) ?? 0) + 1)
        }
      }
    }
    const most = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, this.#groups)
    this.#tokens = [...[...characters].toSorted(), ...most.map(([group]) => group)]
    this.#ids = new Map(this.#tokens.map((token, i) => [token, i + SPECIAL]))
  }

  get vocabSize(): number {
    return this.#tokens.length + SPECIAL
  }

  /** From left to right, the longest token that fits. */
  encode(text: string): number[] {
    const rest = Array.from(text)
    const ids: number[] = []
    while (rest.length > 0) {
      let size = Math.min(LONGEST, rest.length)
      while (size > 1 && !this.#ids.has(rest.slice(0, size).join(''))) size--
      ids.push(this.#ids.get(rest.splice(0, size).join('')) ?? UNKNOWN)
    }
    return ids
  }

  decode(ids: Iterable<number>): string {
    return Array.from(ids, (id) =>
      id === BOUNDARY ? '' : (this.#tokens[id - SPECIAL] ?? '�'),
    ).join('')
  }
}

export default class MyTokenizer extends plugin({
  manifest: {
    name: 'my_tokenizer',
    version: '1.0.0',
    category: 'tokenizer',
    description: 'One token for each character, and for groups of them that come often',
    tags: ['text'],
    provides: ['tokenizer/my_tokenizer'],
  },
}) {
  initialize() {
    this.ctx.provide('tokenizer', 'my_tokenizer', ({ groups }) => new GroupTokenizer(groups), {
      config,
      description: 'characters and frequent groups of them',
    })
  }
}
