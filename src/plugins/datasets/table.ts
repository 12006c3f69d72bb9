// Rows of the user's own file: CSV, TSV, JSON or JSON lines.
import {
  bytesSource,
  type ColumnType,
  columnTypes,
  type DataEnv,
  EngineError,
  type Logger,
  plugin,
  readTable,
  type Table,
  type TableFault,
  tableFormSchema,
  z,
} from 'plugboard'

const config = tableFormSchema.extend({
  file: z.string().min(1).describe('path in the workspace, such as data/sales.csv'),
  label: z
    .string()
    .optional()
    .describe('column to predict: becomes `labels`, classes where it is a category'),
  columns: z
    .record(z.string(), z.enum(columnTypes))
    .default({})
    .describe('what columns hold, by name: number, category, date, text, or ignore'),
  others: z
    .enum(['auto', 'ignore'])
    .default('auto')
    .describe('columns not named there: found out from the file, or left out'),
  faulty_rows: z
    .enum(['skip', 'refuse'])
    .default('skip')
    .describe('what becomes of rows that cannot be used'),
})

type TableConfig = z.output<typeof config>

const LABELS = 'labels'

const placeOf = ({ line, column }: TableFault): string =>
  column === undefined ? `line ${line}` : `line ${line}, column ${column}`

/** `line 7, column age: seven is no number; line 9: …` */
function tell(faults: readonly TableFault[]): string {
  const told = faults.slice(0, 5).map((fault) => {
    return `${placeOf(fault)}: ${fault.text} ${fault.problem}`.replaceAll(/\s+/g, ' ')
  })
  return told.join('; ') + (faults.length > 5 ? '; …' : '')
}

/** The file's columns by name, that of the labels as `labels`. */
async function load(options: TableConfig, env: DataEnv, log: Logger): Promise<Table> {
  const { file, label, columns, others, faulty_rows: faultyRows, ...form } = options
  const types = new Map(Object.entries(columns))
  if (label !== undefined && others === 'ignore' && !types.has(label)) types.set(label, 'category')
  const source = bytesSource(await env.asset(file))
  const read = await readTable({ name: file, source }, form, {
    types,
    others,
    label,
    signal: env.signal,
  })
  if (read.faultyRows > 0) {
    const { length } = read.table
    const message = `${read.faultyRows} of ${read.faultyRows + length} rows of ${file} cannot be used: ${tell(read.faults)}`
    if (faultyRows === 'refuse') {
      const hint = 'correct these rows, or set `faulty_rows: skip`'
      throw new EngineError({ code: 'data.invalid', message, hint })
    }
    log.warn(`${message} (they are left out)`)
  }
  if (read.notes.length > 0) log.warn(`${file}: ${read.notes.join('; ')}`)
  return label === undefined ? read.table : labelled(read.table, label, { file, types })
}

function labelled(
  table: Table,
  label: string,
  { file, types }: { file: string; types: ReadonlyMap<string, ColumnType> },
): Table {
  const { [label]: labels, ...columns } = table.columns
  const refuse = (problem: string, hint: string): EngineError =>
    new EngineError({
      code: 'data.invalid',
      message: `the label ${label} of ${file} ${problem}`,
      hint,
    })
  if (labels?.type !== 'number') {
    const hint = `set \`columns: { ${label}: category }\`, or choose another label`
    if (!labels && types.get(label) !== 'ignore')
      throw refuse('has no value in any row', 'fill in the column, or choose another label')
    throw refuse(labels ? 'holds texts, too many for classes' : 'is ignored', hint)
  }
  if (labels.limit === 1)
    throw refuse(`is ${labels.classes?.[0]} in every row`, 'there is nothing to learn from it')
  if (columns[LABELS]) {
    const hint = `rename the column ${LABELS} in the file, or ignore it`
    throw refuse(`would take the place of the column ${LABELS}`, hint)
  }
  return { ...table, columns: { ...columns, [LABELS]: labels } }
}

export default class TablePlugin extends plugin({
  manifest: {
    name: 'table',
    version: '1.0.0',
    category: 'dataset',
    description: 'Rows of your own file: CSV, TSV, JSON or JSON lines',
    tags: ['table', 'own data'],
    provides: ['dataset/table'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'table',
      (options, env) => ({ load: () => load(options, env, this.ctx.log) }),
      {
        config,
        description:
          'columns by their names, and `labels`; what is missing is NaN or an empty text',
      },
    )
  }
}
