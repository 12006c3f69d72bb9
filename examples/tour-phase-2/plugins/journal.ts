// Idea: plugins that know nothing of each other. This one reads what all others tell, and keeps a journal.
import { Artefacts, Clock, type EventRecord, type PanelHandle, plugin, z } from 'plugboard'

const FILE = 'journal.txt'

/** Built with what its static `inject` names: constructor injection. */
class Book {
  static readonly inject = { artefacts: Artefacts, clock: Clock }
  readonly #lines: string[] = []
  readonly #artefacts: Artefacts
  readonly #clock: Clock

  constructor({ artefacts, clock }: { artefacts: Artefacts; clock: Clock }) {
    this.#artefacts = artefacts
    this.#clock = clock
    artefacts.remove(FILE)
  }

  /** Returns all lines so far. */
  add(text: string): readonly string[] {
    const line = `${new Date(this.#clock.now()).toISOString().slice(11, 19)} ${text}`
    this.#lines.push(line.slice(0, 500))
    this.#artefacts.append(FILE, `${line}\n`)
    return this.#lines
  }
}

/** What an event says, in a line: `head.forward_start: input_shape [32,10,16]`. */
const wordsOf = ({ type, data }: EventRecord): string => {
  const fields = Object.entries(Object(data) as object)
  return `${type}: ${fields.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')}`
}

export default class Journal extends plugin({
  manifest: {
    name: 'journal',
    version: '1.0.0',
    category: 'callback',
    description: 'Writes down what plugins tell in events',
  },
  config: z.strictObject({
    listens_to: z.array(z.string()).default(['feature.*']).describe('types of events, or `head.*`'),
    shown: z.int().min(1).max(500).default(30).describe('lines in the panel; the file has all'),
  }),
}) {
  #book: Book | undefined
  #panel: PanelHandle | undefined

  initialize() {
    this.#book = this.ctx.autoWire(Book)
    this.#panel = this.ctx.panel({ id: 'journal', title: 'Journal', type: 'text' })
    for (const pattern of this.config.listens_to) {
      this.ctx.events.on(pattern, (event) => {
        // Writing is an event as well.
        if (event.plugin !== this.ctx.manifest.name) this.write(wordsOf(event))
      })
    }
  }

  /** For other plugins: `ctx.call('journal', 'write', text)`. */
  write(text: string): void {
    const lines = this.#book?.add(text) ?? []
    this.#panel?.show({
      text: lines.slice(-this.config.shown),
      caption: `${lines.length} lines, all of them in ${FILE}`,
    })
  }
}
