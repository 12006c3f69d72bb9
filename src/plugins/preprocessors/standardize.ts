// Standardise: columns of numbers with mean 0 and deviation 1, as the training rows have them.
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
  columns: z.array(z.string()).min(1).describe('columns of numbers to standardise'),
})

/** Of each place in a row of the column. */
interface Moments {
  mean: Float64Array
  deviation: Float64Array
}

function momentsOf(column: NumberColumn): Moments {
  const size = rowSize(column.shape)
  const rows = column.data.length / size
  const value = (i: number): number => column.data[i]! * (column.scale ?? 1)
  const mean = new Float64Array(size)
  for (let i = 0; i < column.data.length; i++) mean[i % size]! += value(i) / rows
  const variance = new Float64Array(size)
  for (let i = 0; i < column.data.length; i++)
    variance[i % size]! += (value(i) - mean[i % size]!) ** 2 / rows
  // A place that never changes stays where it is.
  return { mean, deviation: variance.map((square) => Math.sqrt(square) || 1) }
}

class Standardize implements Preprocessor {
  readonly #columns: readonly string[]
  #moments = new Map<string, Moments>()

  constructor(columns: readonly string[]) {
    this.#columns = columns
  }

  fit(table: Table): void {
    this.#moments = new Map(
      this.#columns.map(
        (name) => [name, momentsOf(numbersIn(table, name, 'standardize'))] as const,
      ),
    )
  }

  transform(table: Table): Table {
    return this.#map(table, (value, mean, deviation) => (value - mean) / deviation)
  }

  /** For the columns that there are: a table of predictions has not all of them. */
  inverseTransform(table: Table): Table {
    return this.#map(table, (value, mean, deviation) => value * deviation + mean, true)
  }

  #map(
    table: Table,
    change: (value: number, mean: number, deviation: number) => number,
    isPartial = false,
  ): Table {
    const columns = { ...table.columns }
    for (const [name, { mean, deviation }] of this.#moments) {
      if (isPartial && !columns[name]) continue
      columns[name] = mapNumbers(numbersIn(table, name, 'standardize'), (value, place) =>
        change(value, mean[place]!, deviation[place]!),
      )
    }
    return { ...table, columns }
  }

  save(): Map<string, Moments> {
    return this.#moments
  }

  load(moments: Map<string, Moments>): void {
    this.#moments = new Map(moments)
  }
}

export default class StandardizePlugin extends plugin({
  manifest: {
    name: 'standardize',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Columns of numbers with mean 0 and deviation 1',
    tags: ['table'],
    provides: ['preprocessor/standardize'],
  },
}) {
  initialize() {
    this.ctx.provide('preprocessor', 'standardize', ({ columns }) => new Standardize(columns), {
      config,
      description: 'mean 0 and deviation 1, of the training rows',
    })
  }
}
