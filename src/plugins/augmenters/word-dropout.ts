// Word dropout: leaves words out of training texts, others in each epoch.
import { type AugmentArgs, plugin, type Random, type Table, textsIn, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('text').describe('column of text to change'),
  probability: z.number().min(0).max(1).default(0.1).describe('of each word, to be left out'),
})

/** Without some of its words; one stays, so that no text becomes empty. */
function thin(text: string, probability: number, random: Random): string {
  const words = text.split(' ')
  const kept = words.filter(() => random.next() >= probability)
  return kept.length > 0 ? kept.join(' ') : words[random.int(words.length)]!
}

export default class WordDropout extends plugin({
  manifest: {
    name: 'word_dropout',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Leaves words out of training texts, others in each epoch',
    tags: ['text'],
    provides: ['augmenter/word_dropout'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'augmenter',
      'word_dropout',
      ({ column, probability }) => ({
        augment(table: Table, { training, random }: AugmentArgs): Table {
          const texts = textsIn(table, column, 'word_dropout')
          if (!training) return table
          const data = texts.data.map((text) => thin(text, probability, random))
          return { ...table, columns: { ...table.columns, [column]: { ...texts, data } } }
        },
      }),
      { config, description: 'texts without some of their words' },
    )
  }
}
