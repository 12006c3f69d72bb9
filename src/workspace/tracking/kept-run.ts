// A run as it is kept and passed on: what lists show of it, and apart from that what charts draw.
// Not of the sdk, which brings tfjs: links are made from here by the browser tests, in Node.
import { z } from 'zod'

const MAX_NAME = 300
const MAX_TEXT = 20_000
/** Most metrics of a run, and most tags. */
const MAX_METRICS = 2000
const MAX_TAGS = 100
/** Points of one metric. */
const MAX_POINTS = 5_000_000

/** `interrupted`: its page was closed, or its browser ended, before it did. */
export const keptStates = [
  'running',
  'finished',
  'stopped',
  'early_stopped',
  'failed',
  'interrupted',
] as const
export type KeptState = (typeof keptStates)[number]

/** Also those that JSON has no number for; it has them as texts. */
const number = z
  .union([z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number), z.unknown()])
  .pipe(z.custom<number>((value) => typeof value === 'number', 'a number is needed'))
const finite = z.number()
const name = z.string().max(MAX_NAME)
const text = z.string().max(MAX_TEXT)
/** Key of a table: none that every object has anyway. */
const key = name.refine((value) => !(value in {}), { error: 'a name that objects have anyway' })

const smallTable = <T extends z.ZodType>(value: T, most: number) =>
  z
    .record(key, value)
    .refine((table) => Object.keys(table).length <= most, { error: `more than ${most} entries` })

/** What a metric came to; steps tell where. NaN counts for `last` alone. */
const figuresSchema = z.object({
  count: finite,
  last: number,
  lastStep: finite,
  min: number,
  minStep: finite,
  max: number,
  maxStep: finite,
})
export type MetricFigures = z.output<typeof figuresSchema>

/** What is known once the model is built. */
const setupSchema = z.object({
  /** Of the experiment. */
  name,
  seed: finite,
  /** The experiment's section, defaults filled in. */
  config: z.unknown(),
  parameterCount: finite,
  trainRows: finite,
  validationRows: finite,
  batchSize: finite,
  totalSteps: finite,
  stepsPerEpoch: finite,
  /** The run that it goes on with, and the steps of it that were done. */
  resumed: z.object({ id: name, step: finite }).optional(),
})

export const runEntrySchema = z.object({
  id: name.min(1),
  /** Counts the runs of its workspace, from 1. */
  number: finite,
  /** As the user named it; empty when nobody did. */
  name,
  state: z.enum(keptStates),
  message: text.optional(),
  /** Milliseconds since 1970. */
  startedAt: finite,
  endedAt: finite.optional(),
  step: finite,
  epoch: finite,
  totalSteps: finite,
  setup: setupSchema.optional(),
  /** Such as `WebGPU · NVIDIA Ampere`. */
  device: name.optional(),
  metrics: smallTable(figuresSchema, MAX_METRICS),
  /** A label has no value: the empty text. */
  tags: smallTable(z.string().max(1000), MAX_TAGS),
  notes: text,
  /** Tells contents of the workspace apart: runs of the same files have the same. */
  files: name,
  /** Versions of the plugins that took part, by their names. */
  plugins: smallTable(name, 2000),
})
/** All that lists show. Small: thousands of them are read at once. */
export type RunEntry = z.output<typeof runEntrySchema>

const columnSchema = z.union([
  z.custom<Float64Array>((value) => value instanceof Float64Array),
  z
    .array(number)
    .max(MAX_POINTS)
    .transform((values): Float64Array => Float64Array.from(values)),
])

const columnsSchema = z
  .object({
    length: z.int().min(0),
    steps: columnSchema,
    epochs: columnSchema,
    times: columnSchema,
    values: columnSchema,
  })
  .refine(
    ({ length, steps, epochs, times, values }) =>
      [steps, epochs, times, values].every((column) => column.length === length),
    { error: 'columns of different lengths' },
  )
/** Points of a metric in order; times in ms since the run began, those of the run it goes on with included. */
export type MetricColumns = z.output<typeof columnsSchema>

export const runDetailsSchema = z.object({
  /** The project file that it ran with. */
  yaml: z.string().max(1_000_000),
  /** When its first step would have been, had the run it goes on with had no break. */
  timeOrigin: finite,
  series: smallTable(columnsSchema, MAX_METRICS),
  references: z.array(z.object({ metric: key, label: name, value: number })).max(MAX_METRICS),
  marks: z
    .array(
      z.object({
        kind: z.enum(['swap', 'plugin', 'failure', 'stop']),
        step: finite,
        time: number,
        label: text,
        plugin: name.exactOptional(),
      }),
    )
    .max(500),
})
/** What is read only for a run that is looked at. */
export type RunDetails = z.output<typeof runDetailsSchema>

/** All of a run. */
export interface KeptRun {
  readonly entry: RunEntry
  readonly details: RunDetails
}

/** What the points of a metric came to; `undefined` without points. */
export function figuresOf({ length, steps, values }: MetricColumns): MetricFigures | undefined {
  if (length === 0) return undefined
  let [min, minStep, max, maxStep] = [Infinity, 0, -Infinity, 0]
  for (let i = 0; i < length; i++) {
    const value = values[i]!
    if (value < min) [min, minStep] = [value, steps[i]!]
    if (value > max) [max, maxStep] = [value, steps[i]!]
  }
  // All of them NaN: there is neither.
  if (min > max) [min, max] = [NaN, NaN]
  const last = length - 1
  return { count: length, last: values[last]!, lastStep: steps[last]!, min, minStep, max, maxStep }
}
