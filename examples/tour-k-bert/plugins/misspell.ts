// An augmenter: changes training rows anew in each epoch. Validation rows never come to it.
import { type AugmentArgs, type Augmenter, plugin, type Random, type Table, z } from 'plugboard'

const config = z.strictObject({
  probability: z.number().min(0).max(1).default(0.2).describe('of each name, to be misspelt'),
})

/** One slip of the pen: a letter doubled, left out, or swapped with the next. The last, which tells most, stays. */
function misspelt(name: string, random: Random): string {
  if (name.length < 3) return name
  const at = random.int(name.length - 2)
  const [before, letter, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)]
  const slips = [letter + letter + after, after, after.charAt(0) + letter + after.slice(1)]
  return before + slips[random.int(slips.length)]!
}

class Misspell implements Augmenter {
  readonly #probability: number

  constructor(probability: number) {
    this.#probability = probability
  }

  augment(table: Table, { training, random }: AugmentArgs): Table {
    const { text } = table.columns
    // Somebody only looks at the rows, or there is nothing to misspell.
    if (!training || text?.type !== 'text') return table
    const data = text.data.map((name) =>
      random.next() < this.#probability ? misspelt(name, random) : name,
    )
    // A new table: the one given stays as it is, for the next epoch.
    return { ...table, columns: { ...table.columns, text: { ...text, data } } }
  }
}

export default class MisspellPlugin extends plugin({
  manifest: {
    name: 'misspell',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Misspells some of the training names, others in each epoch',
    provides: ['augmenter/misspell'],
  },
}) {
  initialize() {
    this.ctx.provide('augmenter', 'misspell', ({ probability }) => new Misspell(probability), {
      config,
      description: 'the column `text` with slips of the pen',
    })
  }
}
