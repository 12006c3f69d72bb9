// Impute: fills what is missing in columns of numbers, by what the training rows have.
import {
  EngineError,
  numbersIn,
  plugin,
  type Preprocessor,
  rowSize,
  type Table,
  z,
} from 'plugboard'

const config = z.strictObject({
  columns: z.array(z.string()).min(1).describe('columns of numbers with gaps (NaN)'),
  with: z
    .enum(['median', 'mean', 'value'])
    .default('median')
    .describe('median or mean of the training rows, or `value`'),
  value: z.number().default(0).describe('for `with: value`'),
  mark: z
    .boolean()
    .default(false)
    .describe('add columns `<name>_missing`, 1 where a value was filled in'),
})

type ImputeConfig = z.output<typeof config>

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0)

class Impute implements Preprocessor {
  readonly #config: ImputeConfig
  /** What fills each place of a column's rows, before the column's scale. */
  #fillers = new Map<string, Float64Array>()

  constructor(options: ImputeConfig) {
    this.#config = options
  }

  fit(table: Table): void {
    this.#fillers = new Map(
      this.#config.columns.map((name) => [name, this.#fillersOf(table, name)]),
    )
  }

  #fillersOf(table: Table, name: string): Float64Array {
    const { data, shape } = numbersIn(table, name, 'impute')
    const size = rowSize(shape)
    return Float64Array.from({ length: size }, (_, place) => {
      if (this.#config.with === 'value') return this.#config.value
      const known: number[] = []
      for (let i = place; i < data.length; i += size)
        if (!Number.isNaN(data[i])) known.push(data[i]!)
      if (known.length > 0) return this.#config.with === 'mean' ? mean(known) : median(known)
      throw new EngineError({
        code: 'data.invalid',
        message: `impute finds no number in '${name}' of ${table.length} training rows${size > 1 ? `, place ${place}` : ''}`,
        hint: 'leave the column out, or set `with: value`',
      })
    })
  }

  transform(table: Table): Table {
    const columns = { ...table.columns }
    for (const [name, fillers] of this.#fillers) {
      const column = numbersIn(table, name, 'impute')
      const size = fillers.length
      const data = Float32Array.from(column.data, (value, i) =>
        Number.isNaN(value) ? fillers[i % size]! : value,
      )
      columns[name] = { ...column, data, dtype: 'float32' }
      if (!this.#config.mark) continue
      const gaps = Uint8Array.from(column.data, (value) => Number(Number.isNaN(value)))
      const { shape } = column
      columns[`${name}_missing`] = { type: 'number', data: gaps, shape, dtype: 'float32' }
    }
    return { ...table, columns }
  }

  save(): Map<string, Float64Array> {
    return this.#fillers
  }

  load(fillers: Map<string, Float64Array>): void {
    this.#fillers = new Map(fillers)
  }
}

export default class ImputePlugin extends plugin({
  manifest: {
    name: 'impute',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Fills what is missing in columns of numbers',
    tags: ['table'],
    provides: ['preprocessor/impute'],
  },
}) {
  initialize() {
    this.ctx.provide('preprocessor', 'impute', (options) => new Impute(options), {
      config,
      description: 'missing numbers filled with median or mean of the training rows, or a value',
    })
  }
}
