// Idea: graceful degradation. Without the prices it likes best it goes on with others, and says so.
import { EngineError, fallback, plugin, type Table, z } from 'plugboard'
import { mean, numbersOf, rolling, withColumns } from '../lib/columns.ts'

const config = z.strictObject({
  output_prefix: z.string().default('feature_').describe('begins the names of new columns'),
  days: z.array(z.int().min(1)).min(1).default([1, 5]).describe('one new column for each'),
})

/** In %; smaller ranges count as this one: of 0 there is no logarithm. */
const LEAST = 0.05

const read = (table: Table, name: string) => numbersOf(table, name, 'unrest')

/** ln(high / low) in %: what a day did between its first and last price (Parkinson 1980). */
function ranges(table: Table): Float64Array {
  const low = read(table, 'low')
  return read(table, 'high').map((high, row) => 100 * Math.log(high / low[row]!))
}

/** ln(close / close of the day before) in %. */
function changes(table: Table): Float64Array {
  const close = read(table, 'close')
  return close.map((price, row) => (row === 0 ? 0 : 100 * Math.log(price / close[row - 1]!)))
}

export default class Unrest extends plugin({
  manifest: {
    name: 'unrest',
    version: '1.0.0',
    category: 'feature',
    description: 'How wild the last days were, measured by what is usual',
    provides: ['feature/unrest'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'feature',
      'unrest',
      ({ output_prefix, days }) => ({
        extract: async (table) => {
          const usual = read(table, 'usual')
          const moves = await fallback(
            () => ranges(table),
            (thrown) => this.#withLess(table, thrown),
          )
          const share = (values: Float64Array) =>
            values.map((value, row) => Math.log(Math.max(value, LEAST) / usual[row]!))
          const added = {
            [`${output_prefix}change`]: changes(table).map((value, row) => value / usual[row]!),
            ...Object.fromEntries(
              days.map((size) => [
                `${output_prefix}unrest_${size}`,
                share(rolling(moves, size, mean)),
              ]),
            ),
          }
          return withColumns(table, added, Math.max(...days) - 1)
        },
      }),
      { config, description: 'logarithm of range by usual range, and change by usual range' },
    )
  }

  /** Only for columns that are not there: any other mistake is one. */
  #withLess(table: Table, thrown: unknown): Float64Array {
    if (!(thrown instanceof EngineError && thrown.code === 'data.invalid')) throw thrown
    this.ctx.log.warn(`no ranges of days, so changes from day to day: ${thrown.message}`)
    this.ctx.events.emit('feature.degraded', { feature: 'unrest', message: thrown.message })
    return changes(table).map(Math.abs)
  }
}
