// When charts draw: at most once a frame, and together no longer than a frame has time for.

export interface Drawable {
  /** Draws what has changed, until about `deadline` (ms as of `performance.now`). True when something is left to do. */
  draw(deadline: number): boolean
}

/** Of the 16.7 ms of a frame; the rest is for the page. */
const BUDGET_MS = 7

/** In the order of their turns. */
const waiting = new Set<Drawable>()
let frame: number | undefined

/** Asks for a turn in the next frame. */
export function requestDraw(chart: Drawable): void {
  waiting.add(chart)
  frame ??= requestAnimationFrame(onFrame)
}

export function cancelDraw(chart: Drawable): void {
  waiting.delete(chart)
}

function onFrame(): void {
  frame = undefined
  const deadline = performance.now() + BUDGET_MS
  const unfinished: Drawable[] = []
  for (const chart of waiting) {
    waiting.delete(chart)
    if (chart.draw(deadline)) unfinished.push(chart)
    if (performance.now() >= deadline) break
  }
  // Those that had no turn come first next time: a set keeps the order of arrival.
  for (const chart of unfinished) waiting.add(chart)
  if (waiting.size > 0) frame ??= requestAnimationFrame(onFrame)
}
