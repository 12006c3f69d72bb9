// The page of the sandbox tests: the app's own remote, within reach of the test runner.
import { connectEngine } from '../../src/app/remote/index.ts'

export interface Gaps {
  /** Forgets what was measured so far. */
  reset(): void
  /** Longest time between two turns of the page's event loop, in ms. */
  max(): number
}

declare global {
  interface Window {
    connectEngine: typeof connectEngine
    gaps: Gaps
  }
}

function measureGaps(): Gaps {
  let last = performance.now()
  let longest = 0
  const turns = new MessageChannel()
  turns.port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    setTimeout(() => turns.port2.postMessage(0), 1)
  }
  turns.port2.postMessage(0)
  return {
    reset() {
      longest = 0
      last = performance.now()
    },
    max: () => longest,
  }
}

window.gaps = measureGaps()
window.connectEngine = connectEngine
