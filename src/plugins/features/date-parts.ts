// Date parts: year, month, day and weekday of dates, and where in the year or week they lie.
import {
  EngineError,
  type NumberColumn,
  placeOfRow,
  plugin,
  seriesIn,
  type Table,
  z,
} from 'plugboard'

const PARTS = ['year', 'month', 'day', 'weekday', 'day_of_year', 'hour'] as const

const config = z.strictObject({
  column: z
    .string()
    .default('date')
    .describe('dates as text, such as 2026-01-31 or 2026-01-31T09:30, or as days since 1970'),
  parts: z
    .array(z.enum(PARTS))
    .min(1)
    .default(['year', 'month', 'day', 'weekday'])
    .describe('weekday: 0 is Monday; month, day and day of the year begin at 1'),
  cyclic: z
    .boolean()
    .default(false)
    .describe('sine and cosine in place of the number, so that December lies next to January'),
})

type Part = (typeof PARTS)[number]

const MS_PER_DAY = 86_400_000

/** Values of a part in one turn; a year counts on for ever. */
const TURN: Readonly<Partial<Record<Part, number>>> = {
  month: 12,
  day: 31,
  weekday: 7,
  day_of_year: 366,
  hour: 24,
}

const read: Record<Part, (date: Date) => number> = {
  year: (date) => date.getUTCFullYear(),
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  weekday: (date) => (date.getUTCDay() + 6) % 7,
  day_of_year: (date) =>
    Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0)) / MS_PER_DAY) + 1,
  hour: (date) => date.getUTCHours(),
}

/** Year, month, day; then hour and minute, if there are any. Time zones are left aside. */
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/

function parseDate(text: string, column: string, place: () => string): Date {
  const [, year, month, day, hour, minute] = (DATE.exec(text) ?? []).map(Number)
  const date = new Date(Date.UTC(year!, month! - 1, day, hour || 0, minute || 0))
  // 30 February would become 1 March.
  if (date.getUTCMonth() + 1 === month && date.getUTCDate() === day) return date
  throw new EngineError({
    code: 'data.invalid',
    message: `date_parts finds no date in '${column}', ${place()}: '${text}'`,
    hint: 'write dates as 2026-01-31, or drop the row',
  })
}

function datesOf(table: Table, name: string): Date[] {
  const column = table.columns[name]
  const parse = (text: string, row: number): Date =>
    parseDate(text, name, () => placeOfRow(table, row))
  if (column?.type === 'text') return column.data.map(parse)
  return Array.from(seriesIn(table, name, 'date_parts'), (days, row) => {
    const date = new Date(days * MS_PER_DAY)
    return Number.isNaN(date.getTime()) ? parse(String(days), row) : date
  })
}

const columnOf = (values: number[]): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(values),
  shape: [],
  dtype: 'float32',
})

/** New columns `<column>_<part>`, or `<column>_<part>_sin` and `…_cos`. */
function extract(table: Table, { column, parts, cyclic }: z.output<typeof config>): Table {
  const dates = datesOf(table, column)
  const added = parts.flatMap((part): [string, NumberColumn][] => {
    const values = dates.map(read[part])
    const turn = TURN[part]
    const name = `${column}_${part}`
    if (!cyclic || turn === undefined) return [[name, columnOf(values)]]
    const angles = values.map((value) => (2 * Math.PI * value) / turn)
    return [
      [`${name}_sin`, columnOf(angles.map(Math.sin))],
      [`${name}_cos`, columnOf(angles.map(Math.cos))],
    ]
  })
  return { ...table, columns: { ...table.columns, ...Object.fromEntries(added) } }
}

export default class DateParts extends plugin({
  manifest: {
    name: 'date_parts',
    version: '1.0.0',
    category: 'feature',
    description: 'Year, month, day, weekday and hour of dates',
    tags: ['time series', 'table'],
    provides: ['feature/date_parts'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'feature',
      'date_parts',
      (options) => ({ extract: (table) => extract(table, options) }),
      { config, description: 'parts of dates as new columns' },
    )
  }
}
