// Metrics CSV: every number of a run as one wide table, left as an artefact that spreadsheets and notebooks open.
import { Artefacts, Clock, type HookArgs, type Metrics, plugin, z } from 'plugboard'

const config = z.strictObject({
  file: z.string().min(1).default('metrics.csv').describe('name of the artefact'),
  every_steps: z
    .int()
    .min(1)
    .default(1)
    .describe('steps from one row to the next; those with a validation have theirs in any case'),
  max_values: z
    .int()
    .min(1000)
    .default(2_000_000)
    .describe('numbers that the table holds; over it, only every second step keeps its row'),
})

/** What the stream of metrics brings; values are finite. */
const told = z.object({
  points: z.array(
    z.object({
      step: z.number(),
      epoch: z.number(),
      time: z.number(),
      values: z.record(z.string(), z.number()),
    }),
  ),
})

/** Columns before those of the metrics; time is in seconds since the run began. */
const FIRST = ['step', 'epoch', 'time'] as const
/** The file is written anew when the table has grown by this factor: its cost stays a share of the table's. */
const GROWTH = 1.1

interface State {
  metrics: string[]
  /** The table has come to its limit so often. */
  thinned: number
  startedAt: number
  /** Rows one after the other, NaN where there is no value. */
  cells: Float64Array
}

const isValidation = (values: Metrics): boolean =>
  Object.keys(values).some((name) => name.startsWith('val_'))

const quoted = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/**
 * The table has a row for each step and a column for each metric, validation and `run.report` included; a cell is
 * empty where a metric has no value. It goes on where a checkpoint was taken. The dataset `table` opens it.
 */
export default class MetricsCsv extends plugin({
  manifest: {
    name: 'metrics_csv',
    version: '1.0.0',
    category: 'callback',
    description: 'Keeps the metrics of a run as a CSV table',
    tags: ['training', 'export'],
  },
  config,
  inject: { artefacts: Artefacts, clock: Clock },
}) {
  #metrics: string[] = []
  /** Step, epoch, seconds, then values in the order of the metrics; by step. */
  #rows: (number | undefined)[][] = []
  #thinned = 0
  #startedAt = 0
  #rowsWritten = 0
  /** The rows are those of a checkpoint, or of the run that is on; else of one that has ended. */
  #isKept = false

  initialize() {
    this.ctx.events.on('run.metrics', ({ data }) => {
      for (const { values, ...at } of told.parse(data).points) this.#add(at, values)
      if (this.#rows.length > this.#rowsWritten * GROWTH) this.#write()
    })
  }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    const startedAt = this.services.clock.now()
    if (resumed && this.#isKept) this.#startedAt = startedAt - 1000 * (this.#rows.at(-1)?.[2] ?? 0)
    else this.restore({ metrics: [], thinned: 0, startedAt, cells: new Float64Array() })
  }

  onTrainEnd() {
    this.#write()
    this.#isKept = false
  }

  #add(at: { step: number; epoch: number; time: number }, values: Metrics): void {
    if (at.step % this.#every !== 0 && !isValidation(values)) return
    const row = this.#rowOf(at)
    for (const [name, value] of Object.entries(values)) {
      let column = this.#metrics.indexOf(name)
      if (column < 0) column = this.#metrics.push(name) - 1
      row[FIRST.length + column] = value
    }
    if (this.#rows.length * this.#width > this.config.max_values) this.#thin()
  }

  /** Values of a step come late, and those that a plugin reports may come before them. */
  #rowOf({ step, epoch, time }: { step: number; epoch: number; time: number }) {
    let at = this.#rows.length
    while (at > 0 && this.#rows[at - 1]![0]! > step) at--
    const known = this.#rows[at - 1]
    if (known?.[0] === step) return known
    const row = [step, epoch, (time - this.#startedAt) / 1000]
    this.#rows.splice(at, 0, row)
    return row
  }

  get #width(): number {
    return FIRST.length + this.#metrics.length
  }

  /** Steps from one row to the next. */
  get #every(): number {
    return this.config.every_steps * 2 ** this.#thinned
  }

  #thin(): void {
    this.#thinned += 1
    const validated = this.#metrics.flatMap((name, i) =>
      name.startsWith('val_') ? [FIRST.length + i] : [],
    )
    const rows = this.#rows.filter(
      (row) => row[0]! % this.#every === 0 || validated.some((at) => row[at] !== undefined),
    )
    // Where almost every row has a validation, they go as well.
    const isEnough = rows.length < 0.75 * this.#rows.length
    this.#rows = isEnough ? rows : rows.filter((_, i) => i % 2 === 0)
    this.ctx.log.info(
      `${this.config.file} has come to ${this.config.max_values} numbers: it now has one in ${this.#every} steps, and goes on so`,
    )
  }

  #write(): void {
    const { file } = this.config
    const names = this.#metrics.map((name) =>
      FIRST.some((it) => it === name) ? `metric ${name}` : name,
    )
    const head = [...FIRST, ...names].map(quoted).join(',')
    const lines = this.#rows.map(([step, epoch, seconds, ...values]) => {
      const cells = this.#metrics.map((_, i) => values[i] ?? '')
      return [step, epoch, seconds!.toFixed(3), ...cells].join(',')
    })
    this.services.artefacts.put(file, `${[head, ...lines].join('\n')}\n`, { type: 'text/csv' })
    this.#rowsWritten = this.#rows.length
  }

  capture(): State {
    const width = this.#width
    const cells = new Float64Array(this.#rows.length * width).fill(Number.NaN)
    for (const [i, row] of this.#rows.entries())
      for (const [at, value] of row.entries())
        if (value !== undefined) cells[i * width + at] = value
    return {
      metrics: [...this.#metrics],
      thinned: this.#thinned,
      startedAt: this.#startedAt,
      cells,
    }
  }

  restore({ metrics, thinned, startedAt, cells }: State) {
    this.#metrics = [...metrics]
    this.#thinned = thinned
    this.#startedAt = startedAt
    this.#rowsWritten = 0
    this.#isKept = true
    const width = this.#width
    this.#rows = Array.from({ length: cells.length / width }, (_, i) =>
      Array.from(cells.subarray(i * width, (i + 1) * width), (it) =>
        Number.isNaN(it) ? undefined : it,
      ),
    )
  }
}
