// Retry and fallback by a clock that stands still.
import { expect, test } from 'vitest'
import { fallback, retry } from './index.ts'

/** Notes how long it was asked to sleep. */
function noting(onSleep: () => void = () => {}) {
  const delays: number[] = []
  const sleep = async (delayMs: number, signal?: AbortSignal): Promise<void> => {
    delays.push(delayMs)
    onSleep()
    signal?.throwIfAborted()
  }
  return { delays, clock: { sleep } }
}

const failing = (times: number) => (attempt: number) => {
  if (attempt <= times) throw new Error(`attempt ${attempt}`)
  return `done at ${attempt}`
}

test('[P23] retry waits longer each time, up to a limit, and gives up with the last error', async () => {
  const { delays, clock } = noting()
  const told: unknown[] = []
  const options = { clock, attempts: 5, delayMs: 100, factor: 3, maxDelayMs: 500 }
  const onRetry = ({ attempt, delayMs }: { attempt: number; delayMs: number }) =>
    void told.push([attempt, delayMs])
  expect(await retry(failing(3), { ...options, onRetry })).toBe('done at 4')
  expect(delays).toEqual([100, 300, 500])
  expect(told).toEqual([
    [1, 100],
    [2, 300],
    [3, 500],
  ])
  await expect(retry(failing(9), { clock })).rejects.toThrow('attempt 3')
})

test('[P23] retry tries only again what may go away by itself', async () => {
  const { delays, clock } = noting()
  const retryIf = (thrown: unknown): boolean => String(thrown).endsWith('1')
  await expect(retry(failing(9), { clock, attempts: 5, retryIf })).rejects.toThrow('attempt 2')
  expect(delays).toEqual([200])
})

test('[P23] retry ends with its signal, in a pause and before an attempt', async () => {
  const abort = new AbortController()
  const { delays, clock } = noting(() => abort.abort(new Error('stopped')))
  const { signal } = abort
  await expect(retry(failing(9), { clock, signal })).rejects.toThrow('stopped')
  expect(delays).toEqual([200])
  await expect(retry(failing(0), { clock, signal })).rejects.toThrow('stopped')
})

test('[P23] fallback goes on with what is given instead', async () => {
  const broken = () => {
    throw new Error('no network')
  }
  expect(await fallback(() => 'whole', broken)).toBe('whole')
  expect(await fallback(broken, (thrown) => `less: ${String(thrown)}`)).toBe(
    'less: Error: no network',
  )
})
