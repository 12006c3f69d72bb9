// Which texts a filter means: words, a glob with * and ?, or a pattern between slashes.

export type Matcher = (texts: readonly string[]) => boolean

const all: Matcher = () => true

/**
 * `lr=0.1 failed`: all words, in any text; `val_*`: a whole text; `/^run [12]$/i`: a regular expression.
 * With `problem` when a pattern is none; then nothing is left out.
 */
export function matcherOf(query: string): { match: Matcher; problem?: string } {
  const wanted = query.trim()
  if (wanted === '') return { match: all }
  const pattern = /^\/(.+)\/([a-z]*)$/.exec(wanted)
  if (pattern) return regular(pattern[1]!, pattern[2]!)
  if (wanted.startsWith('/') && wanted.length > 1)
    return { match: all, problem: 'A pattern ends with a slash as well: /…/' }
  if (/[*?]/.test(wanted)) {
    const glob = new RegExp(`^${globSource(wanted)}$`, 'i')
    return { match: (texts) => texts.some((text) => glob.test(text)) }
  }
  const words = wanted.toLowerCase().split(/\s+/)
  return {
    match: (texts) =>
      words.every((word) => texts.some((text) => text.toLowerCase().includes(word))),
  }
}

function regular(source: string, flags: string): { match: Matcher; problem?: string } {
  try {
    // With g or y, a test would begin where the one before ended.
    const pattern = new RegExp(source, flags.replace(/[gy]/g, ''))
    return { match: (texts) => texts.some((text) => pattern.test(text)) }
  } catch (error) {
    return { match: all, problem: error instanceof Error ? error.message : String(error) }
  }
}

const globSource = (glob: string): string =>
  glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
