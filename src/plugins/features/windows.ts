// Windows: the last rows of a series, side by side, as the input of each row.
import {
  EngineError,
  type Feature,
  type NumberColumn,
  plugin,
  selectRows,
  seriesIn,
  type Table,
  z,
} from 'plugboard'

const config = z.strictObject({
  columns: z.array(z.string()).min(1).describe('columns of one number a row, in order of time'),
  size: z.int().min(1).default(10).describe('rows in a window, the row itself the last of them'),
  to: z.string().min(1).default('window').describe('the column that windows become'),
  target: z
    .string()
    .optional()
    .describe('column to foretell: `labels` get its value `ahead` rows later'),
  ahead: z.int().min(1).default(1).describe('rows from the last of the window to the target'),
})

type WindowConfig = z.output<typeof config>

/**
 * `to` [size, columns] of each row: those before it, oldest first, and its own. The first rows, which no window
 * fills, are left out; with a target, so are the last, whose target is not there yet.
 */
class Windows implements Feature {
  readonly #config: WindowConfig

  constructor(options: WindowConfig) {
    this.#config = options
  }

  extract(table: Table): Table {
    const { columns: names, size, to, target, ahead } = this.#config
    const series = names.map((name) => seriesIn(table, name, 'windows'))
    const first = size - 1
    const length = table.length - first - (target === undefined ? 0 : ahead)
    if (length < 1) {
      throw new EngineError({
        code: 'data.empty',
        message: `windows of ${size} rows${target === undefined ? '' : `, ${ahead} before their target,`} need more than the ${table.length} rows there are`,
        hint: 'lower `size` or `ahead`, or load more rows',
      })
    }
    const data = new Float32Array(length * size * names.length)
    for (let row = 0, i = 0; row < length; row++)
      for (let step = 0; step < size; step++)
        for (const values of series) data[i++] = values[row + step]!
    const window: NumberColumn = {
      type: 'number',
      data,
      shape: [size, names.length],
      dtype: 'float32',
      names: Array.from({ length: size }, (_, step) => first - step).flatMap((back) =>
        names.map((name) => (back === 0 ? name : `${name}, ${back} before`)),
      ),
    }
    const rows = selectRows(
      table,
      Int32Array.from({ length }, (_, row) => first + row),
    )
    return {
      ...rows,
      columns: {
        ...rows.columns,
        [to]: window,
        ...(target === undefined ? {} : { labels: this.#labels(table, target, first + ahead) }),
      },
    }
  }

  #labels(table: Table, target: string, from: number): NumberColumn {
    const values = seriesIn(table, target, 'windows').subarray(from)
    return { type: 'number', data: Float32Array.from(values), shape: [], dtype: 'float32' }
  }
}

export default class WindowsPlugin extends plugin({
  manifest: {
    name: 'windows',
    version: '1.0.0',
    category: 'feature',
    description: 'The last rows of a series as the input of each row',
    tags: ['time series'],
    provides: ['feature/windows'],
  },
}) {
  initialize() {
    this.ctx.provide('feature', 'windows', (options) => new Windows(options), {
      config,
      description: 'windows into the past, and what comes next as labels',
    })
  }
}
