// What a line entered in the console does.
import type { CommandInfo } from '#sdk'
import { describeCommand, parseArguments, usageOf, wordsOf } from '#workspace'
import { arePluginsUp } from '../store/engine-slice.ts'
import { engineStore } from '../store/store.ts'
import { CONSOLE_COMMANDS } from './complete.ts'
import { echo, outcomeOf, say, sayOutcome } from './run-command.ts'

/** Runs a line and writes what came of it. Resolves with what was written; never throws. */
export async function enterLine(line: string): Promise<string> {
  const [name, ...parts] = wordsOf(line).map(({ text }) => text)
  if (name === undefined) return ''
  echo(line.trim())
  const { commands } = engineStore.getState().engine
  if (name === 'clear') {
    engineStore.clearLogs()
    return 'cleared'
  }
  if (name === 'help') return say(helpText(parts[0]))
  const command = commands.find((each) => each.name === name)
  return command ? await run(command, parts) : say(unknown(name), 'error')
}

async function run(command: CommandInfo, parts: readonly string[]): Promise<string> {
  let args: Record<string, unknown>
  try {
    args = parseArguments(parts, command.args)
  } catch (thrown) {
    return say(`${(thrown as Error).message}\n${usageOf(command)}`, 'error')
  }
  const outcome = await outcomeOf(command.name, args)
  const said = sayOutcome(outcome, command.plugin)
  return outcome.error?.issues ? `${said}\n${say(usageOf(command))}` : said
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
