// What an artefact's bytes are to a reader: text, JSON, lines of JSON as a table, or nothing to read.

/** Shown at most, of the beginning; all of it is in the download. */
export const MAX_SHOWN_BYTES = 2 * 2 ** 20
/** Longer lines are cut. */
const MAX_LINE = 4_000
const MAX_LINES = 20_000
const MAX_COLUMNS = 24
/** Lines that a table's columns are found in. */
const COLUMN_LINES = 1_000
/** Formatting larger JSON takes the page too long. */
const MAX_JSON_BYTES = 2 ** 19

export interface Table {
  readonly columns: readonly string[]
  /** Text of each cell; empty where a line has no such key. */
  readonly rows: readonly (readonly string[])[]
}

export type Content =
  | { readonly kind: 'binary' }
  | {
      readonly kind: 'text'
      readonly lines: readonly string[]
      /** The same lines as a table, where each is a JSON object. */
      readonly table: Table | undefined
      /** Only the beginning is shown. */
      readonly isCut: boolean
    }

/** Reads at most `MAX_SHOWN_BYTES`. */
export function contentOf(bytes: Uint8Array): Content {
  const shown = bytes.subarray(0, MAX_SHOWN_BYTES)
  // As other tools tell text from bytes: none has a NUL in it.
  if (shown.includes(0)) return { kind: 'binary' }
  const isCut = shown.length < bytes.length
  let text: string
  try {
    // Streamed, so that a character that is cut in two is no error.
    text = new TextDecoder('utf-8', { fatal: true }).decode(shown, { stream: isCut })
  } catch {
    return { kind: 'binary' }
  }
  const all = text.replace(/\r?\n$/, '').split(/\r\n|\r|\n/)
  // The last line of a beginning may be half of one.
  const whole = isCut && all.length > 1 ? all.slice(0, -1) : all
  const lines = whole.slice(0, MAX_LINES)
  const table = tableOf(lines)
  const pretty = table || isCut || shown.length > MAX_JSON_BYTES ? undefined : prettyJson(text)
  return {
    kind: 'text',
    lines: (pretty ?? lines).slice(0, MAX_LINES).map(clipped),
    table,
    isCut: isCut || whole.length > lines.length,
  }
}

const clipped = (line: string): string =>
  line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)} … (${line.length} characters)` : line

function prettyJson(text: string): string[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split('\n')
  } catch {
    return undefined
  }
}

/** A table when there are two lines or more, and each is a JSON object. */
function tableOf(lines: readonly string[]): Table | undefined {
  const filled = lines.filter((line) => line.trim() !== '')
  if (filled.length < 2) return undefined
  const records: Record<string, unknown>[] = []
  for (const line of filled) {
    const record = objectOf(line)
    if (!record) return undefined
    records.push(record)
  }
  const columns = new Set<string>()
  for (const record of records.slice(0, COLUMN_LINES)) {
    for (const key of Object.keys(record)) if (columns.size < MAX_COLUMNS) columns.add(key)
  }
  const names = [...columns]
  return {
    columns: names.map(clipped),
    rows: records.map((record) =>
      names.map((name) => (Object.hasOwn(record, name) ? cellText(record[name]) : '')),
    ),
  }
}

function objectOf(line: string): Record<string, unknown> | undefined {
  if (!line.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}

const cellText = (value: unknown): string =>
  clipped(typeof value === 'string' ? value : JSON.stringify(value))
