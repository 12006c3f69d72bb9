// Providing services in three ways: a value, a factory for each run, and a class that is wired by itself.
import { EngineError, isEngineError, MetricsCollector, plugin, type Services, z } from 'plugboard'
import { type LabelledRows, readLabelledRows } from '../lib/labelled-rows.ts'
import { Critic, Lookup, Notebook } from '../lib/services.ts'

function lookupIn({ texts, labels }: LabelledRows): Lookup {
  const rows = new Map(texts.map((text, row) => [text, row]))
  return {
    tasks: Object.keys(labels),
    labelOf(text, task) {
      const row = rows.get(text)
      return (row !== undefined && labels[task]?.[row]) || undefined
    },
  }
}

function newNotebook(): Notebook {
  const notes = new Map<string, string>()
  return {
    note(text, task, guess) {
      const key = `${text} ${task}`
      const before = notes.get(key)
      notes.set(key, guess)
      return before !== undefined && before !== guess
    },
  }
}

/** Its static `inject` says what the constructor takes: whoever builds it need not know. */
export class LabelCritic implements Critic {
  static readonly inject = { lookup: Lookup, metrics: MetricsCollector }
  readonly #lookup: Lookup
  readonly #metrics: MetricsCollector

  constructor({ lookup, metrics }: Services<typeof LabelCritic.inject>) {
    this.#lookup = lookup
    this.#metrics = metrics
  }

  judge(text: string, task: string, guess: string): string {
    const label = this.#lookup.labelOf(text, task)
    if (label === undefined) return ''
    // Counted here, shown with the plugin: a core service, as Logger, Clock and others are.
    this.#metrics.record('guesses that were right', Number(label === guess))
    return label === guess ? 'right' : `wrong: is ${label}`
  }
}

export default class NameServices extends plugin({
  manifest: {
    name: 'name_services',
    version: '1.0.0',
    category: 'service',
    description: 'Known labels, a notebook for each run, and a critic who knows both',
    // Promised by key: who asks for a service can require it without knowing whose it is.
    provides: ['tour.lookup', 'tour.notebook', 'tour.critic'],
  },
  config: z.strictObject({
    path: z.string().default('data/labelled-names.csv').describe('file with the known labels'),
  }),
}) {
  async initialize() {
    this.ctx.provideService(Lookup, lookupIn(await this.#rows()))
    this.ctx.provideService(Notebook, () => newNotebook(), { lifetime: 'run' })
    this.ctx.provideService(Critic, LabelCritic)
  }

  /**
   * Errors handled with grace: the message says what could not be done, the hint what to do, and the cause
   * keeps what happened below, with its stack. The engine adds the plugin's name, the stage and the line.
   */
  async #rows(): Promise<LabelledRows> {
    const { path } = this.config
    try {
      const csv = new TextDecoder().decode(await this.ctx.asset(path))
      return readLabelledRows(csv, path)
    } catch (cause) {
      const isMissing = isEngineError(cause) && cause.code === 'asset.missing'
      throw new EngineError({
        code: isMissing ? 'asset.missing' : 'plugin.threw',
        message: isMissing
          ? `there is no file ${path} to look labels up in`
          : `${path} is no list of labels`,
        hint: 'set plugins.use.name_services.config.path to a file of the workspace',
        cause,
      })
    }
  }
}
