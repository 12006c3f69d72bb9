// Weighted: rows come as often as a column says, drawn with replacement.
import { EngineError, placeOfRow, plugin, type Random, seriesIn, type Table, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().min(1).describe('column of weights, one a row, 0 for never'),
  rows: z
    .int()
    .min(1)
    .optional()
    .describe('rows of an epoch; without it, as many as there are to train on'),
})

/** Sums of the weights up to each row. */
function sumsOf(table: Table, name: string): Float64Array {
  let sum = 0
  const sums = seriesIn(table, name, 'weighted').map((weight, row) => {
    if (!(weight >= 0)) {
      throw new EngineError({
        code: 'data.invalid',
        message: `weighted reads weights from '${name}', but ${placeOfRow(table, row)} has ${weight}`,
        hint: 'weights are 0 or more',
      })
    }
    return (sum += weight)
  })
  if (sum > 0) return sums
  throw new EngineError({
    code: 'data.invalid',
    message: `weighted finds no weight above 0 in '${name}' of ${table.length} rows`,
    hint: 'give one row a weight at least',
  })
}

/** The first row whose sum is above `point`. */
function find(sums: Float64Array, point: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sums[middle]! > point) high = middle
    else low = middle + 1
  }
  return low
}

function draw(sums: Float64Array, length: number, random: Random): Int32Array {
  const total = sums.at(-1)!
  return Int32Array.from({ length }, () => find(sums, random.next() * total))
}

export default class Weighted extends plugin({
  manifest: {
    name: 'weighted',
    version: '1.0.0',
    category: 'sampler',
    description: 'Rows as often as a column of weights says',
    tags: ['table'],
    provides: ['sampler/weighted'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'sampler',
      'weighted',
      ({ column, rows }) => ({
        order: (table, { random }) => draw(sumsOf(table, column), rows ?? table.length, random),
      }),
      { config, description: 'rows drawn by the weights of a column' },
    )
  }
}
