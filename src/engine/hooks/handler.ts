// One function of a plugin that the engine calls again and again, with its counters.
import type { Condition, EngineError } from '#sdk'

export interface HandlerInit {
  readonly plugin: string
  /** Hook, or `event <pattern>` for a subscriber to events. */
  readonly hook: string
  readonly label: string
  readonly priority: number
  /** Stands around the calls of the hook. */
  readonly isWrapper?: boolean
  readonly when?: Condition | undefined
  readonly call: (args: never, next: never) => unknown
  /** Takes its plugin out of work. */
  readonly quarantine: (error: EngineError) => void
}

export class Handler implements HandlerInit {
  readonly plugin: string
  readonly hook: string
  readonly label: string
  readonly priority: number
  readonly isWrapper: boolean
  readonly when: Condition | undefined
  readonly call: (args: never, next: never) => unknown
  readonly quarantine: (error: EngineError) => void
  /** Goes false when its plugin stops, at once, also in the middle of a round of calls. */
  isActive = false
  calls = 0
  failures = 0
  failuresInRow = 0
  totalMs = 0
  /** Longest call that was timed and went well. */
  maxMs = 0
  /** Calls whose promise has not settled. */
  unsettled = 0
  /** Longest call that was told as slow. */
  slowestMs = 0

  constructor(init: HandlerInit) {
    this.plugin = init.plugin
    this.hook = init.hook
    this.label = init.label
    this.priority = init.priority
    this.isWrapper = init.isWrapper ?? false
    this.when = init.when
    this.call = init.call
    this.quarantine = init.quarantine
  }
}
