// The console of a worker: writes as ever, and tells who listens.
import { expect, test } from 'vitest'
import { listenToConsole } from './console.ts'

test('each way to write goes to the console first, then to the listener with its level', () => {
  const told: unknown[] = []
  const write =
    (name: string) =>
    (...values: unknown[]): void =>
      void told.push([`console.${name}`, ...values])
  const console = {
    debug: write('debug'),
    log: write('log'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  }
  listenToConsole(console, (level, values) => told.push([level, ...values]))
  console.log('a', 1)
  console.warn()
  expect(told).toEqual([['console.log', 'a', 1], ['info', 'a', 1], ['console.warn'], ['warn']])
})
