// What was made of each file the last time: most files of a project are the same after an edit.

/** Files whose last result is kept; the one that was asked for longest ago goes first. */
const MAX_FILES = 1000

export class LastKnown<T> {
  readonly #kept = new Map<string, { text: string; made: T }>()

  /** The result kept for `file` while its text is the same, else what `make` gives. What it throws is not kept. */
  get(file: string, text: string, make: () => T): T {
    const last = this.#kept.get(file)
    const made = last?.text === text ? last.made : make()
    this.#kept.delete(file)
    this.#kept.set(file, { text, made })
    if (this.#kept.size > MAX_FILES) this.#kept.delete(this.#kept.keys().next().value!)
    return made
  }
}
