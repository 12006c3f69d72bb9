// Why a plugin failed.
import type { FailureCause } from '#protocol'
import type { EngineError } from '#sdk'

export interface Failure {
  readonly stage: string
  readonly cause: FailureCause
  readonly error: EngineError
  /** All that was wrong, where it was more than one thing. */
  readonly problems: readonly EngineError[]
}

/** Thrown inside a step: several problems that refuse a plugin. */
export class Refusal {
  readonly cause: FailureCause
  readonly problems: readonly EngineError[]
  constructor(cause: FailureCause, problems: readonly EngineError[]) {
    this.cause = cause
    this.problems = problems
  }
}
