// Technical indicators: moving average, relative strength and Bollinger bands of columns of prices.
import {
  type Context,
  type Feature,
  type NumberColumn,
  plugin,
  selectRows,
  seriesIn,
  type Table,
  z,
} from 'plugboard'

const config = z.strictObject({
  input_columns: z.array(z.string()).min(1).describe('columns of prices, in order of time'),
  output_prefix: z.string().default('feature_').describe('begins the names of new columns'),
  indicators: z
    .array(z.enum(['moving_average', 'rsi', 'bollinger_bands']))
    .min(1)
    .default(['moving_average', 'rsi', 'bollinger_bands']),
  window_size: z.int().min(2).default(20).describe('rows of moving average and bands'),
  rsi_period: z.int().min(1).default(14).describe('changes that the RSI looks back on'),
})

type IndicatorConfig = z.output<typeof config>

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Standard deviation of a sample: divided by n - 1. */
function deviation(values: Float64Array): number {
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}

/** `of` the last `size` values up to each row; NaN in rows that have not as many. Costs size × rows. */
const rolling = (values: Float64Array, size: number, of: (window: Float64Array) => number) =>
  values.map((_, row) => (row < size - 1 ? NaN : of(values.subarray(row - size + 1, row + 1))))

/**
 * 100 - 100 / (1 + mean gain / mean loss) over `period` changes, with plain means (Wilder 1978 smooths them); 50
 * where nothing moves.
 */
function relativeStrength(values: Float64Array, period: number): Float64Array {
  const changes = values.map((value, row) => (row === 0 ? 0 : value - values[row - 1]!))
  return rolling(changes, period, (window) => {
    const gain = mean(window.map((change) => Math.max(0, change)))
    const loss = mean(window.map((change) => Math.max(0, -change)))
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss)
  })
}

function indicatorsOf(
  values: Float64Array,
  options: IndicatorConfig,
): Record<string, Float64Array> {
  const { indicators, window_size: size, rsi_period: period } = options
  const average = rolling(values, size, mean)
  const spread = rolling(values, size, deviation)
  const made = {
    moving_average: { [`ma_${size}`]: average },
    rsi: { rsi: relativeStrength(values, period) },
    bollinger_bands: {
      bb_upper: average.map((middle, row) => middle + 2 * spread[row]!),
      bb_lower: average.map((middle, row) => middle - 2 * spread[row]!),
    },
  }
  return Object.assign({}, ...indicators.map((name) => made[name])) as Record<string, Float64Array>
}

class TechnicalIndicators implements Feature {
  readonly #config: IndicatorConfig
  readonly #events: Context['events']

  constructor(options: IndicatorConfig, events: Context['events']) {
    this.#config = options
    this.#events = events
  }

  /** New columns `<prefix><column>_<indicator>`. The first rows, which windows cannot fill, are left out. */
  extract(table: Table): Table {
    const { input_columns, output_prefix, indicators, window_size, rsi_period } = this.#config
    const feature = 'technical_indicators'
    this.#events.emit('feature.extraction_started', { feature, rows: table.length, indicators })
    const isLong = indicators.some((name) => name !== 'rsi')
    const first = Math.max(
      isLong ? window_size - 1 : 0,
      indicators.includes('rsi') ? rsi_period : 0,
    )
    const added = input_columns.flatMap((column) =>
      Object.entries(
        indicatorsOf(seriesIn(table, column, 'technical_indicators'), this.#config),
      ).map(
        ([name, values]) =>
          [`${output_prefix}${column}_${name}`, numberColumn(values.subarray(first))] as const,
      ),
    )
    const length = Math.max(0, table.length - first)
    const kept = selectRows(
      table,
      Int32Array.from({ length }, (_, row) => first + row),
    )
    const new_features = added.map(([name]) => name)
    this.#events.emit('feature.extraction_completed', { feature, rows: length, new_features })
    return { ...kept, columns: { ...kept.columns, ...Object.fromEntries(added) } }
  }
}

const numberColumn = (values: Float64Array): NumberColumn => ({
  type: 'number',
  data: Float32Array.from(values),
  shape: [],
  dtype: 'float32',
})

export default class TechnicalIndicatorsPlugin extends plugin({
  manifest: {
    name: 'technical_indicators',
    version: '1.0.0',
    category: 'feature',
    description: 'Moving average, relative strength and Bollinger bands of prices',
    tags: ['time series'],
    provides: ['feature/technical_indicators'],
  },
}) {
  initialize() {
    const { events } = this.ctx
    this.ctx.provide(
      'feature',
      'technical_indicators',
      (options) => new TechnicalIndicators(options, events),
      { config, description: 'indicators of prices, as new columns' },
    )
  }
}
