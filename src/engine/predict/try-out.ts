// A model in use: while it trains, between its steps, and afterwards as long as it is kept.
import * as tf from '@tensorflow/tfjs'
import {
  type InputForm,
  MAX_INPUTS,
  MAX_NAME,
  MAX_TEXT,
  type Prediction,
  type PredictForm,
  type PredictOptions,
  type PredictResult,
} from '#protocol'
import {
  EngineError,
  type ForwardContext,
  type Model,
  type NumberColumn,
  type Table,
  type TensorMap,
  text as texts,
} from '#sdk'
import { makeBatch, type PreparedData } from '../data/index.ts'
import { predict } from '../nn/evaluate.ts'
import type { Part } from '../nn/part.ts'
import type { Session } from '../nn/session.ts'
import { inputForm, inputNames, rowOf, valueOf } from './form.ts'
import { resultsOf } from './results.ts'
import { tableOf } from './row.ts'

/** What a forward pass takes. */
export interface Forward {
  readonly model: Part<Model>
  readonly scalars: ForwardContext['scalars']
}

/** What of the data is needed to use a model: no rows but a few examples. */
export type TrialData = Pick<
  PreparedData,
  'columns' | 'tokenizer' | 'preprocessors' | 'prepare' | 'examples' | 'knownTexts'
>

const SUBJECT = 'the row to predict'
const DEFAULTS = { temperature: 0.8, length: 100, seed: 0 }
const MAX_LENGTH = 2000
/** Numbers of examples that go to the page: rows of many are only shown a few of. */
const MAX_EXAMPLE_VALUES = 200_000

export class TryOut {
  /** The model as it is now; `undefined` when it is gone. */
  source: { readonly forward: Forward } | undefined
  readonly #session: Session
  readonly #data: TrialData
  #inputs: InputForm[] | undefined

  constructor(session: Session, data: TrialData) {
    this.#session = session
    const { columns, tokenizer, preprocessors, prepare, examples, knownTexts } = data
    this.#data = { columns, tokenizer, preprocessors, prepare, examples, knownTexts }
  }

  form(): PredictForm {
    const { examples } = this.#data
    const inputs = this.#form()
    const row = (at: number) => {
      const { columns } = rowOf(examples, at)
      return Object.fromEntries(inputs.map(({ name }) => [name, valueOf(columns[name]!)]))
    }
    const size = inputs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
    const count = Math.max(1, Math.min(examples.length, Math.floor(MAX_EXAMPLE_VALUES / size)))
    return {
      ...this.#at,
      inputs,
      examples: Array.from({ length: count }, (_, at) => row(at)),
      isContinued: this.#isContinued(this.#prepare(rowOf(examples, 0))),
    }
  }

  async predict(
    values: Readonly<Record<string, unknown>>,
    options: PredictOptions = {},
  ): Promise<Prediction> {
    const inputs = this.#form()
    const row = this.#prepare(tableOf(values, inputs, rowOf(this.#data.examples, 0)), true)
    const at = this.#at
    const continued = this.#isContinued(this.#prepare(rowOf(this.#data.examples, 0)))
    const prompt = inputs.find(({ kind }) => kind === 'text')
    if (continued && prompt)
      return { ...at, results: [await this.#continue(String(values[prompt.name]), options)] }
    if (row.length === 0) throw empty()
    return { ...at, results: await this.#read(row) }
  }

  get #at(): Pick<PredictForm, 'run' | 'step'> {
    return { run: this.#session.id, step: this.#session.step }
  }

  #form(): InputForm[] {
    const { examples, knownTexts } = this.#data
    // Columns beyond what people can fill in keep the values of the example.
    this.#inputs ??= inputNames(examples, (row) => this.#prepare(row))
      .filter((name) => name.length <= MAX_NAME)
      .slice(0, MAX_INPUTS)
      .map((name) => inputForm(name, examples.columns[name]!, knownTexts.get(name)))
    return this.#inputs
  }

  /** A text may give no row at all, or several. */
  #prepare(row: Table, mayBeEmpty = false): Table {
    try {
      return this.#data.prepare(row, SUBJECT)
    } catch (thrown) {
      const isEmpty = thrown instanceof EngineError && thrown.code === 'data.empty'
      if (mayBeEmpty && isEmpty) return { length: 0, columns: {} }
      throw thrown
    }
  }

  /** Whether labels are the tokens that come next: then the model goes on with a text. */
  #isContinued({ columns }: Table): boolean {
    const { input_ids: ids, labels, attention_mask: mask } = columns as Record<string, NumberColumn>
    if (!this.#data.tokenizer || !ids || !labels || ids.data.length !== labels.data.length)
      return false
    const isNext = (label: number, at: number) =>
      mask?.data[at + 1] === 0 || at + 1 === ids.data.length || label === ids.data[at + 1]
    return ids.limit === labels.limit && Array.from(labels.data).every(isNext)
  }

  /** One forward pass, in its turn between two steps. The caller disposes what it gets. */
  async #forward(inputs: TensorMap): Promise<TensorMap> {
    return await this.#session.lock.run(() => {
      if (!this.source) throw gone()
      const { model, scalars } = this.source.forward
      const { step, random } = this.#session
      // A stream of its own: using a model never changes how it trains.
      const ctx = { training: false, random: random.fork('try').fork(step), step, scalars }
      return tf.tidy(() => predict(model, inputs, ctx))
    })
  }

  async #read(row: Table): Promise<PredictResult[]> {
    const batch = makeBatch(row, [0])
    let outputs: TensorMap = {}
    try {
      outputs = await this.#forward(batch)
      const read = await Promise.all(
        Object.entries(outputs).map(async ([name, tensor]) => {
          const [, ...shape] = tensor.shape
          const isRow = tensor.shape[0] === 1
          return {
            name,
            shape: isRow ? shape : tensor.shape,
            values: new Float32Array(await tensor.data()),
          }
        }),
      )
      return resultsOf(read, { ...this.#data, ids: keptIds(row) })
    } finally {
      tf.dispose([batch, outputs])
    }
  }

  async #continue(prompt: string, options: PredictOptions): Promise<PredictResult> {
    const { temperature, length, seed } = { ...DEFAULTS, ...options }
    checkOption('temperature', temperature, 0, 100)
    checkOption('length', length, 1, MAX_LENGTH)
    const { tokenizer, columns } = this.#data
    const { boundary } = tokenizer!
    const random = this.#session.random.fork('try').fork(`seed ${seed}`)
    const start = [...(boundary < 0 ? [] : [boundary]), ...tokenizer!.encode(prompt)]
    // A model of texts without boundaries needs something to begin with.
    if (start.length === 0) start.push(random.int(columns['input_ids']!.limit!))
    const [ids = []] = await texts.continueIds([start], {
      predict: (inputs) => this.#forward(inputs),
      context: columns['input_ids']!.shape[0]!,
      boundary,
      length,
      temperature,
      random,
    })
    const text = tokenizer!.decode(ids.slice(start.length)).slice(0, MAX_TEXT)
    return { kind: 'text', output: 'logits', text }
  }
}

/** Ids of the first row's tokens, as far as its mask keeps them. */
function keptIds({ columns }: Table): number[] | undefined {
  const { input_ids: ids, attention_mask: mask } = columns as Record<string, NumberColumn>
  const size = ids?.shape[0]
  if (!ids || size === undefined) return undefined
  const end = mask ? mask.data.subarray(0, size).findLastIndex((value) => value !== 0) + 1 : size
  return Array.from(ids.data.subarray(0, end))
}

function checkOption(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return
  throw new EngineError({
    code: 'data.invalid',
    message: `${name} of ${value} is not from ${low} to ${high}`,
    hint: 'a temperature near 1 and a length near 100 are a good beginning',
  })
}

const gone = (): EngineError =>
  new EngineError({
    code: 'run.state',
    message: 'the model is gone: it is kept only until the next run begins',
    hint: 'run the experiment again',
  })

const empty = (): EngineError =>
  new EngineError({
    code: 'data.empty',
    message: 'nothing is left of the row once it is prepared',
    hint: 'give a longer text',
  })
