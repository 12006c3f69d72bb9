// What plugins write with `console.log`: in the browser's own console as ever, and told to the engine.
import type { LogLevel } from '#sdk'

const LEVELS = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
} as const satisfies Partial<Record<keyof Console, LogLevel>>

/** `tell` is called right below whoever writes. */
export function listenToConsole(
  console: Pick<Console, keyof typeof LEVELS>,
  tell: (level: LogLevel, values: readonly unknown[]) => void,
): void {
  for (const [method, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, LogLevel][]) {
    const write = console[method].bind(console)
    console[method] = (...values: unknown[]) => {
      write(...values)
      tell(level, values)
    }
  }
}
