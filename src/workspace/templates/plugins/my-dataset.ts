// Points of three spiral arms: which arm does a point lie on?
import { plugin, type Random, type Table, z } from 'plugboard'

const config = z.strictObject({
  rows: z.int().min(30).max(100_000).default(3000).describe('points to draw'),
})

const ARMS = ['red', 'green', 'blue']

/** Columns `point` [2], within the unit circle, and `labels`, the number of its arm. */
function spirals(rows: number, random: Random): Table {
  const point = new Float32Array(2 * rows)
  const labels = new Uint8Array(rows)
  for (let row = 0; row < rows; row++) {
    const arm = row % ARMS.length
    const distance = random.next()
    const turn = distance + arm / ARMS.length + 0.03 * random.normal()
    point[2 * row] = distance * Math.cos(2 * Math.PI * turn)
    point[2 * row + 1] = distance * Math.sin(2 * Math.PI * turn)
    labels[row] = arm
  }
  return {
    length: rows,
    columns: {
      point: { type: 'number', data: point, shape: [2], dtype: 'float32' },
      labels: {
        type: 'number',
        data: labels,
        shape: [],
        dtype: 'int32',
        limit: ARMS.length,
        classes: ARMS,
      },
    },
  }
}

export default class MyDataset extends plugin({
  manifest: {
    name: 'my_dataset',
    version: '1.0.0',
    category: 'dataset',
    description: 'Points of three spiral arms',
    tags: ['classification'],
    provides: ['dataset/my_dataset'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'my_dataset',
      // `random` is that of the run's seed. Rows of a file: `await asset('data/points.csv')`, of the same argument.
      ({ rows }, { random }) => ({ load: async () => spirals(rows, random) }),
      { config, description: 'columns `point` [2] and `labels`' },
    )
  }
}
