// What a command is: a line of the table, its options, and what it does.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { type Io, UsageError } from './io.ts'

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
  args: readonly string[]
  /** Form of what may follow them, any number of times. */
  rest?: string
  options: O
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
  const { name, summary, args, rest, options } = init
  return {
    name,
    summary,
    usage: usageOf(init),
    async start(argv, io) {
      const { values, positionals } = parse(argv, options)
      if (positionals.length < args.length) {
        throw new UsageError(`${name} needs <${args[positionals.length]}>.`)
      }
      if (positionals.length > args.length && rest === undefined) {
        throw new UsageError(`${name} takes no '${positionals[args.length]}'.`)
      }
      return await init.run(positionals, values, io)
    },
  }
}

function parse<O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (thrown) {
    // Node goes on to explain how a positional may begin with a dash.
    const [sentence] = (thrown as Error).message.split('. ')
    throw new UsageError(`${sentence!.replace(/\.$/, '')}.`, { cause: thrown })
  }
}

function usageOf({ name, summary, args, rest, options }: CommandInit<Options>): string {
  const forms = Object.entries(options).map(
    ([option, { value, help }]) => [`--${option}${value ? ` ${value}` : ''}`, help] as const,
  )
  const width = Math.max(0, ...forms.map(([form]) => form.length))
  const named = args.map((arg) => ` <${arg}>`).join('')
  const positionals = rest === undefined ? named : `${named} [${rest} …]`
  return [
    `Usage: plugboard ${name}${positionals}${forms.length > 0 ? ' [options]' : ''}`,
    `  ${summary}`,
    ...forms.map(([form, help]) => `  ${form.padEnd(width)}  ${help}`),
    '',
  ].join('\n')
}
