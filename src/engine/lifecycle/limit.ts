// A time limit for what others wrote.
import type { EngineError } from '#sdk'

/** Waits for `work`, at most `limitMs`, then throws `late()`. A late result is dropped, a late rejection silent. */
export async function withLimit<T>(
  work: () => T | Promise<T>,
  limitMs: number,
  late: () => EngineError,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), limitMs)
  })
  try {
    return await Promise.race([Promise.resolve(work()), over])
  } finally {
    clearTimeout(timer)
  }
}
