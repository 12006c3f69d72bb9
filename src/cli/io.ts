// What a command sees of the process: two streams and the wish to end.

/** A stream of text. */
export interface Output {
  write(text: string): void
  /** True for a terminal that shows a line anew and colours. */
  readonly isTerminal: boolean
  /** Characters in a line of the terminal. */
  readonly columns: number
}

export interface Io {
  /** Results. */
  readonly out: Output
  /** Problems, and what is said about the command itself. */
  readonly err: Output
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal
}

/** The command line does not make sense; ends with code 2, after the usage. */
export class UsageError extends Error {}

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const

/** Colours `text` where the stream shows colours. */
export const paint = (output: Output, style: keyof typeof CODES, text: string): string =>
  output.isTerminal && !process.env['NO_COLOR'] ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text
