// What a command is: a line of the table, its options, and what it does.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { EXIT, type Io, UsageError } from './io.ts'
import { problemLine } from './json-lines.ts'
import { problemsOf } from './problems.ts'

type ParseOption = NonNullable<ParseArgsConfig['options']>[string]
type Option = ParseOption & {
  /** What it does, for the usage. */
  help: string
  /** Placeholder of its value: `<n>`. */
  value?: string
}
export type Options = Record<string, Option>

type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values']

export interface CommandInit<O extends Options> {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** Names of its arguments, all of which must be given. */
  args?: readonly string[]
  /** Names of those after them that may be left out. */
  optional?: readonly string[]
  /** Form of what may follow them, any number of times. */
  rest?: string
  options: O
  /** With `--json` it writes lines of JSON and nothing else: problems as well. */
  hasJsonLines?: boolean
  /** Lines at the end of the usage. */
  notes?: readonly string[]
  /** Resolves with the exit code. */
  run(args: readonly string[], values: Values<O>, io: Io): Promise<number>
}

export interface Command {
  readonly name: string
  readonly summary: string
  /** The whole usage: form, summary, options. */
  readonly usage: string
  /** Throws a `UsageError` when `argv` does not fit. */
  start(argv: readonly string[], io: Io): Promise<number>
}

/** A command whose arguments are parsed by Node and typed by its options. */
export function defineCommand<const O extends Options>(init: CommandInit<O>): Command {
  const { name, summary, args = [], optional = [], rest, options } = init
  const most = args.length + optional.length
  return {
    name,
    summary,
    usage: usageOf(init),
    async start(argv, io) {
      const { values, positionals } = parse(argv, options)
      if (positionals.length < args.length) {
        throw new UsageError(`${name} needs <${args[positionals.length]}>.`)
      }
      if (positionals.length > most && rest === undefined) {
        throw new UsageError(`${name} takes no '${positionals[most]}'.`)
      }
      try {
        return await init.run(positionals, values, io)
      } catch (thrown) {
        const isTold = init.hasJsonLines && 'json' in values && values.json === true
        if (!isTold || io.signal.aborted || thrown instanceof UsageError) throw thrown
        for (const problem of problemsOf(thrown).problems) io.out.write(problemLine(problem))
        return EXIT.failed
      }
    },
  }
}

function parse<O extends Options>(argv: readonly string[], options: O) {
  const parsed = parsedArgs(argv, options)
  // Such as that of a variable of the shell that is not set: nothing is done in its place.
  for (const [name, value] of Object.entries(parsed.values))
    if ([value].flat().includes(''))
      throw new UsageError(`--${name} takes ${options[name]!.value}, which is empty here.`)
  return parsed
}

function parsedArgs<O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (thrown) {
    // Node goes on to explain how a positional may begin with a dash.
    const [sentence] = (thrown as Error).message.split('. ')
    throw new UsageError(`${sentence!.replace(/\.$/, '')}.`, { cause: thrown })
  }
}

function usageOf(init: CommandInit<Options>): string {
  const { name, summary, args = [], optional = [], rest, options, notes = [] } = init
  const forms = Object.entries(options).map(
    ([option, { value, help }]) => [`--${option}${value ? ` ${value}` : ''}`, help] as const,
  )
  const width = Math.max(0, ...forms.map(([form]) => form.length))
  const positionals = [
    ...args.map((arg) => `<${arg}>`),
    ...optional.map((arg) => `[${arg}]`),
    ...(rest === undefined ? [] : [`[${rest} …]`]),
    ...(forms.length > 0 ? ['[options]'] : []),
  ]
  return [
    ['Usage: plugboard', name, ...positionals].join(' '),
    `  ${summary}`,
    ...forms.map(([form, help]) => `  ${form.padEnd(width)}  ${help}`),
    ...notes,
    '',
  ].join('\n')
}
