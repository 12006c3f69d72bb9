// Many problems at once, where only one can be thrown.
import { EngineError } from '#sdk'

/** Most problems whose messages are spelled out. */
const MAX_LINES = 20

/** Several problems as the one error that can be thrown: placed as the first, with all their messages. */
export function joined(problems: readonly EngineError[]): EngineError {
  const [first, ...rest] = problems as [EngineError, ...EngineError[]]
  if (rest.length === 0) return first
  const { code, plugin, source, hint } = first
  const lines = problems.slice(0, MAX_LINES).map((problem) => problem.message)
  const message = [...lines, ...(problems.length > MAX_LINES ? ['…'] : [])].join('\n')
  return new EngineError({ code, plugin, source, hint, message })
}
