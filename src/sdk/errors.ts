// One error family for everything that can go wrong, with enough on it to lead a user to the line.

/** A place in the user's own source. `line` and `column` start at 1. */
export interface SourceLocation {
  file: string
  line: number
  column: number
}

/** One frame of a stack, remapped to the user's source. */
export interface StackFrame extends SourceLocation {
  name: string
}

/** Every code an `EngineError` can carry; the guide lists what each one means. */
export type ErrorCode =
  | 'manifest.invalid'
  | 'manifest.missing'
  | 'plugin.duplicate'
  | 'plugin.unknown'
  | 'plugin.export'
  | 'plugin.requirement'
  | 'plugin.conflict'
  | 'plugin.cycle'
  | 'plugin.threw'
  | 'plugin.timeout'
  | 'lifecycle.transition'
  | 'config.syntax'
  | 'config.invalid'
  | 'module.compile'
  | 'module.missing'
  | 'module.cycle'
  | 'module.syntax'
  | 'hook.unknown'
  | 'hook.duplicate'
  | 'hook.condition'
  | 'hook.threw'
  | 'hook.result'
  | 'hook.async'
  | 'kind.unknown'
  | 'kind.duplicate'
  | 'contribution.duplicate'
  | 'contribution.missing'
  | 'contribution.contract'
  | 'contribution.config'
  | 'service.missing'
  | 'service.duplicate'
  | 'service.cycle'
  | 'asset.missing'
  | 'data.empty'
  | 'data.invalid'
  | 'model.parameter'
  | 'model.forward'
  | 'loss.shape'
  | 'run.nonfinite'
  | 'run.state'
  | 'run.failed'
  | 'device.unavailable'
  | 'device.lost'
  | 'device.memory'
  | 'reload.failed'
  | 'engine.internal'

/** An error as plain data: what crosses threads and what the page shows. */
export interface ErrorInfo {
  code: ErrorCode
  message: string
  plugin?: string | undefined
  stage?: string | undefined
  hook?: string | undefined
  source?: SourceLocation | undefined
  hint?: string | undefined
  frames?: StackFrame[] | undefined
  cause?: ErrorInfo | undefined
}

export interface EngineErrorInit extends Omit<ErrorInfo, 'cause'> {
  cause?: unknown
}

const ENGINE_ERROR = Symbol.for('plugboard.error')

/**
 * The error every part of Plugboard throws. The message names subject, value and limit; `hint` says
 * what to do; `source` is the place in the user's own file where it is known.
 */
export class EngineError extends Error {
  readonly [ENGINE_ERROR] = true
  readonly code: ErrorCode
  readonly hint: string | undefined
  plugin: string | undefined
  stage: string | undefined
  hook: string | undefined
  source: SourceLocation | undefined
  frames: StackFrame[] | undefined

  constructor({ code, message, cause, ...rest }: EngineErrorInit) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EngineError'
    this.code = code
    this.plugin = rest.plugin
    this.stage = rest.stage
    this.hook = rest.hook
    this.source = rest.source
    this.hint = rest.hint
    this.frames = rest.frames
  }
}

/** True for an `EngineError` of any copy of this module. */
export function isEngineError(value: unknown): value is EngineError {
  return typeof value === 'object' && value !== null && ENGINE_ERROR in value
}

/** Longest message that leaves the engine; a longer one is cut. */
const MAX_MESSAGE = 10_000

/** The plain record of any thrown value; `code` is used for values that are no `EngineError`. */
export function errorInfo(thrown: unknown, code: ErrorCode = 'engine.internal'): ErrorInfo {
  if (isEngineError(thrown)) {
    const { plugin, stage, hook, source, hint, frames } = thrown
    const message = thrown.message.slice(0, MAX_MESSAGE)
    const cause = thrown.cause === undefined ? undefined : errorInfo(thrown.cause, thrown.code)
    return { code: thrown.code, message, plugin, stage, hook, source, hint, frames, cause }
  }
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return { code, message: message.slice(0, MAX_MESSAGE) }
}
