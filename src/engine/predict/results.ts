// A model's outputs for one row, as people read them: classes by name, numbers in the units of the dataset.
import { MAX_CLASSES, MAX_NAME, type PredictResult } from '#protocol'
import type { ColumnSpec, Preprocessor, Table, Tokenizer } from '#sdk'

/** Values of an output for one row. */
export interface OutputValues {
  name: string
  /** Without the batch axis. */
  shape: readonly number[]
  values: Float32Array
}

export interface Reading {
  columns: Readonly<Record<string, ColumnSpec>>
  tokenizer: Tokenizer | undefined
  preprocessors: readonly Preprocessor[]
  /** Ids of the row's tokens, as far as its mask keeps them. */
  ids: readonly number[] | undefined
}

/** Outputs of more values than this are states, not answers. */
const MAX_NUMBERS = 64
const MAX_RESULTS = 20
const TOP = 3

export function resultsOf(outputs: readonly OutputValues[], reading: Reading): PredictResult[] {
  const logits = outputs.filter(({ name }) => name.endsWith('logits'))
  const predictions = outputs.filter(({ name }) => name === 'predictions')
  const known = [...logits, ...predictions]
  const shown =
    known.length > 0
      ? known
      : outputs.filter(({ shape, values }) => shape.length <= 1 && values.length <= MAX_NUMBERS)
  return shown.slice(0, MAX_RESULTS).map((output) => {
    if (!output.name.endsWith('logits')) return numbersOf(output, reading)
    return output.shape.length <= 1 ? classesOf(output, reading) : tokensOf(output, reading)
  })
}

const namesOf = ({ columns }: Reading, count: number): string[] => {
  const { classes } = columns['labels'] ?? {}
  return Array.from({ length: count }, (_, i) => (classes?.[i] ?? String(i)).slice(0, MAX_NAME))
}

/** One logit is that of the second of two classes; labels of their own for each class make each its own question. */
function classesOf({ name: output, values }: OutputValues, reading: Reading): PredictResult {
  const { shape = [] } = reading.columns['labels'] ?? {}
  const isMany = values.length > 1 && shape.length === 1 && shape[0] === values.length
  const shares = isMany
    ? Array.from(values, sigmoid)
    : values.length === 1
      ? [1 - sigmoid(values[0]!), sigmoid(values[0]!)]
      : softmax(values)
  const names = namesOf(reading, shares.length)
  const classes = shares.map((share, i) => ({ name: names[i]!, share })).slice(0, MAX_CLASSES)
  return { kind: 'classes', output, classes, isExclusive: !isMany }
}

/** The likeliest classes at each place: names where the labels have some, tokens where they are ids. */
function tokensOf({ name: output, shape, values }: OutputValues, reading: Reading): PredictResult {
  const [time = 0, count = 0] = shape
  const { columns, tokenizer, ids } = reading
  const { classes: names, limit } = columns['labels'] ?? {}
  const isToken = !names && tokenizer !== undefined && limit === columns['input_ids']?.limit
  const nameOf = (index: number) =>
    (names?.[index] ?? (isToken ? tokenizer.decode([index]) : String(index))).slice(0, MAX_NAME)
  const length = Math.min(time, ids?.length ?? time, 1024)
  const tokens = Array.from({ length }, (_, at) => {
    const shares = softmax(values.subarray(at * count, (at + 1) * count))
    const best = shares
      .map((share, index) => ({ share, index }))
      .toSorted((a, b) => b.share - a.share)
      .slice(0, TOP)
    const text = ids && tokenizer ? tokenizer.decode([ids[at]!]) : String(at)
    return {
      text: text.slice(0, MAX_NAME),
      classes: best.map(({ share, index }) => ({ name: nameOf(index), share })),
    }
  })
  return { kind: 'tokens', output, tokens }
}

/** Numbers, taken back through what preprocessing did to the labels. */
function numbersOf(
  { name: output, values }: OutputValues,
  { columns, preprocessors }: Reading,
): PredictResult {
  const spec = columns['labels']
  const isLabel = spec && spec.shape.reduce((a, b) => a * b, 1) === values.length
  const given: Table = {
    length: 1,
    columns: {
      labels: { type: 'number', data: values, shape: spec?.shape ?? [], dtype: 'float32' },
    },
  }
  const raw = isLabel
    ? preprocessors.reduceRight((table, step) => step.inverseTransform?.(table) ?? table, given)
    : given
  const column = raw.columns['labels'] ?? Object.values(raw.columns)[0]
  const numbers = column?.type === 'number' ? column.data : values
  return { kind: 'numbers', output, values: Array.from(numbers).slice(0, 1000) }
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))

function softmax(logits: Float32Array): number[] {
  const top = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = Array.from(logits, (logit) => Math.exp(logit - top))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
