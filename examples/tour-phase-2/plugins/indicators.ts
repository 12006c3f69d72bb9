// Idea: feature engineering with injected services: a logger, and a collector of counts and times.
import { type Feature, Logger, MetricsCollector, plugin, type Table, z } from 'plugboard'
import { deviation, mean, numbersOf, rolling, withColumns } from '../lib/columns.ts'

const config = z.strictObject({
  input_columns: z.array(z.string()).min(1).describe('columns of prices, in order of time'),
  output_prefix: z.string().default('feature_').describe('begins the names of new columns'),
  indicators: z
    .array(z.enum(['moving_average', 'rsi', 'bollinger_bands']))
    .min(1)
    .default(['moving_average', 'rsi', 'bollinger_bands']),
  window_size: z.int().min(2).default(20).describe('days of moving average and bands'),
  rsi_period: z.int().min(1).default(14).describe('changes that the RSI looks back on'),
  relative: z.boolean().default(false).describe('averages and bands in % above the price'),
})

type IndicatorConfig = z.output<typeof config>

/** 100 - 100 / (1 + mean gain / mean loss) over the last `period` changes; 50 where nothing moves. */
function strength(prices: Float64Array, period: number): Float64Array {
  const changes = prices.map((price, row) => (row === 0 ? 0 : price - prices[row - 1]!))
  return rolling(changes, period, (window) => {
    const gain = mean(window.map((change) => Math.max(0, change)))
    const loss = mean(window.map((change) => Math.max(0, -change)))
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss)
  })
}

/** Indicators of one column, by the ends of their names. */
function indicatorsOf(prices: Float64Array, options: IndicatorConfig) {
  const { indicators, window_size: size, rsi_period, relative } = options
  const average = rolling(prices, size, mean)
  const spread = rolling(prices, size, deviation)
  const shown = (values: Float64Array): Float64Array =>
    relative ? values.map((value, row) => 100 * (value / prices[row]! - 1)) : values
  const made: Record<(typeof indicators)[number], Record<string, Float64Array>> = {
    moving_average: { [`ma_${size}`]: shown(average) },
    rsi: { rsi: strength(prices, rsi_period) },
    bollinger_bands: {
      bb_upper: shown(average.map((middle, row) => middle + 2 * spread[row]!)),
      bb_lower: shown(average.map((middle, row) => middle - 2 * spread[row]!)),
    },
  }
  return indicators.flatMap((name) => Object.entries(made[name]))
}

/**
 * Moving average, relative strength (Wilder 1978, with plain means) and Bollinger bands (two deviations from the
 * average) of columns of prices, as new columns `<prefix><column>_<indicator>`.
 *
 * Settings: see `config` above, where each has a type, a default and a description.
 * Events: `feature.extraction_started`, `feature.extraction_completed` with the names of the new columns,
 * `feature.extraction_failed`.
 * Metrics: timer `extract`, value `rows`; the panel Plugins shows them.
 * Costs window × rows for each column. The first rows, which no window fills, are left out.
 */
export default class Indicators extends plugin({
  manifest: {
    name: 'indicators',
    version: '1.0.0',
    category: 'feature',
    description: 'Moving average, relative strength and Bollinger bands of prices',
    provides: ['feature/indicators'],
  },
  inject: { log: Logger, metrics: MetricsCollector },
}) {
  initialize() {
    this.ctx.provide(
      'feature',
      'indicators',
      (options): Feature => ({ extract: (table) => this.#extract(table, options) }),
      { config, description: 'indicators of prices, as new columns' },
    )
  }

  #extract(table: Table, options: IndicatorConfig): Table {
    const { log, metrics } = this.services
    const { input_columns, output_prefix, indicators, window_size, rsi_period } = options
    const stop = metrics.timer('extract')
    this.#emit('started', { rows: table.length, indicators })
    try {
      const added = input_columns.flatMap((column) =>
        indicatorsOf(numbersOf(table, column, 'indicators'), options).map(
          ([name, values]) => [`${output_prefix}${column}_${name}`, values] as const,
        ),
      )
      const isLong = indicators.some((name) => name !== 'rsi')
      const skipped = Math.max(
        isLong ? window_size - 1 : 0,
        indicators.includes('rsi') ? rsi_period : 0,
      )
      const made = withColumns(table, Object.fromEntries(added), skipped)
      metrics.record('rows', made.length)
      log.info(`${added.length} indicators of ${made.length} rows in ${stop().toFixed(1)} ms`)
      this.#emit('completed', { rows: made.length, new_features: added.map(([name]) => name) })
      return made
    } catch (thrown) {
      this.#emit('failed', { message: String(thrown) })
      throw thrown
    }
  }

  #emit(what: string, data: Record<string, unknown>): void {
    this.ctx.events.emit(`feature.extraction_${what}`, { feature: 'indicators', ...data })
  }
}
