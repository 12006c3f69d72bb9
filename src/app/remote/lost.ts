// Why an engine ended without being asked to.

export type LostKind = 'hang' | 'flood' | 'crash' | 'startup' | 'invalid' | 'device' | 'refused'

export interface LostReason {
  kind: LostKind
  /** The plugin and stage that ran last, as the engine named it; absent when none did. */
  culprit?: string
  message: string
}

/** What calls reject with when their sandbox is gone; `reason` is absent when the page itself closed it. */
export class SandboxLostError extends Error {
  readonly reason: LostReason | undefined

  constructor(reason?: LostReason) {
    super(reason?.message ?? 'The engine was closed before it answered.')
    this.name = 'SandboxLostError'
    this.reason = reason
  }
}
