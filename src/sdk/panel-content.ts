// What panels show, by their type: plain data with an end to its size, checked before it goes to the page.
import { z } from 'zod'

/** Longest label of a row, a column, a point. */
const label = z.string().max(200)
const title = z.string().max(200)
const caption = z.string().max(500).optional()

/** Numbers as authors give them: a list, or a typed array. NaN stands for a value that is missing. */
export type PanelNumbers = readonly number[] | Float32Array | Float64Array | Int32Array | Uint8Array

const isNumbers = (value: unknown): value is PanelNumbers =>
  [Float32Array, Float64Array, Int32Array, Uint8Array].some((each) => value instanceof each) ||
  (Array.isArray(value) && value.every((it) => typeof it === 'number'))

/** A copy as one buffer: a message of the engine costs the page by its values, not by its bytes. */
const numbers = (most: number) =>
  z
    .custom<PanelNumbers>(isNumbers, 'must be a list of numbers or a typed array')
    .refine(({ length }) => length <= most, `must have at most ${most} numbers`)
    .transform((values) => Float32Array.from(values))

const textSchema = z.strictObject({ text: z.array(z.string().max(5000)).max(500), caption })

const tableSchema = z.strictObject({
  columns: z.array(label).max(50),
  rows: z.array(z.array(z.union([z.string().max(2000), z.number()])).max(50)).max(500),
  caption,
})

const histogramSchema = z.strictObject({
  /** Each is drawn for itself: its rows are the same thing at different times, oldest first. */
  histograms: z
    .array(
      z.strictObject({
        name: title,
        rows: z
          .array(
            z.strictObject({
              /** Step, or whatever else tells the rows apart. */
              at: z.number(),
              /** Lower end of the first bin and upper end of the last; all bins are equally wide. */
              min: z.number(),
              max: z.number(),
              counts: numbers(200),
            }),
          )
          .max(100),
      }),
    )
    .max(100),
  caption,
})

/** Largest number of rows, and of columns, of a matrix. */
const MAX_SIDE = 256

const matrixSchema = z.strictObject({
  matrices: z
    .array(
      z
        .strictObject({
          title: title.optional(),
          rows: z.array(label).max(MAX_SIDE),
          columns: z.array(label).max(MAX_SIDE),
          /** Row after row. */
          values: numbers(MAX_SIDE * MAX_SIDE),
        })
        .refine(({ rows, columns, values }) => values.length === rows.length * columns.length, {
          message: 'must have one value for each row and column',
          path: ['values'],
        }),
    )
    .max(64),
  /** What rows and columns are, such as `true class` and `predicted`. */
  rowsAre: label.optional(),
  columnsAre: label.optional(),
  /** Values drawn as nothing and as most; those of each matrix unless given. */
  range: z.tuple([z.number(), z.number()]).optional(),
  caption,
})

const MAX_POINTS = 5000
/** Largest number of cells of a field along one axis. */
const MAX_CELLS = 200

const fieldSchema = z
  .strictObject({
    x: z.tuple([z.number(), z.number()]),
    y: z.tuple([z.number(), z.number()]),
    /** Cells across and up. */
    columns: z.int().min(1).max(MAX_CELLS),
    rows: z.int().min(1).max(MAX_CELLS),
    /** Group of each cell, row after row from the lowest y. */
    groups: numbers(MAX_CELLS * MAX_CELLS),
    /** How strongly each is drawn, from 0 to 1; all the same without it. */
    strengths: numbers(MAX_CELLS * MAX_CELLS).optional(),
  })
  .refine(
    ({ columns, rows, groups, strengths = groups }) =>
      groups.length === rows * columns && strengths.length === groups.length,
    { message: 'must have one value for each row and column', path: ['groups'] },
  )

const scatterSchema = z
  .strictObject({
    x: numbers(MAX_POINTS),
    y: numbers(MAX_POINTS),
    /** Text of each point. */
    labels: z.array(label).max(MAX_POINTS).optional(),
    /** Writes the labels beside the points; otherwise they are shown for the point that is pointed at. */
    showLabels: z.boolean().optional(),
    /** Which of `groups` each point belongs to. */
    group: numbers(MAX_POINTS).optional(),
    groups: z.array(label).max(100).optional(),
    /** Coloured ground behind the points, such as the classes that a model sees there. */
    field: fieldSchema.optional(),
    xLabel: label.optional(),
    yLabel: label.optional(),
    caption,
  })
  .refine(
    ({ x, y, labels = x, group = x }) =>
      [y, labels, group].every(({ length }) => length === x.length),
    'x, y, labels and group must have one value for each point',
  )

const MAX_IMAGE_SIDE = 256

const imageSchema = z
  .strictObject({
    width: z.int().min(1).max(MAX_IMAGE_SIDE),
    height: z.int().min(1).max(MAX_IMAGE_SIDE),
    /** From 0, black, to 1, white: one for each place, or red, green and blue; row after row. */
    pixels: numbers(3 * MAX_IMAGE_SIDE * MAX_IMAGE_SIDE),
    caption: label.optional(),
    /** Marks one that is right, or wrong. */
    tone: z.enum(['ok', 'danger']).optional(),
  })
  .refine(({ width, height, pixels }) => [1, 3].includes(pixels.length / (width * height)), {
    message: 'must have one value for each place of the image, or three',
    path: ['pixels'],
  })

const imagesSchema = z.strictObject({ images: z.array(imageSchema).max(100), caption })

const lineSchema = z.strictObject({
  lines: z
    .array(
      z
        .strictObject({
          name: title,
          /** In ascending order; 0, 1, 2 … without it. */
          x: numbers(MAX_POINTS).optional(),
          y: numbers(MAX_POINTS),
        })
        .refine(({ x, y }) => x === undefined || x.length === y.length, {
          message: 'must have one value for each of y',
          path: ['x'],
        }),
    )
    .max(20),
  xLabel: label.optional(),
  yLabel: label.optional(),
  caption,
})

const MAX_BARS = 200

const barSchema = z
  .strictObject({
    /** Name of each group of bars. */
    labels: z.array(label).max(MAX_BARS),
    /** Bars of one colour: one for each label. */
    bars: z.array(z.strictObject({ name: title, values: numbers(MAX_BARS) })).max(8),
    valueLabel: label.optional(),
    caption,
  })
  .refine(({ labels, bars }) => bars.every(({ values }) => values.length === labels.length), {
    message: 'must have one value for each label',
    path: ['bars'],
  })

const graphSchema = z
  .strictObject({
    nodes: z
      .array(z.strictObject({ id: label, label: label.optional(), detail: label.optional() }))
      .max(200),
    /** Arrows between nodes, by their ids. */
    edges: z.array(z.strictObject({ from: label, to: label })).max(500),
    caption,
  })
  .refine(({ nodes }) => new Set(nodes.map(({ id }) => id)).size === nodes.length, {
    message: 'must have an id each',
    path: ['nodes'],
  })
  .refine(
    ({ nodes, edges }) => {
      const ids = new Set(nodes.map(({ id }) => id))
      return edges.every(({ from, to }) => ids.has(from) && ids.has(to))
    },
    { message: 'must lead from node to node', path: ['edges'] },
  )

/** Schema of the content by type of panel; a chart has none, it draws the run's metrics. */
export const panelContentSchemas = {
  text: textSchema,
  table: tableSchema,
  histogram: histogramSchema,
  matrix: matrixSchema,
  scatter: scatterSchema,
  images: imagesSchema,
  line: lineSchema,
  bar: barSchema,
  graph: graphSchema,
}

export const panelContentSchema = z.union(Object.values(panelContentSchemas))

/** What an author gives a panel to show. */
export type PanelContent = z.input<typeof panelContentSchema>
/** What a panel shows, checked: all numbers in arrays of floats. */
export type ShownContent = z.output<typeof panelContentSchema>
