// Why something cannot be done now, in words that say what to do.
import { EngineError, type ErrorInfo, errorInfo } from '#sdk'
import { type LostReason, SandboxLostError } from '../remote/lost.ts'

/** What the page tells of an engine that did not come up. */
export function lossOf(error: unknown): LostReason {
  if (error instanceof SandboxLostError && error.reason) return error.reason
  const { message, hint } = errorInfo(error)
  return { kind: 'startup', message: hint ? `${message} ${hint}` : message }
}

export function notUp(): EngineError {
  return new EngineError({
    code: 'run.state',
    message: 'The engine is not up.',
    hint: 'Wait until the device is shown, or restart the engine.',
  })
}

export function besideTests(): EngineError {
  return new EngineError({
    code: 'run.state',
    message: 'A training run cannot start beside tests: they share its device.',
    hint: 'Stop the tests first, or wait until they have ended.',
  })
}

export function brokenCode(problem: ErrorInfo | undefined): EngineError {
  const place = problem?.source ? ` (${problem.source.file}:${problem.source.line})` : ''
  return new EngineError({
    code: 'module.compile',
    message: `The code does not compile: ${problem?.message ?? 'see Problems'}${place}`,
    source: problem?.source,
    hint: 'Fix the problem, then run again.',
  })
}
