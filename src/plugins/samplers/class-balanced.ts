// Class-balanced: each class comes equally often in an epoch, however many rows it has.
import { EngineError, numbersIn, plugin, type Random, type Table, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('labels').describe('column of one class number a row'),
  rows: z
    .int()
    .min(1)
    .optional()
    .describe('rows of an epoch; without it, as many as there are to train on'),
})

function rowsByClass(table: Table, name: string): number[][] {
  const { data, shape } = numbersIn(table, name, 'class_balanced')
  if (shape.length > 0) {
    throw new EngineError({
      code: 'data.invalid',
      message: `class_balanced reads one class a row of '${name}', whose rows have the shape [${shape.join(', ')}]`,
      hint: 'set `column` to the classes of rows, or take another sampler',
    })
  }
  const classes = new Map<number, number[]>()
  data.forEach((label: number, row: number) => {
    const rows = classes.get(label)
    if (rows) rows.push(row)
    else classes.set(label, [row])
  })
  return [...classes].toSorted(([a], [b]) => a - b).map(([, rows]) => rows)
}

/** Classes take turns in random order; each goes through all its rows before one comes again. */
function order(classes: readonly number[][], length: number, random: Random): Int32Array {
  const queues = classes.map(() => [] as number[])
  const chosen = new Int32Array(length)
  let turn: Int32Array = new Int32Array()
  for (let i = 0; i < length; i++) {
    const at = i % classes.length
    if (at === 0) turn = random.permutation(classes.length)
    const label = turn[at]!
    const queue = queues[label]!
    if (queue.length === 0) queue.push(...random.permutation(classes[label]!.length))
    chosen[i] = classes[label]![queue.pop()!]!
  }
  return chosen
}

export default class ClassBalanced extends plugin({
  manifest: {
    name: 'class_balanced',
    version: '1.0.0',
    category: 'sampler',
    description: 'Each class equally often in an epoch, however many rows it has',
    tags: ['classification'],
    provides: ['sampler/class_balanced'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'sampler',
      'class_balanced',
      ({ column, rows }) => ({
        order: (table, { random }) =>
          order(rowsByClass(table, column), rows ?? table.length, random),
      }),
      { config, description: 'each class equally often, rows of rare ones several times' },
    )
  }
}
