// Splits a table into training and validation rows.
import {
  componentOf,
  EngineError,
  type ExperimentConfig,
  type Random,
  selectRows,
  type Splits,
  type Table,
} from '#sdk'

/** Which rows are held back: what an experiment says of it. */
export type SplitRule = Pick<ExperimentConfig, 'validation_split' | 'validation'>

/** Both sides of the rows: as the dataset brings them, else as the experiment says. */
export function splitDataset(
  splits: Splits,
  experiment: ExperimentConfig,
  random: Random,
): Required<Splits> {
  if (!splits.validation) return splitRows(splits.train, experiment, random)
  if (experiment.validation) {
    const dataset = componentOf(experiment.dataset).name
    throw new EngineError({
      code: 'data.invalid',
      message: `experiment.validation says which rows are held back, but the dataset ${dataset} brings ${splits.validation.length} validation rows of its own`,
      hint: 'take experiment.validation out, or a dataset of one table',
    })
  }
  return { train: splits.train, validation: splits.validation }
}

/**
 * Holds back a share of the rows, at least one, or one of several folds. Rows keep their order within a split,
 * so the same seed gives the same tables.
 */
export function splitRows(table: Table, rule: SplitRule, random: Random): Required<Splits> {
  const { validation: { order: kind = 'shuffled', stratify, folds, fold = 1 } = {} } = rule
  const { length } = table
  const share = Math.max(1, Math.round(length * rule.validation_split))
  const parts = folds ?? 1
  if (parts > length || (folds === undefined && share >= length)) {
    const rows = `${length} ${length === 1 ? 'row' : 'rows'}`
    throw new EngineError({
      code: 'data.empty',
      message:
        folds === undefined
          ? `the dataset has ${rows}; holding back ${share} for validation leaves none to train on`
          : `the dataset has ${rows}, which cannot be cut into ${folds} folds`,
      hint: `load more rows, lower experiment.${folds === undefined ? 'validation_split' : 'validation.folds'}, or let the dataset bring a validation table`,
    })
  }
  const order =
    kind === 'as_given'
      ? Int32Array.from({ length }, (_, row) => row)
      : stratify === undefined
        ? random.permutation(length)
        : evenOrder(classesOf(table, stratify), random)
  // Without folds: the first rows of a random order, but the last of a given one, which is one of time.
  const first = kind === 'as_given' ? length - share : 0
  const startOf = (part: number): number => Math.floor(((part - 1) * length) / parts)
  const from = folds === undefined ? first : startOf(fold)
  const to = folds === undefined ? first + share : startOf(fold + 1)
  const held = order.slice(from, to)
  const rest = Int32Array.from([...order.subarray(0, from), ...order.subarray(to)])
  return { train: selectRows(table, rest.sort()), validation: selectRows(table, held.sort()) }
}

/** Rows by the class that a column gives them, in the order in which classes first come. */
function classesOf({ columns }: Table, name: string): number[][] {
  const column = columns[name]
  if (column?.type !== 'text' && column?.shape.length !== 0) {
    throw new EngineError({
      code: 'data.invalid',
      message: `experiment.validation.stratify names the column '${name}' of one class a row; there are ${Object.keys(columns).join(', ')}`,
      hint: 'name the column that holds the classes, as the dataset gives it',
    })
  }
  const rows = new Map<string | number, number[]>()
  Array.from<string | number>(column.data).forEach((value, row) => {
    const others = rows.get(value)
    if (others) others.push(row)
    else rows.set(value, [row])
  })
  const single = [...rows.values()].filter((others) => others.length === 1)
  if (2 * single.length > column.data.length) {
    throw new EngineError({
      code: 'data.invalid',
      message: `experiment.validation.stratify names the column '${name}', in which ${single.length} of ${column.data.length} rows have a value of their own: no classes that both sides could have`,
      hint: 'name a column of classes, or take stratify out',
    })
  }
  return [...rows.values()]
}

/**
 * A random order in which each class is spread evenly: any stretch of it has the classes in their shares, but for
 * a row or so of each.
 */
function evenOrder(classes: readonly number[][], random: Random): Int32Array {
  const placed = classes.flatMap((rows, number) => {
    const order = random.fork(number).permutation(rows.length)
    const shift = random.fork('shift').fork(number).next()
    return Array.from(order, (i, at) => ({ row: rows[i]!, place: (at + shift) / rows.length }))
  })
  placed.sort((a, b) => a.place - b.place || a.row - b.row)
  return Int32Array.from(placed, ({ row }) => row)
}
