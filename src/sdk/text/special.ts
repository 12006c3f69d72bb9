// Special tokens: ids that stand for no text, but for a place in it.
import type { SpecialIds, Tokenizer } from '../data-kinds.ts'

/** A row's ids with the special ones of an encoder. */
export interface TextIds {
  readonly special: SpecialIds
  /** All ids are below it. */
  readonly limit: number
}

/**
 * Special ids of `tokenizer`, which must be fitted: its own where it has them, else numbers after its
 * vocabulary. They depend on the tokenizer alone, so whoever asks gets the same.
 */
export function specialIds({ special = {}, vocabSize }: Tokenizer): TextIds {
  let limit = vocabSize
  const { pad = limit++, cls = limit++, sep = limit++, mask = limit++ } = special
  return { special: { pad, cls, sep, mask }, limit }
}
