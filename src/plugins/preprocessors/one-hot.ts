// One-hot: words and classes as a place for each of them, 1 where it is theirs.
import {
  EngineError,
  type NumberColumn,
  plugin,
  type Preprocessor,
  type Table,
  textsIn,
  z,
} from 'plugboard'

const config = z.strictObject({
  columns: z.array(z.string()).min(1).describe('columns of text or of classes'),
  most: z.int().min(1).default(100).describe('different texts that a column may have'),
})

type OneHotConfig = z.output<typeof config>

/**
 * Each column becomes one of floats [categories], in the order of the texts' code units, or of the class numbers.
 * Texts that the training rows do not have, and empty ones, are 0 in all places.
 */
class OneHot implements Preprocessor {
  readonly #config: OneHotConfig
  /** Places by text, for columns of text. */
  #categories = new Map<string, readonly string[]>()

  constructor(options: OneHotConfig) {
    this.#config = options
  }

  fit(table: Table): void {
    this.#categories = new Map()
    for (const name of this.#config.columns)
      if (classesOf(table, name) === undefined) this.#learn(table, name)
  }

  #learn(table: Table, name: string): void {
    const found = new Set(textsIn(table, name, 'one_hot').data)
    found.delete('')
    const { most } = this.#config
    if (found.size === 0 || found.size > most) {
      throw new EngineError({
        code: 'data.invalid',
        message: `one_hot finds ${found.size} different texts in '${name}' of ${table.length} training rows; it takes 1 to ${most}`,
        hint: 'leave the column out, raise `most`, or read it with a tokenizer',
      })
    }
    this.#categories.set(name, [...found].toSorted())
  }

  transform(table: Table): Table {
    const columns = { ...table.columns }
    for (const name of this.#config.columns) {
      const column = classesOf(table, name)
      const texts = this.#categories.get(name)
      columns[name] =
        column && !texts
          ? places(column.data, column.limit)
          : places(this.#numbers(table, name), texts!.length)
    }
    return { ...table, columns }
  }

  /** Place of each text; -1 for one that has none. */
  #numbers(table: Table, name: string): Int32Array {
    const places = new Map(this.#categories.get(name)!.map((text, place) => [text, place]))
    return Int32Array.from(textsIn(table, name, 'one_hot').data, (text) => places.get(text) ?? -1)
  }

  save(): Map<string, readonly string[]> {
    return this.#categories
  }

  load(categories: Map<string, readonly string[]>): void {
    this.#categories = new Map(categories)
  }
}

/** A column of one class number a row, which knows how many there are. */
function classesOf({ columns }: Table, name: string) {
  const column = columns[name]
  if (column?.type !== 'number' || column.limit === undefined || column.shape.length > 0)
    return undefined
  return { data: column.data, limit: column.limit }
}

function places(numbers: ArrayLike<number>, size: number): NumberColumn {
  const data = new Uint8Array(numbers.length * size)
  for (let row = 0; row < numbers.length; row++) {
    const place = numbers[row]!
    if (place >= 0 && place < size) data[row * size + place] = 1
  }
  return { type: 'number', data, shape: [size], dtype: 'float32' }
}

export default class OneHotPlugin extends plugin({
  manifest: {
    name: 'one_hot',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Words and classes as a place for each of them',
    tags: ['table'],
    provides: ['preprocessor/one_hot'],
  },
}) {
  initialize() {
    this.ctx.provide('preprocessor', 'one_hot', (options) => new OneHot(options), {
      config,
      description: 'columns of text or classes to vectors with a single 1',
      tokenizes: () => [],
    })
  }
}
