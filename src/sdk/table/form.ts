// What can be said of a file of rows: how it is written, what its columns hold, which rows are faulty.
import { z } from 'zod'

/** What a column holds. `ignore` leaves it out. */
export const columnTypes = ['number', 'category', 'date', 'text', 'ignore'] as const
export type ColumnType = (typeof columnTypes)[number]

/** How a file of rows is to be read. All of it can be found out from the file. */
export const tableFormSchema = z.strictObject({
  format: z
    .enum(['auto', 'csv', 'json', 'jsonl'])
    .default('auto')
    .describe('csv stands for any delimiter; auto goes by the name of the file and its beginning'),
  delimiter: z
    .string()
    .max(5)
    .default('auto')
    .describe('what stands between two cells: "," ";" "\\t" "|"; auto finds it'),
  header: z
    .union([z.boolean(), z.literal('auto')])
    .default('auto')
    .describe('whether the first row names the columns'),
  decimal: z.enum(['.', ',']).default('.').describe('what stands before the decimals'),
  missing: z
    .array(z.string())
    .default(['NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL', '?'])
    .describe('cells that stand for no value, as an empty one does'),
})
export type TableForm = z.output<typeof tableFormSchema>

/** A row or cell that cannot be used. */
export interface TableFault {
  /** Of the file, from 1. */
  line: number
  /** Name of the column; undefined when the whole row is meant. */
  column?: string | undefined
  problem: string
  /** The cell or the beginning of the row. */
  text: string
}

/** What the values of one column are like. */
export interface ColumnProfile {
  name: string
  /** What most of its values are. */
  type: ColumnType
  /** Values that are not missing. */
  present: number
  missing: number
  /** Different values, counted up to `MAX_DISTINCT`. */
  distinct: number
  /** There are more different values than were counted. */
  isDistinctCut: boolean
  /** The most frequent values with their counts, most frequent first; at most 100. */
  values: readonly (readonly [value: string, count: number])[]
  /** Of the values that are numbers; of dates, days since 1970. */
  numbers?: { min: number; max: number; mean: number; deviation: number } | undefined
}

/** What `inspectTable` found. */
export interface TableProfile {
  format: 'csv' | 'json' | 'jsonl'
  encoding: string
  /** For csv. */
  delimiter?: string | undefined
  hasHeader: boolean
  /** Rows, faulty ones included. */
  rows: number
  columns: readonly ColumnProfile[]
  /** Rows that cannot be used with these types of columns. */
  faultyRows: number
  /** The first of them, at most 1,000. */
  faults: readonly TableFault[]
  /** What else was noticed: names that were changed, an encoding that was guessed. */
  notes: readonly string[]
  /** The first rows, cells in the order of the columns: at most `MAX_SAMPLE`, fewer of many columns. */
  sample: readonly { line: number; cells: readonly string[] }[]
}

export const MAX_COLUMNS = 10_000
export const MAX_DISTINCT = 1000
export const MAX_SAMPLE = 1000
/** Of a sample, whatever its rows. */
export const MAX_SAMPLE_CELLS = 200_000
export const MAX_FAULTS = 1000
/** More classes than this are taken for names. */
export const MAX_CLASSES = 1000
