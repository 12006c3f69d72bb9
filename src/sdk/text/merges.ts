// Byte pair encoding: which pairs of tokens to join, learned from counted words.

/** A word as ids, and how often it occurs. */
export interface CountedWord {
  ids: number[]
  count: number
}

export interface LearnMergesOptions {
  /** Id of what two neighbours become: a new one, or that of a token of the same text. */
  join: (left: number, right: number) => number
  /** Asked before every merge; false ends the learning. */
  wantsMore: () => boolean
  /** Pairs that occur less often are left apart; 2 unless set. */
  minCount?: number
}

/** A pair of neighbours as one number: ids are below 2²¹, so that the product is exact. */
const LIMIT = 2 ** 21
const pairOf = (left: number, right: number): number => left * LIMIT + right

/**
 * Joins the most frequent pair of neighbours, again and again (Sennrich, Haddow & Birch 2016, algorithm 1).
 * Of pairs that are equally frequent the one with the smaller ids comes first, so the same words give the
 * same merges. Changes `words` in place. Each merge costs the words it occurs in, not all of them.
 */
export function learnMerges(
  words: readonly CountedWord[],
  { join, wantsMore, minCount = 2 }: LearnMergesOptions,
): void {
  const counts = new Map<number, number>()
  const places = new Map<number, Set<number>>()
  const queue = new PairQueue()
  const change = (pair: number, by: number): void => {
    const count = (counts.get(pair) ?? 0) + by
    if (count > 0) counts.set(pair, count)
    else counts.delete(pair)
    if (by > 0) queue.push(pair, count)
  }
  const note = (word: number, changes: Map<number, number>, sign: 1 | -1): void => {
    const { ids, count } = words[word]!
    for (let i = 1; i < ids.length; i++) {
      const pair = pairOf(ids[i - 1]!, ids[i]!)
      changes.set(pair, (changes.get(pair) ?? 0) + sign * count)
      if (sign < 0) continue
      const known = places.get(pair)
      if (known) known.add(word)
      else places.set(pair, new Set([word]))
    }
  }
  const first = new Map<number, number>()
  words.forEach((_, word) => note(word, first, 1))
  for (const [pair, count] of first) change(pair, count)

  while (wantsMore()) {
    const pair = queue.pop(counts)
    if (pair === undefined || counts.get(pair)! < minCount) return
    const [left, right] = [Math.floor(pair / LIMIT), pair % LIMIT]
    const joined = join(left, right)
    const changes = new Map<number, number>()
    for (const word of places.get(pair)!) {
      note(word, changes, -1)
      mergePair(words[word]!.ids, left, right, joined)
      note(word, changes, 1)
    }
    places.delete(pair)
    for (const [changed, by] of changes) if (by !== 0) change(changed, by)
  }
}

/** Puts `joined` for every `left` that `right` follows, from left to right, in place. */
export function mergePair(ids: number[], left: number, right: number, joined: number): void {
  let length = 0
  for (let i = 0; i < ids.length; i++) {
    const isPair = ids[i] === left && i + 1 < ids.length && ids[i + 1] === right
    ids[length++] = isPair ? joined : ids[i]!
    if (isPair) i++
  }
  ids.length = length
}

/**
 * Binary heap of pairs, the most frequent on top. A count that has fallen since is put right when its pair
 * comes to the top; one that rose has an entry of its own.
 */
class PairQueue {
  readonly #pairs: number[] = []
  readonly #counts: number[] = []

  #isBefore(a: number, b: number): boolean {
    const difference = this.#counts[a]! - this.#counts[b]!
    return difference > 0 || (difference === 0 && this.#pairs[a]! < this.#pairs[b]!)
  }

  #swap(a: number, b: number): void {
    for (const list of [this.#pairs, this.#counts]) [list[a], list[b]] = [list[b]!, list[a]!]
  }

  push(pair: number, count: number): void {
    let at = this.#pairs.push(pair) - 1
    this.#counts.push(count)
    for (let parent = (at - 1) >> 1; at > 0 && this.#isBefore(at, parent); parent = (at - 1) >> 1) {
      this.#swap(at, parent)
      at = parent
    }
  }

  /** The pair with the highest of the `counts` that hold now. */
  pop(counts: ReadonlyMap<number, number>): number | undefined {
    while (this.#pairs.length > 0) {
      const [pair, count] = [this.#pairs[0]!, this.#counts[0]!]
      this.#removeTop()
      const now = counts.get(pair)
      if (now === count) return pair
      if (now !== undefined && now < count) this.push(pair, now)
    }
    return undefined
  }

  #removeTop(): void {
    const last = this.#pairs.length - 1
    this.#swap(0, last)
    this.#pairs.pop()
    this.#counts.pop()
    for (let at = 0; ;) {
      let best = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < last && this.#isBefore(child, best)) best = child
      if (best === at) return
      this.#swap(at, best)
      at = best
    }
  }
}
