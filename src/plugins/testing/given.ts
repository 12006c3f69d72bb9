// What devices gave for the same tries, compared.

/** What tries gave, tensor by tensor; or what they threw. By title. */
export type Given = Record<string, number[][] | string>

/** Share of the largest value of a tensor that the rounding of graphics processors explains. */
const ROUNDING = 1e-3

/**
 * Titles of what differs from what was `wanted` by more than a share of the largest value of its tensor, with how;
 * values below 0.01 are all taken for small.
 */
export function differences(wanted: Given, found: Given, tolerance = ROUNDING): string[] {
  return Object.entries(wanted).flatMap(([title, tensors]) => {
    const others = found[title]
    if (!Array.isArray(tensors) || !Array.isArray(others))
      return tensors === others ? [] : [`${title}: ${typeof others === 'string' ? others : 'none'}`]
    const gaps = tensors.map((values, i) => gapOf(values, others[i] ?? []))
    const worst = Math.max(...gaps)
    return worst <= tolerance ? [] : [`${title}: tensor ${gaps.indexOf(worst)} is off by ${worst}`]
  })
}

function gapOf(wanted: readonly number[], found: readonly number[]): number {
  if (found.length !== wanted.length) return Infinity
  const size = wanted.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-2)
  const gaps = wanted.map((value, i) => Math.abs(found[i]! - value) / size)
  return gaps.some(Number.isNaN) ? Infinity : gaps.reduce((a, b) => Math.max(a, b), 0)
}
