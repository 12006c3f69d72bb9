// Idea: data that ships with the workspace, split by time, so that nothing of the future is learned.
import { EngineError, type NumberColumn, plugin, type Splits, type Table, z } from 'plugboard'
import { columnOf, mean, median, rolling } from '../lib/columns.ts'

const config = z.strictObject({
  path: z.string().default('data/sp500.csv').describe('file with date, high, low and close'),
  columns: z
    .array(z.enum(['high', 'low', 'close']))
    .default(['high', 'low', 'close'])
    .describe('prices to hand on'),
  usual_days: z.int().min(2).default(250).describe('days whose median range is the usual one'),
  held_back_from: z.iso.date().default('2016-01-01').describe('first day that is not trained on'),
})

type PriceConfig = z.output<typeof config>

const COLUMNS = 'date,high,low,close'

/** Dates, and the columns of prices by name. */
function readPrices(text: string, path: string) {
  const [head, ...lines] = text.trim().split('\n')
  const rows = lines.map((line) => line.split(','))
  const wrong = rows.findIndex((row) => row.slice(1).some((price) => !(Number(price) > 0)))
  if (head !== COLUMNS || wrong >= 0) {
    throw new EngineError({
      code: 'data.invalid',
      message: `${path}, line ${head === COLUMNS ? wrong + 2 : 1}: '${head === COLUMNS ? lines[wrong] : head}' are not ${COLUMNS}`,
      hint: 'the first line names the columns; in each other one three prices above 0 follow the date',
    })
  }
  const prices = (at: number) => Float64Array.from(rows, (row) => Number(row[at]))
  return { dates: rows.map(([date]) => date!), high: prices(1), low: prices(2), close: prices(3) }
}

/**
 * One row a day, about the `day` after it. `labels`: is the range of that day, ln(high / low), above `usual`, the
 * median of the `usual_days` before? Two simple answers come along: `today`, as on the row's own day, and `week`,
 * as on the last five.
 */
function daysOf(text: string, { path, columns, usual_days, held_back_from }: PriceConfig): Splits {
  const { dates, ...prices } = readPrices(text, path)
  const range = prices.high.map((high, i) => 100 * Math.log(high / prices.low[i]!))
  const usual = rolling(range, usual_days, median)
  const week = rolling(range, 5, mean)

  // Only rows that have a year behind them and a day ahead.
  const rows = (isIn: (row: number) => boolean): Table => {
    const chosen = Array.from(dates.keys())
      .slice(usual_days - 1, -1)
      .filter(isIn)
    const numbers = (of: (row: number) => number) => columnOf(chosen.map(of))
    // As float32, 20200317 would become 20200316: it has 24 bits for digits.
    const whole = (of: (row: number) => number): NumberColumn => ({
      type: 'number',
      data: Int32Array.from(chosen, of),
      shape: [],
      dtype: 'int32',
    })
    const yesOrNo = (of: (row: number) => number) => ({
      ...whole((row) => Number(of(row) > usual[row]!)),
      limit: 2,
      classes: ['calm', 'wild'],
    })
    const shown = columns.map((name) => [name, numbers((row) => prices[name][row]!)] as const)
    return {
      length: chosen.length,
      columns: {
        ...Object.fromEntries(shown),
        day: whole((row) => Number(dates[row + 1]!.replaceAll('-', ''))),
        usual: numbers((row) => usual[row]!),
        today: yesOrNo((row) => range[row]!),
        week: yesOrNo((row) => week[row]!),
        labels: yesOrNo((row) => range[row + 1]!),
      },
    }
  }
  // The last day before the cut is in neither table: its label is of the first day held back.
  return {
    train: rows((row) => dates[row + 1]! < held_back_from),
    validation: rows((row) => dates[row]! >= held_back_from),
  }
}

export default class DailyPrices extends plugin({
  manifest: {
    name: 'daily_prices',
    version: '1.0.0',
    category: 'dataset',
    description: 'Days of an index, and whether the next one is wilder than usual',
    provides: ['dataset/daily_prices'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'daily_prices',
      (options, { asset }) => ({
        load: async () => daysOf(new TextDecoder().decode(await asset(options.path)), options),
      }),
      { config, description: 'columns `high`, `low`, `close`, `usual`, `labels` and more' },
    )
  }
}
