// Class labels: from names of classes, such as `spam`, to their numbers.
import { EngineError, placeOfRow, plugin, type Preprocessor, type Table, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('label').describe('column of text that names the class of each row'),
  to: z.string().default('labels').describe('column that gets the numbers'),
  classes: z
    .array(z.string())
    .min(2)
    .optional()
    .describe('names in the order of their numbers; without it, those of the training rows'),
})

type ClassLabelsConfig = z.output<typeof config>

class ClassLabels implements Preprocessor {
  readonly #config: ClassLabelsConfig
  #classes: readonly string[]

  constructor(options: ClassLabelsConfig) {
    this.#config = options
    this.#classes = options.classes ?? []
  }

  /** Classes are numbered in the order of their names, so numbers depend on the set alone. */
  fit(table: Table): void {
    if (this.#config.classes) return
    const names = this.#namesOf(table)
    if (!names) throw this.#withoutColumn(table)
    this.#classes = [...new Set(names)].toSorted((a, b) => (a < b ? -1 : 1))
    if (this.#classes.length < 2) {
      throw new EngineError({
        code: 'data.invalid',
        message: `class_labels found one class only in '${this.#config.column}' of ${table.length} training rows: ${this.#classes[0]}`,
        hint: 'load rows of other classes too, or name all there can be in `classes`',
      })
    }
  }

  /** Rows without that column, as somebody may try the model on, stay as they are. */
  transform(table: Table): Table {
    const { column, to } = this.#config
    const names = this.#namesOf(table)
    if (!names) return table
    const numbers = new Map(this.#classes.map((name, number) => [name, number]))
    const data = Int32Array.from(names, (name, row) => {
      const number = numbers.get(name)
      if (number === undefined) throw this.#unknown(name, placeOfRow(table, row))
      return number
    })
    const { [column]: _, ...others } = table.columns
    const classes = this.#classes
    const labels = { type: 'number' as const, data, shape: [], dtype: 'int32' as const }
    return {
      ...table,
      columns: { ...others, [to]: { ...labels, limit: classes.length, classes } },
    }
  }

  inverseTransform(table: Table): Table {
    const { column, to } = this.#config
    const { [to]: labels, ...others } = table.columns
    if (labels?.type !== 'number') return table
    const data = Array.from(labels.data, (number) => this.#classes[number] ?? '')
    return { length: table.length, columns: { ...others, [column]: { type: 'text', data } } }
  }

  save(): readonly string[] {
    return this.#classes
  }

  load(classes: readonly string[]): void {
    this.#classes = classes
  }

  #namesOf({ columns }: Table): readonly string[] | undefined {
    const column = columns[this.#config.column]
    return column?.type === 'text' ? column.data : undefined
  }

  #withoutColumn({ columns }: Table): EngineError {
    return new EngineError({
      code: 'data.invalid',
      message: `class_labels reads the text column '${this.#config.column}'; the training rows have ${Object.keys(columns).join(', ')}`,
      hint: 'set `column` to the column that names the classes; numbers need no class_labels',
    })
  }

  #unknown(name: string, place: string): EngineError {
    const known = this.#classes.slice(0, 10).join(', ')
    const more = this.#classes.length > 10 ? ', …' : ''
    return new EngineError({
      code: 'data.invalid',
      message: `class_labels found '${name}' in '${this.#config.column}', ${place}, but the classes are ${known}${more}`,
      hint: 'correct the row, or name all classes there can be in `classes`',
    })
  }
}

export default class ClassLabelsPlugin extends plugin({
  manifest: {
    name: 'class_labels',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Names of classes to their numbers',
    tags: ['classification', 'text'],
    provides: ['preprocessor/class_labels'],
  },
}) {
  initialize() {
    this.ctx.provide('preprocessor', 'class_labels', (options) => new ClassLabels(options), {
      config,
      description: 'a column of names to `labels`, the numbers of their classes',
      tokenizes: () => [],
    })
  }
}
