// First names, one a row: small enough to learn from in a minute.
import { EngineError, plugin } from 'plugboard'

const PATH = 'data/names.txt'

export default class Names extends plugin({
  manifest: {
    name: 'names',
    version: '1.0.0',
    category: 'dataset',
    description: '8,403 English first names in lower case (CC0)',
    tags: ['text', 'language model'],
    provides: ['dataset/names'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'names',
      (_, env) => ({
        async load() {
          const text = new TextDecoder().decode(await env.asset(PATH))
          const names = text.split('\n').filter((line) => line !== '')
          if (names.length === 0) {
            throw new EngineError({
              code: 'data.empty',
              message: `${PATH} has no names`,
              hint: 'the file holds one name a line; it may not have been served whole',
            })
          }
          return { length: names.length, columns: { text: { type: 'text', data: names } } }
        },
      }),
      { description: 'column `text`: one name a row' },
    )
  }
}
