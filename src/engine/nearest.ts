// The nearest of some names to a misspelt one, for messages.

/** Edit distance (Levenshtein) of two short strings. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, substitution))
    }
    row = next
  }
  return row[b.length]!
}

/** The candidate most like `name`, or `undefined` when none is like it. Case, `_` and `-` don't count. */
function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const fold = (text: string): string => text.toLowerCase().replaceAll(/[_-]/g, '')
  const wanted = fold(name).slice(0, 60)
  let best: string | undefined
  let least = Math.max(2, Math.floor(wanted.length / 2)) + 0.5
  for (const candidate of candidates) {
    const cost = distance(wanted, fold(candidate))
    if (cost < least) {
      least = cost
      best = candidate
    }
  }
  return best
}

/** A hint for a name that is not known: the nearest one, or all there are. */
export function nameHint(name: string, known: readonly string[]): string {
  const close = nearest(name, known)
  if (close !== undefined) return `did you mean \`${close}\`?`
  return known.length === 0 ? 'there are none' : `there are: ${known.slice(0, 20).join(', ')}`
}
