// Reads a table of labelled texts. A file outside of plugins/ is a library: plugins and tests import it.
import { EngineError } from 'plugboard'

/** Texts, and for each task the label of every text; '' where there is none. */
export interface LabelledRows {
  readonly texts: readonly string[]
  readonly labels: Readonly<Record<string, readonly string[]>>
}

/**
 * Reads comma-separated lines. The first names the columns: a text, then one task each. Throws
 * `data.invalid` with the line that has too few or too many fields.
 */
export function readLabelledRows(csv: string, path: string): LabelledRows {
  const [head, ...rows] = csv
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((field) => field.trim()))
  const [, ...tasks] = head ?? []
  if (tasks.length === 0) throw invalid(`${path} has no line of column names`)
  rows.forEach((fields, i) => {
    if (fields.length === 1 + tasks.length) return
    throw invalid(`row ${i + 1} of ${path} has ${fields.length} fields, not ${1 + tasks.length}`)
  })
  const column = (at: number) => rows.map((fields) => fields[at]!)
  return {
    texts: column(0),
    labels: Object.fromEntries(tasks.map((task, i) => [task, column(i + 1)])),
  }
}

const invalid = (message: string): EngineError =>
  new EngineError({
    code: 'data.invalid',
    message,
    hint: 'write `name,gender,syllables` and then such lines; an empty field is a missing label',
  })
