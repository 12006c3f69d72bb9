// How much the engine may send to the page, and how long it may stay silent.

const MB = 1024 * 1024

/**
 * Enforced by the supervisor in public/sandbox.html. `burst` may come at once and is refilled by
 * `perSecond`. Data (objects, numbers, text) costs the page time to read, buffers hardly any.
 */
export const RELAY_LIMITS = {
  messages: { burst: 120, perSecond: 400 },
  data: { burst: 8 * MB, perSecond: 8 * MB },
  buffers: { burst: 64 * MB, perSecond: 16 * MB },
  signals: { burst: 2000, perSecond: 1500 },
  message: { depth: 40, dataBytes: 4 * MB },
} as const

export interface WatchdogLimits {
  /** Time between two questions to the supervisor. */
  intervalMs: number
  /** Longest silence: neither an event-loop turn nor a beat from inside long work. */
  silenceMs: number
  /** Longest time that the supervisor itself, which only relays, may take to answer. */
  answerMs: number
  /** Longest time that beats alone, without an event-loop turn, keep an engine alive. */
  workMs: number
}

export const WATCHDOG_LIMITS: WatchdogLimits = {
  intervalMs: 250,
  silenceMs: 1500,
  answerMs: 3000,
  workMs: 60_000,
}

/** Longest time from opening the frame to the engine's `ready`. */
export const STARTUP_MS = 15_000

/** Largest file that is handed to the engine. */
export const MAX_ASSET_BYTES = 256 * MB
