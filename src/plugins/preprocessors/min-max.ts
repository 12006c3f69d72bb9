// Min-max: columns of numbers from 0 to 1, as the training rows have them.
import {
  mapNumbers,
  type NumberColumn,
  numbersIn,
  plugin,
  type Preprocessor,
  rowSize,
  type Table,
  z,
} from 'plugboard'

const config = z.strictObject({
  columns: z.array(z.string()).min(1).describe('columns of numbers to bring into range'),
  from: z.number().default(0).describe('what the smallest training value becomes'),
  to: z.number().default(1).describe('what the largest training value becomes'),
})

type MinMaxConfig = z.output<typeof config>

/** Of each place in a row of the column. */
interface Range {
  low: Float64Array
  high: Float64Array
}

function rangeOf({ data, shape, scale = 1 }: NumberColumn): Range {
  const size = rowSize(shape)
  const low = new Float64Array(size).fill(Infinity)
  const high = new Float64Array(size).fill(-Infinity)
  data.forEach((value: number, i: number) => {
    const place = i % size
    low[place] = Math.min(low[place]!, value * scale)
    high[place] = Math.max(high[place]!, value * scale)
  })
  return { low, high }
}

/** `from` + (value - low) / (high - low) × (`to` - `from`); values beyond those of training go beyond, too. */
class MinMax implements Preprocessor {
  readonly #config: MinMaxConfig
  #ranges = new Map<string, Range>()

  constructor(options: MinMaxConfig) {
    this.#config = options
  }

  fit(table: Table): void {
    this.#ranges = new Map(
      this.#config.columns.map((name) => [name, rangeOf(numbersIn(table, name, 'min_max'))]),
    )
  }

  transform(table: Table): Table {
    const { from, to } = this.#config
    return this.#map(table, (value, low, high) => {
      // A place that never changes in training is as the smallest.
      const share = high > low ? (value - low) / (high - low) : 0
      return from + share * (to - from)
    })
  }

  /** For the columns that there are: a table of predictions has not all of them. */
  inverseTransform(table: Table): Table {
    const { from, to } = this.#config
    return this.#map(
      table,
      (value, low, high) => low + (to === from ? 0 : (value - from) / (to - from)) * (high - low),
      true,
    )
  }

  #map(
    table: Table,
    change: (value: number, low: number, high: number) => number,
    isPartial = false,
  ): Table {
    const columns = { ...table.columns }
    for (const [name, { low, high }] of this.#ranges) {
      if (isPartial && !columns[name]) continue
      columns[name] = mapNumbers(numbersIn(table, name, 'min_max'), (value, place) =>
        change(value, low[place]!, high[place]!),
      )
    }
    return { ...table, columns }
  }

  save(): Map<string, Range> {
    return this.#ranges
  }

  load(ranges: Map<string, Range>): void {
    this.#ranges = new Map(ranges)
  }
}

export default class MinMaxPlugin extends plugin({
  manifest: {
    name: 'min_max',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Columns of numbers from 0 to 1',
    tags: ['table'],
    provides: ['preprocessor/min_max'],
  },
}) {
  initialize() {
    this.ctx.provide('preprocessor', 'min_max', (options) => new MinMax(options), {
      config,
      description: 'columns of numbers between two bounds, by the training rows',
    })
  }
}
