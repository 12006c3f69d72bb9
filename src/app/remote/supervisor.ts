// The page's end of the supervisor's control port: start-up deadline, watchdog, and the end of the sandbox.
import { z } from '#sdk'
import { STARTUP_MS, type WatchdogLimits } from './limits.ts'
import type { LostReason } from './lost.ts'
import { createWatchdog } from './watchdog.ts'

const label = z.string().max(300)
const messageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('pulse'),
    turns: z.number(),
    beats: z.number(),
    quietMs: z.number(),
    label,
    work: label,
  }),
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('lost'),
    kind: z.enum(['flood', 'startup', 'invalid']),
    message: z.string().max(5000),
    culprit: label,
  }),
])

export interface SupervisorHandlers {
  onReady(): void
  /** Called at most once. */
  onLost(reason: LostReason): void
}

/** Watches the sandbox behind `control` from now on. Returns what ends the watch. */
export function watchSandbox(
  control: MessagePort,
  limits: WatchdogLimits,
  { onReady, onLost }: SupervisorHandlers,
): () => void {
  const watchdog = createWatchdog(limits)
  let tickedAt = performance.now()
  let ticker: ReturnType<typeof setInterval> | undefined

  const stop = () => {
    clearInterval(ticker)
    clearTimeout(deadline)
    control.onmessage = null
  }
  const end = (reason: LostReason) => {
    stop()
    onLost(reason)
  }
  const deadline = setTimeout(() => {
    end({ kind: 'startup', message: `The engine was not ready after ${STARTUP_MS / 1000} s.` })
  }, STARTUP_MS)
  const tick = () => {
    const now = performance.now()
    const reason = watchdog.tick(now - tickedAt)
    tickedAt = now
    if (reason) end(reason)
    else control.postMessage('ask')
  }

  control.onmessage = ({ data }) => {
    const parsed = messageSchema.safeParse(data)
    if (!parsed.success) {
      end({ kind: 'invalid', message: 'The sandbox sent a report that cannot be read.' })
      return
    }
    const message = parsed.data
    if (message.type === 'pulse') {
      watchdog.report(message)
    } else if (message.type === 'lost') {
      const { kind, culprit } = message
      end({ kind, message: message.message, ...(culprit && { culprit }) })
    } else if (ticker === undefined) {
      clearTimeout(deadline)
      tickedAt = performance.now()
      ticker = setInterval(tick, limits.intervalMs)
      onReady()
    }
  }
  return stop
}
