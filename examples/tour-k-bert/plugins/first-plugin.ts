// A first plugin: a setting, a resource made from it, a method to use it, and the whole lifecycle.
import { plugin, z } from 'plugboard'

const config = z.strictObject({
  longest: z.int().min(1).max(100).default(14).describe('letters of a name that are kept'),
  accents: z
    .strictObject({ drop: z.boolean().default(true).describe('write ë as e') })
    .prefault({})
    .describe('settings may be nested'),
})

/** The resource: writes names as the model knows them, and counts, until it is closed. */
export class Scribe {
  readonly #settings: z.output<typeof config>
  written = 0
  isOpen = true

  constructor(settings: z.output<typeof config>) {
    this.#settings = settings
  }

  write(name: string): string {
    if (!this.isOpen) throw new Error('the scribe has gone home')
    this.written++
    const { longest, accents } = this.#settings
    const text = name.trim().toLowerCase()
    const plain = accents.drop ? text.normalize('NFD').replace(/\p{Mark}/gu, '') : text
    return Array.from(plain).slice(0, longest).join('')
  }

  dispose(): void {
    this.isOpen = false
  }
}

export default class FirstPlugin extends plugin({
  manifest: {
    name: 'fair_copy',
    version: '1.0.0',
    category: 'text',
    description: 'Writes names in lower case and without accents',
  },
  config,
}) {
  scribe: Scribe | undefined

  /** Sets up. What the context owns is disposed at cleanup, last owned first, whatever went wrong before. */
  initialize() {
    this.scribe = this.ctx.own(new Scribe(this.config))
  }

  /** From here to `stop` the plugin is at work: its hooks are called, and others may call its methods. */
  start() {
    this.ctx.log.info(`writes up to ${this.config.longest} letters of a name`)
  }

  stop() {
    this.ctx.log.info(`has written ${this.scribe?.written ?? 0} names`)
  }

  /** The scribe is closed by now; only what nobody owns is left to do. */
  cleanup() {
    this.scribe = undefined
  }

  /** Any method can be called by other plugins: `ctx.call('fair_copy', 'process', name)`. */
  process(name: string): string {
    if (!this.scribe) throw new Error('fair_copy is not initialized')
    return this.scribe.write(name)
  }
}
