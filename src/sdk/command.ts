// Commands: actions that plugins offer by name, with typed arguments.
import type { z } from 'zod'
import type { ErrorInfo } from './errors.ts'

/** An action for the palette, the console and the command line. */
export interface Command<S extends z.ZodType = z.ZodType> {
  title: string
  description?: string
  /** Schema of its arguments, an object; without one it takes none. */
  args?: S
  /** What it returns, plain data or a promise of it, is shown to who ran it. */
  run(args: z.output<S>): unknown
}

/** A command whose `run` has its arguments typed by the schema. */
export function defineCommand<S extends z.ZodType = z.ZodObject<Record<never, never>>>(
  command: Command<S>,
): Command {
  return command
}

/** A command as lists show it. */
export interface CommandInfo {
  name: string
  title: string
  description: string
  plugin: string
  /** JSON schema of its arguments. */
  args: unknown
  /** Why it cannot be made; running it fails with the same. */
  error?: ErrorInfo | undefined
}
