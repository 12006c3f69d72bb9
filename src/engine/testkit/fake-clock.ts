// A clock that stands still until a test moves it.
import type { Clock } from '#sdk'

interface Sleeper {
  readonly untilMs: number
  wake(): void
}

export interface FakeClock extends Clock {
  /**
   * Moves on by `ms`, when what has begun has come to where it sleeps. Sleepers whose time has come wake in
   * order, each with what it does at once done.
   */
  advance(ms: number): Promise<void>
}

/** A turn of the event loop: what was waiting goes on, and may sleep again. */
const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0))

/** Takes the place of the engine's clock: `createTestEngine({ clock: createFakeClock() })`. */
export function createFakeClock(startMs = 0): FakeClock {
  let nowMs = startMs
  let sleepers: readonly Sleeper[] = []
  const add = (sleeper: Sleeper): void => {
    sleepers = [...sleepers, sleeper].toSorted((a, b) => a.untilMs - b.untilMs)
  }
  const remove = (sleeper: Sleeper): void => {
    sleepers = sleepers.filter((other) => other !== sleeper)
  }
  return {
    now: () => nowMs,
    sleep: (delayMs: number, signal?: AbortSignal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper: Sleeper = {
          untilMs: nowMs + delayMs,
          wake: () => {
            signal?.removeEventListener('abort', stop)
            resolve()
          },
        }
        const stop = (): void => {
          remove(sleeper)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', stop, { once: true })
        add(sleeper)
      }),
    async advance(ms: number): Promise<void> {
      await turn()
      const endMs = nowMs + ms
      for (let [next] = sleepers; next && next.untilMs <= endMs; [next] = sleepers) {
        nowMs = next.untilMs
        remove(next)
        next.wake()
        await turn()
      }
      nowMs = endMs
    },
  }
}
