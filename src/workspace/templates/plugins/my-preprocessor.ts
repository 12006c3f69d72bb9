// Black and white: 1 where a value is above the mean of the training rows, else 0.
import { EngineError, type NumberColumn, plugin, type Preprocessor, type Table, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('image').describe('column of numbers to change'),
})

class BlackAndWhite implements Preprocessor {
  readonly #name: string
  #mean = 0

  constructor(name: string) {
    this.#name = name
  }

  /** Sees the training rows only, so that nothing of the others leaks into training. */
  fit(table: Table): void {
    const { data, scale = 1 } = this.#columnOf(table)
    let sum = 0
    for (const value of data) sum += value * scale
    this.#mean = sum / data.length
  }

  transform(table: Table): Table {
    const { scale = 1, ...column } = this.#columnOf(table)
    const data = Uint8Array.from(column.data, (value) => Number(value * scale > this.#mean))
    return {
      ...table,
      columns: { ...table.columns, [this.#name]: { ...column, data, dtype: 'float32' } },
    }
  }

  /** What it learned is saved with the run, and loaded in place of fitting. */
  save(): number {
    return this.#mean
  }

  load(mean: number): void {
    this.#mean = mean
  }

  #columnOf({ columns }: Table): NumberColumn {
    const column = columns[this.#name]
    if (column?.type === 'number') return column
    throw new EngineError({
      code: 'data.invalid',
      message: `my_preprocessor reads the column of numbers '${this.#name}'; there are ${Object.keys(columns).join(', ')}`,
      hint: 'set `column` to a column of numbers',
    })
  }
}

export default class MyPreprocessor extends plugin({
  manifest: {
    name: 'my_preprocessor',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Makes a column of numbers black and white',
    provides: ['preprocessor/my_preprocessor'],
  },
}) {
  initialize() {
    this.ctx.provide('preprocessor', 'my_preprocessor', ({ column }) => new BlackAndWhite(column), {
      config,
      description: '1 above the mean of the training rows, else 0',
    })
  }
}
