// From a command line to an exit code. A new command is a file in commands/ and a line here.
import type { Command } from './command.ts'
import { add } from './commands/add.ts'
import { check } from './commands/check.ts'
import { exec } from './commands/exec.ts'
import { save } from './commands/export.ts'
import { folds } from './commands/folds.ts'
import { list } from './commands/list.ts'
import { make } from './commands/new.ts'
import { pack } from './commands/pack.ts'
import { predict } from './commands/predict.ts'
import { run } from './commands/run.ts'
import { test } from './commands/test.ts'
import { EXIT, type Io, UsageError } from './io.ts'
import { formatProblems, problemsOf } from './problems.ts'

const commands: readonly Command[] = [
  make,
  run,
  folds,
  save,
  predict,
  test,
  exec,
  check,
  list,
  pack,
  add,
]

/** Does what `argv` says. Resolves with the exit code; what fails is said on `io.err`. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv
  const command = commands.find((it) => it.name === name)
  try {
    if (!command) {
      if (name === 'help' || name === '--help' || name === '-h') {
        io.out.write(overview())
        return EXIT.ok
      }
      throw new UsageError(
        name === undefined ? 'Name a command.' : `There is no command '${name}'.`,
      )
    }
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out.write(command.usage)
      return EXIT.ok
    }
    return await command.start(rest, io)
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      io.err.write(`${thrown.message}\n\n${command?.usage ?? overview()}`)
      return EXIT.usage
    }
    if (io.signal.aborted) return EXIT.interrupted
    io.err.write(formatProblems(problemsOf(thrown), io.err))
    return EXIT.failed
  }
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Usage: plugboard <command> [options]',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'A workspace is a folder, a .zip of one, or a share link; left out, it is the current folder.',
    'plugboard <command> --help lists its options.',
    '',
  ].join('\n')
}
