// Which actions fit what was typed, the best first.
import type { Action } from '../actions/action.ts'

const isWordStart = (text: string, at: number): boolean =>
  at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]!)

/** How well `text` has `word`, both in lower case: as a part of it, else letter by letter in order. */
function fitOf(word: string, text: string): number | undefined {
  const at = text.indexOf(word)
  if (at >= 0) return 100 + (isWordStart(text, at) ? 50 : 0) - Math.min(at, 40)
  let fit = 0
  let last = -1
  for (const letter of word) {
    const found = text.indexOf(letter, last + 1)
    if (found < 0) return undefined
    if (isWordStart(text, found)) fit += 6
    else if (found === last + 1) fit += 3
    last = found
  }
  return fit
}

/** All words must fit: the title, or less well whatever else is shown of the action. */
function rankOf({ title, group, hint = '' }: Action, words: readonly string[]): number | undefined {
  const name = title.toLowerCase()
  const rest = `${group}/${title} ${hint}`.toLowerCase()
  let sum = 0
  for (const word of words) {
    const fit = fitOf(word, name) ?? (rest.includes(word) ? 0 : undefined)
    if (fit === undefined) return undefined
    sum += fit
  }
  return sum
}

/** The actions that fit `query`; all, in their order, where it is empty. */
export function ranked(actions: readonly Action[], query: string): readonly Action[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return actions
    .flatMap((action) => {
      const rank = rankOf(action, words)
      return rank === undefined ? [] : { action, rank }
    })
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ action }) => action)
}
