// Decision boundary: what the model says everywhere in a plane of its inputs, with rows held back on it.
import * as tf from '@tensorflow/tfjs'
import {
  type HookArgs,
  type NumberColumn,
  type PanelHandle,
  plugin,
  type Run,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(50).describe('steps from one picture to the next'),
  column: z
    .string()
    .optional()
    .describe('column of inputs [features]; without it, the first of the batch that is one'),
  axes: z
    .tuple([z.int().min(0), z.int().min(0)])
    .default([0, 1])
    .describe('features across and up; all others stay at their mean'),
  cells: z.int().min(2).max(200).default(60).describe('cells across and up'),
  points: z.int().min(0).max(5000).default(400).describe('validation rows to draw'),
})

type Range = [number, number]

/** The plane that is looked at: which column, between which ends, and the mean of every feature. */
interface Plane {
  column: string
  x: Range
  y: Range
  means: Float32Array
}

/**
 * One forward pass over the cells of the plane at each look, for models that give `logits` [batch, classes]. The
 * ground has the colour of the likeliest class, the stronger the surer: from 1 / classes to 1. Axes are in the
 * units of the batches, after preprocessing.
 */
export default class DecisionBoundary extends plugin({
  manifest: {
    name: 'decision_boundary',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows what the model says everywhere in a plane of its inputs',
    tags: ['inspection', 'panel', 'classification'],
  },
  config,
}) {
  #panel: PanelHandle | undefined
  #plane: Plane | undefined

  initialize() {
    this.#panel = this.ctx.panel({ id: 'boundary', title: 'Decision boundary', type: 'scatter' })
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    this.#plane = planeOf(run, this.config)
    if (this.#plane) return
    const wanted = this.config.column ?? 'any column'
    this.ctx.log.warn(
      `decision_boundary shows nothing: it needs numbers [features] with features ${this.config.axes.join(' and ')} in ${wanted}, and the batches have ${formsOf(run)}`,
    )
  }

  // Not in a step: here waiting for the device is allowed.
  async onMetrics({ run, step }: HookArgs<'onMetrics'>) {
    if (step % this.config.every_steps === 0 || step === 1) await this.#show(run, step)
  }

  async onTrainEnd({ run, reason }: HookArgs<'onTrainEnd'>) {
    if (reason !== 'failed') await this.#show(run, run.step)
  }

  async #show(run: Run, step: number) {
    const plane = this.#plane
    if (!plane) return
    const { axes, cells, points } = this.config
    const read = tf.tidy(() => {
      const { logits } = run.predict(gridOf(run, plane, axes, cells))
      if (logits?.rank !== 2) return undefined
      const shares = tf.softmax(logits)
      return tf.stack([logits.argMax(-1).toFloat(), shares.max(-1)])
    })
    if (!read) {
      this.#plane = undefined
      this.ctx.log.warn(
        'decision_boundary shows nothing: it reads the output `logits` [batch, classes], which the model does not give',
      )
      return
    }
    const values = await read.data<'float32'>()
    read.dispose()
    const size = cells * cells
    const { limit = 2, classes } = run.columns['labels'] ?? {}
    // From a guess to certainty.
    const strengths = values.subarray(size).map((share) => (share - 1 / limit) / (1 - 1 / limit))
    const { x, y, column } = plane
    this.#panel?.show({
      field: { x, y, columns: cells, rows: cells, groups: values.subarray(0, size), strengths },
      ...pointsOf(run, plane, axes, points),
      groups: Array.from({ length: limit }, (_, i) => classes?.[i] ?? String(i)),
      xLabel: `${column}[${axes[0]}]`,
      yLabel: `${column}[${axes[1]}]`,
      caption: `step ${step}: the ground is what the model says, points are validation rows`,
    })
  }
}

const numbersOf = (run: Run, name: string): NumberColumn | undefined => {
  const column = run.data.validation.columns[name]
  return column?.type === 'number' ? column : undefined
}

const formsOf = ({ columns }: Run): string =>
  Object.entries(columns)
    .map(([name, { shape, dtype }]) => `${name} ${dtype} [${shape.join(', ')}]`)
    .join(', ')

/** Ends of the plane are those of the validation rows, with a tenth more on each side. */
function planeOf(run: Run, { column: wanted, axes }: z.output<typeof config>): Plane | undefined {
  const column = Object.keys(run.columns).find((name) => {
    const { shape, dtype } = run.columns[name]!
    const isFit = dtype === 'float32' && shape.length === 1 && shape[0]! > Math.max(...axes)
    return isFit && (wanted === undefined || name === wanted)
  })
  const found = column === undefined ? undefined : numbersOf(run, column)
  if (column === undefined || !found) return undefined
  const { data, scale = 1, shape } = found
  const [features = 1] = shape
  const rows = data.length / features
  const at = (row: number, feature: number) => data[row * features + feature]! * scale
  const range = (feature: number): Range => {
    let [low, high] = [Infinity, -Infinity]
    for (let row = 0; row < rows; row++) {
      low = Math.min(low, at(row, feature))
      high = Math.max(high, at(row, feature))
    }
    const room = (high - low) / 10 || 1
    return [low - room, high + room]
  }
  const means = Float32Array.from({ length: features }, (_, feature) => {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += at(row, feature)
    return sum / rows
  })
  return { column, x: range(axes[0]), y: range(axes[1]), means }
}

/** A batch with a row for the middle of each cell, from the lowest y; other columns are those of the first row. */
function gridOf(run: Run, plane: Plane, [across, up]: Range, cells: number): TensorMap {
  const { column, x, y, means } = plane
  const middle = ([low, high]: Range, cell: number) => low + ((high - low) * (cell + 0.5)) / cells
  const values = new Float32Array(cells * cells * means.length)
  for (let cell = 0; cell < cells * cells; cell++) {
    const row = values.subarray(cell * means.length, (cell + 1) * means.length)
    row.set(means)
    row[across] = middle(x, cell % cells)
    row[up] = middle(y, Math.floor(cell / cells))
  }
  const rest = run.batch('validation', new Int32Array(cells * cells))
  return { ...rest, [column]: tf.tensor2d(values, [cells * cells, means.length]) }
}

function pointsOf(run: Run, { column, means }: Plane, [across, up]: Range, most: number) {
  const { data, scale = 1 } = numbersOf(run, column)!
  const labels = numbersOf(run, 'labels')
  const count = Math.min(most, data.length / means.length)
  const values = (feature: number) =>
    Float32Array.from({ length: count }, (_, row) => data[row * means.length + feature]! * scale)
  const group =
    labels?.shape.length === 0 ? { group: Float32Array.from(labels.data.slice(0, count)) } : {}
  return { x: values(across), y: values(up), ...group }
}
