// Problems as a terminal shows them: place, message, the lines around it, what to do.
import { type ErrorInfo, errorInfo, isEngineError } from '#sdk'
import type { Files } from '#workspace'
import { type Output, paint } from './io.ts'

/** Ends a command with code 1. `files` are those that the problems' places mean. */
export class Failure extends Error {
  readonly problems: readonly ErrorInfo[]
  readonly files: Files

  constructor(problems: readonly ErrorInfo[], files: Files) {
    super(problems.map(({ message }) => message).join('\n'))
    this.problems = problems
    this.files = files
  }
}

/** What a command that threw has to say, and the files it is about. */
export function problemsOf(thrown: unknown): { problems: readonly ErrorInfo[]; files?: Files } {
  if (thrown instanceof Failure) return thrown
  if (isEngineError(thrown)) return { problems: [errorInfo(thrown)] }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { problems: [{ code: 'engine.internal', message }] }
}

/** Lines shown before the one that a problem is about. */
const LINES_BEFORE = 2

/** Every problem with its place and lines. */
export function formatProblems(
  { problems, files }: { problems: readonly ErrorInfo[]; files?: Files },
  output: Output,
): string {
  return problems.map((problem) => `${formatProblem(problem, files, output)}\n`).join('')
}

function formatProblem(problem: ErrorInfo, files: Files | undefined, output: Output): string {
  const { message, source, hint, cause } = problem
  const place = source ? `${source.file}:${source.line}:${source.column}: ` : ''
  const lines = [
    `${paint(output, 'bold', place)}${paint(output, 'red', 'error:')} ${message}${context(problem)}`,
    ...frameOf(source, files, output),
  ]
  if (hint) lines.push(`  ${hint}`)
  if (cause && !message.includes(withoutName(cause.message)))
    lines.push(`  because: ${cause.message}`)
  return lines.join('\n')
}

/** The message of a foreign error, whose record begins with the error's name. */
const withoutName = (message: string): string => message.replace(/^\w*Error: /, '')

/** Whose code it was and what it was doing, as far as the message does not say it. */
function context({ message, plugin, hook, stage }: ErrorInfo): string {
  const parts = [plugin && `plugin ${plugin}`, hook ? `hook ${hook}` : stage && `in ${stage}`]
  const news = parts.filter((part) => part !== undefined && !message.includes(part))
  return news.length > 0 ? ` (${news.join(', ')})` : ''
}

/** The line of a place, those before it, and a mark below its column. */
function frameOf(
  source: ErrorInfo['source'],
  files: Files | undefined,
  output: Output,
): readonly string[] {
  const text = source && files?.get(source.file)
  if (!source || typeof text !== 'string') return []
  const all = text.split(/\r\n?|\n/)
  const line = Math.min(source.line, all.length)
  const first = Math.max(1, line - LINES_BEFORE)
  const width = String(line).length
  const shown = all
    .slice(first - 1, line)
    .map((code, i) => paint(output, 'dim', `  ${String(first + i).padStart(width)} | `) + code)
  const indent = all[line - 1]!.slice(0, source.column - 1).replaceAll(/[^\t]/g, ' ')
  return [
    ...shown,
    paint(output, 'dim', `  ${' '.repeat(width)} | `) + indent + paint(output, 'red', '^'),
  ]
}
