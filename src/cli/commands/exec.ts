// plugboard exec: runs a command that a plugin contributes.
import { isEngineEvent } from '#protocol'
import { type CommandInfo, errorInfo, type EventRecord } from '#sdk'
import { describeCommand, jsonText, parseArguments, resultText } from '#workspace'
import { openChecked } from '../checked.ts'
import { defineCommand } from '../command.ts'
import { EXIT, type Io, UsageError } from '../io.ts'
import { Failure } from '../problems.ts'
import { readWorkspace } from '../read-workspace.ts'
import { TerminalView } from '../terminal.ts'

export const exec = defineCommand({
  name: 'exec',
  summary: 'runs a command of a plugin; list tells which there are',
  args: ['workspace', 'command'],
  rest: 'key=value',
  options: {
    json: { type: 'boolean', default: false, help: 'write what the command returns as JSON' },
  },
  async run([target, name, ...parts], { json }, io) {
    const files = await readWorkspace(target)
    // Standard output is for the result alone.
    const view = new TerminalView({ ...io, out: io.err }, files)
    const onEvent = (record: EventRecord): void => {
      if (isEngineEvent(record)) view.show(record)
    }
    const { engine, close } = await openChecked(files, { device: 'cpu', onEvent })
    try {
      const command = (await engine.commands()).find((each) => each.name === name)
      // Of one that there is not the engine says which there are.
      const args = command ? argumentsOf(command, parts) : {}
      const result = await Promise.race([
        engine.command(name!, args).catch((thrown: unknown) => {
          const { issues, message } = errorInfo(thrown)
          throw command && issues ? refusal(command, message) : thrown
        }),
        interrupted(io),
      ])
      if (json) io.out.write(`${jsonText(result, 2)}\n`)
      else if (result !== undefined) io.out.write(`${resultText(result)}\n`)
      return EXIT.ok
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown
      throw new Failure([errorInfo(thrown)], files)
    } finally {
      view.end()
      close()
    }
  },
})

function argumentsOf(command: CommandInfo, parts: readonly string[]): Record<string, unknown> {
  try {
    return parseArguments(parts, command.args)
  } catch (thrown) {
    throw refusal(command, (thrown as Error).message)
  }
}

/** Arguments that do not fit, with what the command takes. */
const refusal = (command: CommandInfo, message: string): UsageError =>
  new UsageError([message, '', ...describeCommand(command)].join('\n'))

/** Rejects when the user no longer wants to wait. */
const interrupted = ({ signal }: Io): Promise<never> =>
  new Promise((_, reject) => {
    const stop = (): void => reject(new Error('Interrupted.'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
