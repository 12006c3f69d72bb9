// Lines that were entered in the console while this page is open, and a walk through them.
const lines: string[] = []
const MAX_LINES = 200

export function addToHistory(line: string): void {
  if (lines.at(-1) !== line) lines.push(line)
  if (lines.length > MAX_LINES) lines.shift()
}

/** A walk that begins after the newest line; `draft` is what stood there. */
export function walk(draft: string): { back(): string; forth(): string } {
  let place = lines.length
  const at = (next: number): string => {
    place = Math.min(Math.max(0, next), lines.length)
    return lines[place] ?? draft
  }
  return { back: () => at(place - 1), forth: () => at(place + 1) }
}
