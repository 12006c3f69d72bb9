// For work that fails now and then: trying again after longer and longer pauses, and going on with less.
import type { Clock } from './core-services.ts'

export interface RetryOptions {
  /** Where time comes from: `ctx.resolve(Clock)`. */
  clock: Pick<Clock, 'sleep'>
  /** Ends it, in a pause at once: `ctx.signal`, or that of the data environment. */
  signal?: AbortSignal
  /** Times it is tried, the first included. 3 unless set. */
  attempts?: number
  /** Pause after the first failure, in ms; 200 unless set. */
  delayMs?: number
  /** What each pause is multiplied with for the next; 2 unless set. */
  factor?: number
  /** Longest pause, in ms; 10,000 unless set. */
  maxDelayMs?: number
  /** Whether what was thrown may go away by itself; without it, all may. */
  retryIf?: (thrown: unknown) => boolean
  /** Told of each failure that is followed by another attempt, and of the pause before it. */
  onRetry?: (failure: { attempt: number; delayMs: number; thrown: unknown }) => void
}

/**
 * Runs `work` until it succeeds. Rejects with what the last attempt threw, with what `retryIf` refuses at once, or
 * with the signal's reason when that aborts.
 */
export async function retry<T>(
  work: (attempt: number) => T | Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { clock, signal, retryIf, onRetry } = options
  const { attempts = 3, delayMs: firstMs = 200, factor = 2, maxDelayMs = 10_000 } = options
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await work(attempt)
    } catch (thrown) {
      signal?.throwIfAborted()
      if (attempt >= attempts || retryIf?.(thrown) === false) throw thrown
      const delayMs = Math.min(firstMs * factor ** (attempt - 1), maxDelayMs)
      onRetry?.({ attempt, delayMs, thrown })
      await clock.sleep(delayMs, signal)
    }
  }
}

/** What `work` gives, or `instead` when it throws: for a plugin that goes on with less, having said so. */
export async function fallback<T>(
  work: () => T | Promise<T>,
  instead: (thrown: unknown) => T | Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    return await instead(thrown)
  }
}
