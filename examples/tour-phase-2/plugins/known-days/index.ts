// Idea: a file that ships with its plugin, read with patience, done without if need be, and given back in order.
import { Clock, EngineError, fallback, isEngineError, plugin, retry, z } from 'plugboard'
import { KnownDays } from '../../lib/services.ts'

const FILE = 'plugins/known-days/days.csv'

/** Its events, typed: what is emitted and what is heard fits these, or the editor says so. */
declare module 'plugboard' {
  interface Events {
    'known_days.retried': { file: string; attempt: number; delay_ms: number }
    'known_days.degraded': { file: string }
    'known_days.released': { resource: 'names' | 'desk' }
  }
}

/** Names of days such as 20081015. */
function namesIn(text: string): Map<number, string> {
  const names = new Map<number, string>()
  for (const [i, line] of text.trim().split('\n').entries()) {
    const [, year, month, day, name] = /^(\d{4})-(\d\d)-(\d\d),(.+)$/.exec(line) ?? []
    if (name === undefined) {
      throw new EngineError({
        code: 'data.invalid',
        message: `${FILE}, line ${i + 1}: '${line}' is no date and name`,
        hint: 'write it as `2008-10-15,what happened`',
      })
    }
    names.set(Number(`${year}${month}${day}`), name)
  }
  return names
}

export default class KnownDaysPlugin extends plugin({
  manifest: {
    name: 'known_days',
    version: '1.0.0',
    category: 'service',
    description: 'Knows days that went down in history',
    provides: ['tour.known_days'],
  },
  config: z.strictObject({
    attempts: z.int().min(1).max(5).default(3).describe('times that the file is asked for'),
  }),
  inject: { clock: Clock },
}) {
  async initialize() {
    const names = await fallback(
      () => this.#read(),
      (thrown) => {
        this.ctx.log.warn(`days go without names: ${String(thrown)}`)
        this.ctx.events.emit('known_days.degraded', { file: FILE })
        return new Map<number, string>()
      },
    )
    // What is owned is disposed when the plugin goes, the last first: nobody is answered from an empty list.
    this.#own('names', () => names.clear())
    const desk = { isOpen: true }
    this.#own('desk', () => void (desk.isOpen = false))

    this.ctx.provideService(KnownDays, {
      nameOf: (day) => (desk.isOpen ? names.get(day) : undefined),
    })
  }

  /** Waits 0.2 s after the first failure, 0.4 s after the second: all of it fits into a transition of 5 s. */
  async #read(): Promise<Map<number, string>> {
    const { attempts } = this.config
    const { clock } = this.services
    const { signal } = this.ctx
    return await retry(async () => namesIn(new TextDecoder().decode(await this.ctx.asset(FILE))), {
      clock,
      signal,
      attempts,
      // A file that cannot be had now may come later; one that is wrong stays wrong.
      retryIf: (thrown) => !(isEngineError(thrown) && thrown.code === 'data.invalid'),
      onRetry: ({ attempt, delayMs }) => {
        this.ctx.events.emit('known_days.retried', { file: FILE, attempt, delay_ms: delayMs })
      },
    })
  }

  #own(resource: 'names' | 'desk', release: () => void): void {
    this.ctx.own(() => {
      release()
      this.ctx.events.emit('known_days.released', { resource })
    })
  }
}
