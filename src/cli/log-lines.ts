// Log lines as a terminal shows them, and the option that says which.
import type { EngineEvent } from '#protocol'
import { type LogLevel, logLevels } from '#sdk'
import { jsonText } from '#workspace'
import { type Output, paint, UsageError } from './io.ts'
import { parseSetting, type Setting } from './settings.ts'

/** `--log-level`. */
export const logLevelOption = (help: string) =>
  ({ type: 'string', value: '<level>', help }) as const

/** The option as settings of the project file. Throws a `UsageError` for a level that there is not. */
export function levelSettings(level: string | undefined): Setting[] {
  if (level === undefined) return []
  if (!logLevels.includes(level as LogLevel)) {
    throw new UsageError(`There is no log level '${level}': take one of ${logLevels.join(', ')}.`)
  }
  return [parseSetting(`logging.level=${level}`)]
}

const STYLES = { debug: 'dim', warn: 'yellow', error: 'red' } as const

/** `plugin: warn: message rows=160 phase="first epoch"` */
export function logText(
  { plugin, data: { level, message, fields = {} } }: Extract<EngineEvent, { type: 'log' }>,
  output: Output,
): string {
  const owner = plugin === undefined ? '' : paint(output, 'dim', `${plugin}: `)
  const mark = level === 'info' ? '' : paint(output, STYLES[level], `${level}: `)
  const details = Object.entries(fields).map(([name, value]) => {
    const isWord = typeof value === 'string' && /^[^\s"=]+$/.test(value)
    return paint(output, 'dim', ` ${name}=${isWord ? value : jsonText(value)}`)
  })
  return `${owner}${mark}${message}${details.join('')}\n`
}
