// The texts that a tokenizer learns from: those that it is to read, not the names of classes beside them.
import { EngineError, type Table } from '#sdk'
import type { TextReading } from '../registry/index.ts'

/**
 * Names of the text columns that preprocessors say they have the tokenizer read, or, of those that do not say, that
 * their settings name. Where that is none: all but those that are something else to a preprocessor that says so.
 * Throws 'data.invalid' for a table without text.
 */
export function columnsToRead({ columns }: Table, steps: readonly TextReading[]): string[] {
  const texts = Object.keys(columns).filter((name) => columns[name]?.type === 'text')
  if (texts.length === 0) {
    throw new EngineError({
      code: 'data.invalid',
      message: `the training rows have no text column to fit a tokenizer on (columns: ${Object.keys(columns).join(', ')})`,
      hint: 'remove experiment.tokenizer, or take a dataset of text',
    })
  }
  const read = new Set<string>()
  const others = new Set<string>()
  for (const { settings, tokenized } of steps) {
    const named = namesIn(settings)
    for (const name of tokenized ?? named) read.add(name)
    for (const name of tokenized ? named : []) others.add(name)
  }
  const wanted = texts.filter((name) => read.has(name))
  if (wanted.length > 0) return wanted
  const rest = texts.filter((name) => !others.has(name))
  return rest.length > 0 ? rest : texts
}

/** All text values of some settings. */
function namesIn(settings: unknown): string[] {
  if (typeof settings === 'string') return [settings]
  return typeof settings === 'object' && settings !== null
    ? Object.values(settings).flatMap(namesIn)
    : []
}

/** The texts of some columns, one column after another. Whoever goes through a long one shows that it goes on. */
export function* textsOf(
  { columns }: Table,
  names: readonly string[],
  beat: () => void,
): Generator<string> {
  for (const name of names) {
    const column = columns[name]
    for (const text of column?.type === 'text' ? column.data : []) {
      beat()
      yield text
    }
  }
}
