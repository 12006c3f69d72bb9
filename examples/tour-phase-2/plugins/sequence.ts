// Idea: one plugin, two contributions that belong together: rows become windows, and a model reads windows.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  init,
  type ModelEnv,
  Module,
  nn,
  parameter,
  plugin,
  type Preprocessor,
  type Table,
  type TensorMap,
  z,
} from 'plugboard'
import { numbersOf } from '../lib/columns.ts'

const windows = z.strictObject({
  prefix: z.string().default('feature_').describe('begins the names of the columns to look at'),
  days: z.int().min(1).default(10).describe('rows in a window, its own included'),
  keep: z.array(z.string()).default([]).describe('other columns to hand on, `labels` apart'),
})

/** `days` [days, features] of each row: those before it, oldest first, and its own. */
class Windows implements Preprocessor {
  readonly #config: z.output<typeof windows>

  constructor(options: z.output<typeof windows>) {
    this.#config = options
  }

  transform(table: Table): Table {
    const { prefix, days, keep } = this.#config
    const names = Object.keys(table.columns).filter((name) => name.startsWith(prefix))
    const features = names.map((name) => numbersOf(table, name, 'windows'))
    const length = Math.max(0, table.length - days + 1)
    const data = new Float32Array(length * days * names.length)
    for (let i = 0, row = 0; row < length; row++)
      for (let day = 0; day < days; day++)
        for (const values of features) data[i++] = values[row + day]!
    const others = ['labels', ...keep].map((name) => {
      const column = table.columns[name]
      if (column?.type === 'number')
        return [name, { ...column, data: column.data.slice(days - 1) }] as const
      throw new EngineError({
        code: 'data.invalid',
        message: `windows keeps the column of numbers '${name}'; there are ${Object.keys(table.columns).join(', ')}`,
        hint: 'correct `keep`',
      })
    })
    const shape = [days, names.length]
    return {
      length,
      columns: {
        ...Object.fromEntries(others),
        days: { type: 'number', data, shape, dtype: 'float32' },
      },
    }
  }
}

const model = z.strictObject({
  width: z.int().min(1).default(16).describe('numbers that stand for a day'),
})

/** `days` [batch, days, features] to `hidden_states` [batch, days, width]: each day by itself, and where it lies. */
class DayByDay extends Module {
  readonly width: number
  readonly day: nn.Linear
  readonly position: tf.Variable

  constructor({ width }: z.output<typeof model>, { columns }: ModelEnv) {
    super()
    const [days, features] = columns['days']?.shape ?? []
    if (days === undefined || features === undefined) {
      throw new EngineError({
        code: 'model.forward',
        message: `day_by_day reads the column 'days'; batches have ${Object.keys(columns).join(', ')}`,
        hint: 'add `windows` under experiment.preprocess',
      })
    }
    this.width = width
    this.day = new nn.Linear(features, width)
    this.position = parameter([days, width], init.normal(0.1))
  }

  forward({ days }: TensorMap) {
    return { hidden_states: tf.tanh(this.day.forward(days!).add(this.position)) }
  }
}

export default class Sequence extends plugin({
  manifest: {
    name: 'sequence',
    version: '1.0.0',
    category: 'model',
    description: 'Windows of days, and a model that reads them day by day',
    provides: ['preprocessor/windows', 'model/day_by_day'],
  },
}) {
  initialize() {
    this.ctx.provide('preprocessor', 'windows', (options) => new Windows(options), {
      config: windows,
      description: 'features of the last days as one column `days`',
    })
    this.ctx.provide('model', 'day_by_day', (options, env) => new DayByDay(options, env), {
      config: model,
      description: 'hidden states of days, for a head',
    })
  }
}
