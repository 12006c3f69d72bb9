// What a line entered in the console does.
import type { CommandInfo } from '#sdk'
import { describeCommand, parseArguments, usageOf, wordsOf } from '#workspace'
import { arePluginsUp } from '../store/engine-slice.ts'
import { engineStore } from '../store/store.ts'
import { CONSOLE_COMMANDS } from './complete.ts'
import { echo, outcomeOf, say, sayOutcome } from './run-command.ts'

/** Runs a line and writes what came of it. Never throws. */
export async function enterLine(line: string): Promise<void> {
  const [name, ...parts] = wordsOf(line).map(({ text }) => text)
  if (name === undefined) return
  echo(line.trim())
  const { commands } = engineStore.getState().engine
  if (name === 'clear') engineStore.clearLogs()
  else if (name === 'help') say(helpText(parts[0]))
  else {
    const command = commands.find((each) => each.name === name)
    if (command) await run(command, parts)
    else say(unknown(name), 'error')
  }
}

async function run(command: CommandInfo, parts: readonly string[]): Promise<void> {
  let args: Record<string, unknown>
  try {
    args = parseArguments(parts, command.args)
  } catch (thrown) {
    say(`${(thrown as Error).message}\n${usageOf(command)}`, 'error')
    return
  }
  const outcome = await outcomeOf(command.name, args)
  sayOutcome(outcome, command.plugin)
  if (outcome.error?.issues) say(usageOf(command))
}

const NOT_UP =
  'Plugins are not up: their commands are there once they are. Press Run, or bring plugins up.'

function unknown(name: string): string {
  if (!arePluginsUp(engineStore.getState().engine)) return NOT_UP
  return `There is no command '${name}'. Enter help for a list of them.`
}

function helpText(name: string | undefined): string {
  const { commands } = engineStore.getState().engine
  if (name !== undefined) {
    const command = commands.find((each) => each.name === name)
    return command ? describeCommand(command).join('\n') : unknown(name)
  }
  const own = Object.entries(CONSOLE_COMMANDS)
  const rows = [...commands.map((command) => [usageOf(command), about(command)] as const), ...own]
  const width = Math.max(...rows.map(([usage]) => usage.length).filter((length) => length < 50))
  const lines = rows.map(([usage, text]) => `${usage.padEnd(width)}  ${text}`)
  return [...lines, ...(commands.length > 0 ? [] : [noCommands()])].join('\n')
}

const about = ({ title, error }: CommandInfo): string =>
  error ? `cannot run: ${error.message}` : title

const noCommands = (): string =>
  arePluginsUp(engineStore.getState().engine) ? 'No plugin that is up has commands.' : NOT_UP
