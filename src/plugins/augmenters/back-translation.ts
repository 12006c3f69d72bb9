// Back translation: says training texts in other words, by way of another language.
import {
  type AugmentArgs,
  type Augmenter,
  type Context,
  defineService,
  plugin,
  type Table,
  textsIn,
  z,
} from 'plugboard'

/** What translates: offer it under this key, `text.translator`, from any plugin. */
export interface Translator {
  translate(text: string, languages: { from: string; to: string }): Promise<string>
}
const Translator = defineService<Translator>('text.translator')

const config = z.strictObject({
  column: z.string().default('text').describe('column of text to change'),
  source_language: z.string().default('en').describe('language of the texts'),
  target_language: z.string().default('de').describe('language to go by'),
  augmentation_probability: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('of each text, to be translated; drawn again for each time it may be'),
  max_augmentations_per_sample: z
    .int()
    .min(1)
    .default(1)
    .describe('times that one text may go there and back'),
})

class BackTranslation implements Augmenter {
  readonly #config: z.output<typeof config>
  readonly #translator: Translator
  readonly #events: Context['events']

  constructor(options: z.output<typeof config>, translator: Translator, events: Context['events']) {
    this.#config = options
    this.#translator = translator
    this.#events = events
  }

  async augment(table: Table, { training, random, epoch, signal }: AugmentArgs): Promise<Table> {
    const { column, augmentation_probability: probability } = this.#config
    const texts = textsIn(table, column, 'back_translation')
    if (!training) return table
    this.#emit('augmenter.started', { epoch, input_count: texts.data.length, probability })
    const data = [...texts.data]
    for (const index of data.keys()) {
      for (let time = 0; time < this.#config.max_augmentations_per_sample; time++) {
        if (random.next() >= probability) break
        signal.throwIfAborted()
        data[index] = await this.#roundTrip(data[index]!)
      }
    }
    const changed = data.filter((text, i) => text !== texts.data[i]).length
    this.#emit('augmenter.completed', {
      epoch,
      output_count: data.length,
      augmented_count: changed,
    })
    return { ...table, columns: { ...table.columns, [column]: { ...texts, data } } }
  }

  async #roundTrip(text: string): Promise<string> {
    const { source_language: home, target_language: abroad } = this.#config
    const there = await this.#translator.translate(text, { from: home, to: abroad })
    return await this.#translator.translate(there, { from: abroad, to: home })
  }

  #emit(type: string, data: Record<string, unknown>): void {
    this.#events.emit(type, { augmenter: 'back_translation', ...data })
  }
}

export default class BackTranslationPlugin extends plugin({
  manifest: {
    name: 'back_translation',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Says training texts in other words, by way of another language',
    tags: ['text'],
    provides: ['augmenter/back_translation'],
    requires: { 'text.translator': '*' },
  },
  inject: { translator: Translator },
}) {
  initialize() {
    const { translator } = this.services
    const { events } = this.ctx
    this.ctx.provide(
      'augmenter',
      'back_translation',
      (options) => new BackTranslation(options, translator, events),
      { config, description: 'texts translated there and back' },
    )
  }
}
