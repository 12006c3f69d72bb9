// The clock of an engine.
import { type Clock, noteRead } from '#sdk'
import type { Host } from '../host.ts'

export const makeClock = (host: Pick<Host, 'now'>): Clock => ({
  now() {
    noteRead('reads the clock')
    return host.now()
  },
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, delayMs)
      if (signal?.aborted) stop()
      else signal?.addEventListener('abort', stop, { once: true })
    }),
})
