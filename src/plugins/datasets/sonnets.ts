// Shakespeare's sonnets: a small text of great regularity.
import { EngineError, plugin } from 'plugboard'

const PATH = 'data/sonnets.txt'

export default class Sonnets extends plugin({
  manifest: {
    name: 'sonnets',
    version: '1.0.0',
    category: 'dataset',
    description: 'The 154 sonnets of William Shakespeare (public domain): 94,000 characters',
    tags: ['text', 'language model'],
    provides: ['dataset/sonnets'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'sonnets',
      (_, env) => ({
        async load() {
          const text = new TextDecoder().decode(await env.asset(PATH))
          const sonnets = text.trim().split('\n\n')
          if (sonnets[0] === '') {
            throw new EngineError({
              code: 'data.empty',
              message: `${PATH} has no sonnets`,
              hint: 'sonnets stand apart by an empty line; the file may not have been served whole',
            })
          }
          return { length: sonnets.length, columns: { text: { type: 'text', data: sonnets } } }
        },
      }),
      { description: 'column `text`: one sonnet a row, with its line breaks' },
    )
  }
}
