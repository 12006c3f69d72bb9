// When checkpoints are taken: those that plugins and users asked for, and those that a run takes by itself.
import { checkName } from '../checkpoint/index.ts'

/** The checkpoint that a run takes by itself. */
const LAST = 'last'
/** A run spends at most this part of its time on checkpoints that it takes by itself. */
const SHARE = 1 / 30

export interface SaveOptions {
  /** Least time from one checkpoint to the next that a run takes by itself; without it, it takes none. */
  readonly everyMs?: number | undefined
  /** Who keeps them has taken the last one: more would only pile up. */
  isTaken(): boolean
  now(): number
}

export class Saves {
  readonly #options: SaveOptions
  readonly #asked = new Set<string>()
  #isAskedHere = false
  #savedAt: number
  #costMs = 0

  constructor(options: SaveOptions) {
    this.#options = options
    this.#savedAt = options.now()
  }

  /** Asks for one under a name at the next boundary. */
  ask(name: string): void {
    checkName(name)
    this.#asked.add(name)
  }

  /** Asks for one named after the step at which it is taken. */
  askHere(): void {
    this.#isAskedHere = true
  }

  /** Of a run that is paused or ends: the last of those that it takes by itself. */
  askLast(): void {
    if (this.#options.everyMs !== undefined) this.#asked.add(LAST)
  }

  /** One is to be taken. */
  get isAsked(): boolean {
    return this.#isAskedHere || this.#asked.size > 0
  }

  /** Whether a run takes those of the name by itself. */
  isOwn(name: string): boolean {
    return name === LAST && this.#options.everyMs !== undefined
  }

  get #isTime(): boolean {
    const { everyMs, now, isTaken } = this.#options
    if (everyMs === undefined) return false
    return now() - this.#savedAt >= Math.max(everyMs, this.#costMs / SHARE) && isTaken()
  }

  /** Takes what is due now, `step` steps being done, with `save`, once for all names. */
  async takeDue(step: number, save: (names: readonly string[]) => Promise<void>): Promise<void> {
    if (this.#isTime) this.#asked.add(LAST)
    if (this.#isAskedHere) this.#asked.add(`step-${step}`)
    if (this.#asked.size === 0) return
    const names = [...this.#asked]
    this.#asked.clear()
    this.#isAskedHere = false
    const { now } = this.#options
    const startedAt = now()
    await save(names)
    this.#savedAt = now()
    this.#costMs = this.#savedAt - startedAt
  }
}
