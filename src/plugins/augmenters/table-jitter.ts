// Table jitter: noise on numbers of training rows, other noise in each epoch.
import { type AugmentArgs, numbersIn, plugin, rowSize, type Table, z } from 'plugboard'

const config = z.strictObject({
  columns: z.array(z.string()).min(1).describe('columns of numbers to change'),
  share: z
    .number()
    .min(0)
    .default(0.05)
    .describe("deviation of the noise, as a share of the column's own"),
})

/** Deviation of each place in a row, missing values left aside. */
function deviations(data: ArrayLike<number>, size: number): Float64Array {
  const counts = new Float64Array(size)
  const sums = new Float64Array(size)
  const squares = new Float64Array(size)
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i])) continue
    counts[i % size]! += 1
    sums[i % size]! += data[i]!
  }
  for (let i = 0; i < data.length; i++)
    if (!Number.isNaN(data[i]))
      squares[i % size]! += (data[i]! - sums[i % size]! / counts[i % size]!) ** 2
  return squares.map((square, place) =>
    counts[place]! > 0 ? Math.sqrt(square / counts[place]!) : 0,
  )
}

export default class TableJitter extends plugin({
  manifest: {
    name: 'table_jitter',
    version: '1.0.0',
    category: 'augmenter',
    description: 'Noise on numbers of training rows, other noise in each epoch',
    tags: ['table'],
    provides: ['augmenter/table_jitter'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'augmenter',
      'table_jitter',
      ({ columns: names, share }) => ({
        augment(table: Table, { training, random }: AugmentArgs): Table {
          const columns = { ...table.columns }
          for (const name of names) {
            const column = numbersIn(table, name, 'table_jitter')
            const size = rowSize(column.shape)
            const scale = deviations(column.data, size)
            const noise = random.fork(name).normals(column.data.length, share)
            const data = Float32Array.from(
              column.data,
              (value, i) => value + noise[i]! * scale[i % size]!,
            )
            columns[name] = { ...column, data, dtype: 'float32' }
          }
          return training ? { ...table, columns } : table
        },
      }),
      { config, description: 'numbers with normal noise' },
    )
  }
}
