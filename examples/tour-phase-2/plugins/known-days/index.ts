// Idea: a file that ships with its plugin, read with patience, done without if need be, and given back in order.
import { Clock, fallback, plugin, retry, z } from 'plugboard'
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
    const text = await fallback(
      () => this.#read(),
      (thrown) => {
        this.ctx.log.warn(`days go without names: ${String(thrown)}`)
        this.ctx.events.emit('known_days.degraded', { file: FILE })
        return ''
      },
    )

    // What is owned is disposed when the plugin goes, the last first: nobody is answered from an empty list.
    const names = new Map(
      text.split('\n').flatMap((line) => {
        const [, date, name] = /^(\d{4}-\d\d-\d\d),(.+)$/.exec(line) ?? []
        return date && name ? [[Number(date.replaceAll('-', '')), name] as const] : []
      }),
    )
    this.#own('names', () => names.clear())
    const desk = { isOpen: true }
    this.#own('desk', () => void (desk.isOpen = false))

    this.ctx.provideService(KnownDays, {
      nameOf: (day) => (desk.isOpen ? names.get(day) : undefined),
    })
  }

  /** Waits 0.2 s after the first failure, 0.4 s after the second: all of it fits into a transition of 5 s. */
  async #read(): Promise<string> {
    const { attempts } = this.config
    const { clock } = this.services
    const { signal } = this.ctx
    const bytes = await retry(() => this.ctx.asset(FILE), {
      clock,
      signal,
      attempts,
      onRetry: (failure) => {
        const { attempt, delayMs } = failure
        this.ctx.events.emit('known_days.retried', { file: FILE, attempt, delay_ms: delayMs })
      },
    })
    return new TextDecoder().decode(bytes)
  }

  #own(resource: 'names' | 'desk', release: () => void): void {
    this.ctx.own(() => {
      release()
      this.ctx.events.emit('known_days.released', { resource })
    })
  }
}
