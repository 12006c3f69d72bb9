// Runs commands of plugins, and tells what came of it: in the console, and for the palette in a notice.
import { type CommandInfo, type ErrorInfo, errorInfo } from '#sdk'
import { lineOf, resultText } from '#workspace'
import { toast } from 'sonner'
import { SandboxLostError } from '../remote/lost.ts'
import { session } from '../session/page-session.ts'
import { goTo, showPanel } from '../shell/navigation.ts'
import { engineStore } from '../store/store.ts'
import { addToHistory } from './history.ts'

export type Outcome = { value: unknown; error?: undefined } | { error: ErrorInfo }

/** Runs a command. Never throws. */
export async function outcomeOf(name: string, args: Record<string, unknown>): Promise<Outcome> {
  try {
    return { value: await session.command(name, args) }
  } catch (thrown) {
    if (!(thrown instanceof SandboxLostError)) return { error: errorInfo(thrown) }
    return { error: { code: 'engine.internal', message: thrown.message } }
  }
}

/** Who says what the console has to say by itself. */
const CONSOLE = 'console'

/** Longest text of one line of the console. */
const MAX_TEXT = 20_000

/** Writes a line. Returns its text. */
export function say(text: string, level: 'info' | 'error' = 'info', plugin = CONSOLE): string {
  const message = clipped(text)
  engineStore.addLog({ level, plugin, message })
  return message
}

const clipped = (text: string): string =>
  text.length > MAX_TEXT
    ? `${text.slice(0, MAX_TEXT)}… (${(text.length - MAX_TEXT).toLocaleString('en')} characters more)`
    : text

/** Writes the line that was entered, or would have been. */
export function echo(line: string): void {
  addToHistory(line)
  say(`> ${line}`)
}

export const sayOutcome = (outcome: Outcome, plugin: string): string =>
  outcome.error
    ? say(errorText(outcome.error), 'error', plugin)
    : say(resultText(outcome.value) || 'done', 'info', plugin)

function errorText({ message, hint, source }: ErrorInfo): string {
  const place = source ? ` (${source.file}:${source.line}:${source.column})` : ''
  return `${message}${place}${hint === undefined ? '' : `\n${hint}`}`
}

/** Longest result that a notice shows; the console has all of it. */
const MAX_NOTICE = 160

/** What came of a command that was not run in the console: a line there, and a notice. */
export function tell(command: CommandInfo, args: Record<string, unknown>, outcome: Outcome): void {
  echo(lineOf(command.name, args, command.args))
  sayOutcome(outcome, command.plugin)
  if (outcome.error) {
    const { message, hint, source } = outcome.error
    const action = source ? { label: 'Show', onClick: () => goTo(source) } : undefined
    const more = { description: hint, duration: 10_000, ...(action ? { action } : {}) }
    toast.error(`${command.title}: ${message}`, more)
    return
  }
  const text = resultText(outcome.value)
  const isShort = text.length <= MAX_NOTICE && !text.includes('\n')
  const action = { label: 'Show', onClick: () => showPanel('console') }
  if (text === '') toast.success(`${command.title}: done`)
  else if (isShort) toast.success(command.title, { description: text })
  else toast.success(command.title, { description: 'The result is in the console.', action })
}
