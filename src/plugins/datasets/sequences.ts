// Copy, reverse and sort: generated sequences with one right answer, for models that read sequences.
import { EngineError, plugin, type Random, type Table, z } from 'plugboard'

const config = z.strictObject({
  rows: z.int().min(2).max(1_000_000).default(10_000).describe('sequences, no two alike'),
  length: z.int().min(1).max(512).default(8).describe('symbols in a sequence'),
  vocabulary: z.int().min(2).max(1000).default(10).describe('different symbols'),
  form: z
    .enum(['decoder', 'encoder'])
    .default('decoder')
    .describe(
      'decoder: question, mark and answer in one row, the answer to be continued; encoder: a label at each place',
    ),
})

type SequenceConfig = z.output<typeof config>

/** Stands between question and answer; symbols are 1 and up. */
const MARK = 0

const TASKS = {
  copy: (symbols: Int32Array) => symbols,
  reverse: (symbols: Int32Array) => symbols.toReversed(),
  sort: (symbols: Int32Array) => symbols.toSorted(),
} satisfies Record<string, (symbols: Int32Array) => Int32Array>

/** Distinct sequences: what is held back was then never seen in training. */
function drawQuestions(random: Random, { rows, length, vocabulary }: SequenceConfig): Int32Array[] {
  const possible = vocabulary ** length
  if (rows > possible / 2) {
    throw new EngineError({
      code: 'data.invalid',
      message: `${rows} different sequences of ${length} symbols are more than half of the ${possible} that ${vocabulary} symbols make`,
      hint: 'lower `rows`, or raise `length` or `vocabulary`',
    })
  }
  const drawn = new Map<string, Int32Array>()
  while (drawn.size < rows) {
    const symbols = Int32Array.from({ length }, () => 1 + random.int(vocabulary))
    drawn.set(symbols.join(), symbols)
  }
  return [...drawn.values()]
}

const idColumn = (data: Int32Array, shape: number[], limit: number) =>
  ({ type: 'number', data, shape, dtype: 'int32', limit }) as const

/**
 * Decoder: `input_ids` and `labels` [2 × length], labels one place on, and `attention_mask`, 1 where the label is
 * part of the answer. Encoder: `input_ids` and `labels` [length].
 */
function tableOf(
  answer: (symbols: Int32Array) => Int32Array,
  options: SequenceConfig,
  random: Random,
): Table {
  const { length, vocabulary, form } = options
  const questions = drawQuestions(random, options)
  const rows = questions.length
  const limit = vocabulary + 1
  const size = form === 'decoder' ? 2 * length : length
  const inputs = new Int32Array(rows * size)
  const labels = new Int32Array(rows * size)
  const mask = new Uint8Array(rows * size)
  questions.forEach((symbols, row) => {
    const whole = form === 'decoder' ? [...symbols, MARK, ...answer(symbols)] : symbols
    inputs.set(whole.slice(0, size), row * size)
    labels.set(form === 'decoder' ? whole.slice(1) : answer(symbols), row * size)
    mask.fill(1, row * size + size - length, (row + 1) * size)
  })
  const ids = {
    input_ids: idColumn(inputs, [size], limit),
    labels: idColumn(labels, [size], limit),
  }
  if (form === 'encoder') return { length: rows, columns: ids }
  return {
    length: rows,
    columns: {
      ...ids,
      attention_mask: { type: 'number', data: mask, shape: [size], dtype: 'float32' },
    },
  }
}

export default class Sequences extends plugin({
  manifest: {
    name: 'sequences',
    version: '1.0.0',
    category: 'dataset',
    description: 'Generated sequences to copy, reverse or sort',
    tags: ['generated', 'sequences', 'language model'],
    provides: ['dataset/copy', 'dataset/reverse', 'dataset/sort'],
  },
}) {
  initialize() {
    for (const [name, answer] of Object.entries(TASKS)) {
      this.ctx.provide(
        'dataset',
        name,
        (options, { random }) => ({ load: async () => tableOf(answer, options, random) }),
        {
          config,
          description: 'columns `input_ids`, `labels`, and `attention_mask` for a decoder',
        },
      )
    }
  }
}
