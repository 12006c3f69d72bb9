// Join columns: several columns of numbers side by side as one, for a model that reads one input.
import { EngineError, numbersIn, plugin, rowSize, type Table, z } from 'plugboard'

const config = z.strictObject({
  columns: z.array(z.string()).min(1).describe('columns of numbers, in the order of the result'),
  to: z.string().min(1).default('features').describe('the column that they become'),
})

const placeName = (column: string, size: number, i: number): string =>
  size === 1 ? column : `${column}[${i}]`

/** All values of a row, column after column, each laid out flat: `to` [total]. The columns themselves go. */
function join(table: Table, { columns: names, to }: z.output<typeof config>): Table {
  const sources = names.map((name) => numbersIn(table, name, 'join_columns'))
  const sizes = sources.map(({ shape }) => rowSize(shape))
  const total = sizes.reduce((a, b) => a + b, 0)
  const others = Object.entries(table.columns).filter(([name]) => !names.includes(name))
  if (others.some(([name]) => name === to)) {
    throw new EngineError({
      code: 'data.invalid',
      message: `join_columns would write over the column '${to}', which is not among those it joins`,
      hint: 'set `to` to another name',
    })
  }
  const data = new Float32Array(table.length * total)
  let start = 0
  sources.forEach((source, k) => {
    const { scale = 1 } = source
    const size = sizes[k]!
    for (let row = 0; row < table.length; row++)
      for (let i = 0; i < size; i++)
        data[row * total + start + i] = source.data[row * size + i]! * scale
    start += size
  })
  const places = sources.flatMap(({ names: own }, k) =>
    Array.from({ length: sizes[k]! }, (_, i) => own?.[i] ?? placeName(names[k]!, sizes[k]!, i)),
  )
  return {
    ...table,
    columns: {
      ...Object.fromEntries(others),
      [to]: { type: 'number', data, shape: [total], dtype: 'float32', names: places },
    },
  }
}

export default class JoinColumns extends plugin({
  manifest: {
    name: 'join_columns',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Several columns of numbers side by side as one',
    tags: ['table'],
    provides: ['preprocessor/join_columns'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'preprocessor',
      'join_columns',
      (options) => ({ transform: (table) => join(table, options) }),
      { config, description: 'columns of numbers to one column `features`' },
    )
  }
}
