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

/** Every code an `EngineError` can carry: the part that noticed, and what was wrong there. */
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
  | 'method.unknown'
  | 'lifecycle.transition'
  | 'config.syntax'
  | 'config.invalid'
  | 'module.compile'
  | 'module.types'
  | 'module.missing'
  | 'module.cycle'
  | 'module.syntax'
  | 'hook.unknown'
  | 'hook.duplicate'
  | 'hook.next'
  | 'hook.recursion'
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
  | 'artefact.invalid'
  | 'file.invalid'
  | 'checkpoint.mismatch'
  | 'data.empty'
  | 'data.invalid'
  | 'model.parameter'
  | 'model.forward'
  | 'model.invalid'
  | 'loss.shape'
  | 'run.nonfinite'
  | 'run.state'
  | 'run.failed'
  | 'device.unavailable'
  | 'device.lost'
  | 'device.memory'
  | 'device.refused'
  | 'group.left'
  | 'group.mismatch'
  | 'reload.failed'
  | 'test.failed'
  | 'test.timeout'
  | 'engine.internal'

/** What is wrong with one part of a value that was handed in, and not written in a file. */
export interface ValueIssue {
  /** Keys and indices that lead to the part; empty for the whole. */
  path: (string | number)[]
  message: string
  hint?: string | undefined
}

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
  /** Of arguments that were refused: each of them by itself. */
  issues?: ValueIssue[] | undefined
  cause?: ErrorInfo | undefined
}

export interface EngineErrorInit extends Omit<ErrorInfo, 'cause' | 'code'> {
  /** `plugin.threw` unless set. */
  code?: ErrorCode
  /** Keys that lead to the setting that is wrong, in the plugin's own config: its place becomes the error's. */
  setting?: readonly (string | number)[]
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
  readonly issues: ValueIssue[] | undefined
  readonly setting: readonly (string | number)[] | undefined

  constructor({ code = 'plugin.threw', message, cause, ...rest }: EngineErrorInit) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EngineError'
    this.code = code
    this.plugin = rest.plugin
    this.stage = rest.stage
    this.hook = rest.hook
    this.source = rest.source
    this.hint = rest.hint
    this.frames = rest.frames
    this.issues = rest.issues
    this.setting = rest.setting
  }
}

/** True for an `EngineError` of any copy of this module. */
export function isEngineError(value: unknown): value is EngineError {
  return typeof value === 'object' && value !== null && ENGINE_ERROR in value
}

/** Whatever was thrown, its record is bounded: length of texts and names, frames, causes of causes. */
const MAX_TEXT = 10_000
const MAX_NAME = 300
const MAX_FRAMES = 50
const MAX_CAUSES = 10
const MAX_ISSUES = 100

/** The plain record of any thrown value; `code` is used for values that are no `EngineError`. */
export function errorInfo(thrown: unknown, code: ErrorCode = 'engine.internal'): ErrorInfo {
  return recordOf(thrown, code, new Set())
}

/** `told` are the errors that this one is the cause of: causes may go in a circle. */
function recordOf(thrown: unknown, code: ErrorCode, told: Set<unknown>): ErrorInfo {
  if (!isEngineError(thrown)) return { code, message: textOf(thrown).slice(0, MAX_TEXT) }
  told.add(thrown)
  const { cause } = thrown
  const hasMore = cause !== undefined && !told.has(cause) && told.size <= MAX_CAUSES
  return {
    code: thrown.code,
    message: thrown.message.slice(0, MAX_TEXT),
    plugin: clip(thrown.plugin, MAX_NAME),
    stage: clip(thrown.stage, MAX_NAME),
    hook: clip(thrown.hook, MAX_NAME),
    source: thrown.source,
    hint: clip(thrown.hint, MAX_TEXT),
    frames: thrown.frames?.slice(0, MAX_FRAMES),
    issues: thrown.issues?.slice(0, MAX_ISSUES).map(issueRecord),
    cause: hasMore ? recordOf(cause, thrown.code, told) : undefined,
  }
}

const issueRecord = ({ path, message, hint }: ValueIssue): ValueIssue => ({
  path: path.map((key) => (typeof key === 'number' ? key : textOf(key).slice(0, MAX_NAME))),
  message: textOf(message).slice(0, MAX_TEXT),
  hint: clip(hint, MAX_TEXT),
})

/** Authors' errors may hold anything, whatever the types say. */
const clip = (text: unknown, length: number): string | undefined =>
  text === undefined ? undefined : textOf(text).slice(0, length)

function textOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  } catch {
    return 'a value was thrown that cannot be written as text'
  }
}
