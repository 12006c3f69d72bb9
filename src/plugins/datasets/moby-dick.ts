// Moby Dick: a whole novel, to learn a language from.
import { EngineError, gunzip, plugin, type Table, z } from 'plugboard'

const PATH = 'data/moby-dick.txt.gzip'

const config = z.strictObject({
  held_back: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe('share of the book, its end, to validate on; 0: split at random, as other datasets'),
})

const tableOf = (data: readonly string[]): Table => ({
  length: data.length,
  columns: { text: { type: 'text', data } },
})

export default class MobyDick extends plugin({
  manifest: {
    name: 'moby_dick',
    version: '1.0.0',
    category: 'dataset',
    description: 'Moby Dick by Herman Melville (public domain): 1.2 million characters',
    tags: ['text', 'language model'],
    provides: ['dataset/moby_dick'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'moby_dick',
      ({ held_back }, env) => ({
        async load() {
          const text = new TextDecoder().decode(gunzip(await env.asset(PATH)))
          const paragraphs = text.split('\n').filter((line) => line !== '')
          if (paragraphs.length < 2) {
            throw new EngineError({
              code: 'data.empty',
              message: `${PATH} has ${paragraphs.length} paragraphs`,
              hint: 'the file holds one paragraph a line; it may not have been served whole',
            })
          }
          if (held_back === 0) return tableOf(paragraphs)
          const cut = startOfEnd(paragraphs, held_back)
          return {
            train: tableOf(paragraphs.slice(0, cut)),
            validation: tableOf(paragraphs.slice(cut)),
          }
        },
      }),
      { config, description: 'column `text`: one paragraph a row, in the order of the book' },
    )
  }
}

/** The first paragraph of the last `share` of all characters; neither side is empty. */
function startOfEnd(paragraphs: readonly string[], share: number): number {
  const all = paragraphs.reduce((sum, { length }) => sum + length, 0)
  let kept = 0
  const cut = paragraphs.findIndex(({ length }) => (kept += length) > all * (1 - share))
  return Math.max(1, cut)
}
