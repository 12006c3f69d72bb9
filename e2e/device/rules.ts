// Rows that follow rules, and an experiment for each built-in model that learns one.
import { createRandom, type NumberColumn, plugin, type Random, type Table } from '#sdk'

const [SIDE, LENGTH, WORDS, CLASSES] = [8, 8, 7, 4]

const numbers = (shape: number[], data: ArrayLike<number>, limit?: number): NumberColumn => ({
  type: 'number',
  data: limit === undefined ? Float32Array.from(data) : Int32Array.from(data),
  shape,
  dtype: limit === undefined ? 'float32' : 'int32',
  ...(limit !== undefined && { limit }),
})

/** Noise, brighter in one quarter: which one is the class. */
function images(count: number, random: Random): Table {
  const labels = Array.from({ length: count }, () => random.int(CLASSES))
  const pixels = labels.flatMap((label) =>
    Array.from({ length: SIDE * SIDE }, (_, at) => {
      const quarter = Number(at % SIDE >= SIDE / 2) + 2 * Number(at >= (SIDE * SIDE) / 2)
      return random.next() + (quarter === label ? 0.5 : 0)
    }),
  )
  const columns = {
    image: numbers([SIDE, SIDE, 1], pixels),
    labels: numbers([], labels, CLASSES),
  }
  return { length: count, columns }
}

function textTable(words: readonly (readonly number[])[], labels: NumberColumn): Table {
  const columns = {
    input_ids: numbers([LENGTH], words.flat(), WORDS),
    attention_mask: numbers([LENGTH], new Float32Array(words.length * LENGTH).fill(1)),
    labels,
  }
  return { length: words.length, columns }
}

/** Each word follows from the one before, by the step of its row. */
function countedWords(count: number, random: Random): Table {
  const rows = Array.from({ length: count }, () => {
    const [first, step] = [random.int(WORDS), 1 + random.int(CLASSES)]
    return Array.from({ length: LENGTH + 1 }, (_, at) => (first + at * step) % WORDS)
  })
  const labels = numbers(
    [LENGTH],
    rows.flatMap((row) => row.slice(1)),
    WORDS,
  )
  return textTable(
    rows.map((row) => row.slice(0, LENGTH)),
    labels,
  )
}

/** A text of a class has three of the words. */
function wordsOfClasses(count: number, random: Random): Table {
  const labels = Array.from({ length: count }, () => random.int(CLASSES))
  const rows = labels.map((label) =>
    Array.from({ length: LENGTH }, () => (label + random.int(3)) % WORDS),
  )
  return textTable(rows, numbers([], labels, CLASSES))
}

const tables = {
  bright_quarters: images,
  counted_words: countedWords,
  words_of_classes: wordsOfClasses,
}

export class Rules extends plugin({
  manifest: {
    name: 'rules',
    version: '1.0.0',
    category: 'dataset',
    description: 'Rows that follow rules',
    provides: Object.keys(tables).map((name) => `dataset/${name}`),
  },
}) {
  initialize() {
    for (const [name, make] of Object.entries(tables)) {
      const load = () =>
        Promise.resolve({
          train: make(512, createRandom(1)),
          validation: make(256, createRandom(2)),
        })
      this.ctx.provide('dataset', name, () => ({ load }))
    }
  }
}

const experiments: Readonly<
  Record<string, { dataset: keyof typeof tables; config: object; head?: string }>
> = {
  mlp: { dataset: 'bright_quarters', config: { hidden: [32] } },
  cnn: { dataset: 'bright_quarters', config: { channels: [8, 8] } },
  gpt: { dataset: 'counted_words', config: { layers: 2, heads: 2, width: 16 } },
  rnn: { dataset: 'counted_words', config: { hidden: 16 } },
  encoder: {
    dataset: 'words_of_classes',
    config: { layers: 1, heads: 2, width: 16 },
    head: 'classification',
  },
}

export const modelsOfRules = Object.keys(experiments)

interface Settings {
  steps: number
  precision: 'float32' | 'mixed'
  /** More of the model's config. */
  config?: object
}

/** As in plugboard.yaml. */
export function experimentOf(name: string, { steps, precision, config: more }: Settings): object {
  const { dataset, config, head } = experiments[name]!
  return {
    dataset,
    model: { name, config: { ...config, ...more } },
    head,
    training: {
      epochs: 1000,
      max_steps: steps,
      batch_size: 64,
      validate_every: steps,
      optimizer: { name: 'adam', config: { learning_rate: 0.01 } },
      // Towards the end small steps: what a large one does to the loss is chance in either precision.
      schedule: { name: 'cosine', config: { warmup_steps: 1, final: 0.02 } },
      loss: 'cross_entropy',
      precision,
    },
  }
}
