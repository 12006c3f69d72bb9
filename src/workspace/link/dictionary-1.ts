// The dictionary of link version 1: typical plugin and project text that links need not repeat.
// Frozen: every link of version 1 needs it as it is, to the last character. A better one makes a new version.

export const DICTIONARY_1 = `// From rows of text to rows of ids and the ids that come next.
import { EngineError, plugin, type Preprocessor, type Table, type Tokenizer, z } from 'plugboard'

const config = z.strictObject({
  column: z.string().default('text').describe('column of text to read'),
  context: z.int().min(1).max(4096).default(32).describe('ids in a row'),
  pack: z
    .boolean()
    .default(false)
    .describe('join all texts and cut them into full rows, for long texts'),
})

type NextTokenConfig = z.output<typeof config>

class NextToken implements Preprocessor {
  readonly #config: NextTokenConfig
  readonly #tokenizer: Tokenizer

  constructor(options: NextTokenConfig, tokenizer: Tokenizer | undefined) {
    if (!tokenizer) {
      throw new EngineError({
        code: 'contribution.config',
        message: 'next_token needs a tokenizer, and the experiment names none',
        hint: 'add \`tokenizer: char\` to the experiment',
      })
    }
    this.#config = options
    this.#tokenizer = tokenizer
  }

  /**
   * Columns \`input_ids\` and \`labels\` [context] (labels are the ids one place on) and
   * \`attention_mask\` (1 where there is a label). Texts of more than \`context\` ids go on in the next
   * row; what a row lacks is filled with the boundary, mask 0.
   */
  transform(table: Table): Table {
    const { context, pack } = this.#config
    const texts = this.#texts(table).map((text) => this.#idsOf(text))
    const sequences = pack ? [joinTexts(texts)] : texts
    const rowsOf = (ids: readonly number[]) => Math.ceil(Math.max(0, ids.length - 1) / context)
    const length = sequences.reduce((rows, ids) => rows + rowsOf(ids), 0)
    const filler = Math.max(0, this.#tokenizer.boundary)
    const inputs = new Int32Array(length * context).fill(filler)
    const labels = new Int32Array(length * context).fill(filler)
    const mask = new Uint8Array(length * context)
    let row = 0
    for (const ids of sequences) {
      const start = row * context
      for (let i = 0; i + 1 < ids.length; i++) {
        inputs[start + i] = ids[i]!
        labels[start + i] = ids[i + 1]!
        mask[start + i] = 1
      }
      row += rowsOf(ids)
    }
    const form = { type: 'number' as const, shape: [context] }
    const limit = this.#tokenizer.vocabSize
    return {
      length,
      columns: {
        input_ids: { ...form, data: inputs, dtype: 'int32', limit },
        labels: { ...form, data: labels, dtype: 'int32', limit },
        attention_mask: { ...form, data: mask, dtype: 'float32' },
      },
    }
  }

  #texts(table: Table): string[] {
    const { column: name } = this.#config
    const column = table.columns[name]
    if (column?.type === 'text') return column.data
    throw new EngineError({
      code: 'data.invalid',
      message: \`next_token reads the text column '\${name}'; the table has \${Object.keys(table.columns).join(', ')}\`,
      hint: 'set \`column\` to a column of text',
    })
  }

  /** Ids of \`text\` with a boundary before and after it, where the tokenizer has one. */
  #idsOf(text: string): number[] {
    const { boundary } = this.#tokenizer
    const ids = this.#tokenizer.encode(text)
    return boundary < 0 ? ids : [boundary, ...ids, boundary]
  }
}

/** One sequence of all texts; the boundary that ends one text begins the next. */
function joinTexts(texts: readonly number[][]): number[] {
  const joined: number[] = []
  for (const ids of texts) {
    const isShared = joined.length > 0 && joined.at(-1) === ids[0]
    for (let i = isShared ? 1 : 0; i < ids.length; i++) joined.push(ids[i]!)
  }
  return joined
}

export default class NextTokenPlugin extends plugin({
  manifest: {
    name: 'next_token',
    version: '1.0.0',
    category: 'preprocessor',
    description: 'Rows of ids with the next id as label, for language models',
    tags: ['text', 'language model'],
    provides: ['preprocessor/next_token'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'preprocessor',
      'next_token',
      (options, { tokenizer }) => new NextToken(options, tokenizer),
      { config, description: 'text to \`input_ids\`, \`labels\` and \`attention_mask\`' },
    )
  }
}

// Sample text: shows what a language model writes while it learns.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, type PanelHandle, plugin, type Random, type Run, z } from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(100).describe('steps from one set of samples to the next'),
  count: z.int().min(1).max(64).default(10).describe('samples in a set'),
  temperature: z
    .number()
    .min(0)
    .default(0.8)
    .describe('0 takes the likeliest token each time; more is wilder'),
  max_tokens: z.int().min(1).max(1000).default(64).describe('longest sample'),
  prompt: z.string().default('').describe('how every sample begins'),
})

/** Index drawn from softmax(logits / temperature). */
export function drawToken(logits: Float32Array, temperature: number, random: Random): number {
  const top = logits.reduce((a, b) => Math.max(a, b))
  if (temperature === 0) return logits.indexOf(top)
  return random.pick(logits.map((logit) => Math.exp((logit - top) / temperature)))
}

export default class SampleText extends plugin({
  manifest: {
    name: 'sample_text',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows text that the model writes, again and again while it learns',
    tags: ['language model', 'panel'],
  },
  config,
}) {
  #panel: PanelHandle | undefined
  #next = 1
  #known: Set<string> | undefined

  initialize() {
    this.#panel = this.ctx.panel({ id: 'samples', title: 'Samples', type: 'text' })
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    this.#next = run.step + this.config.every_steps
    this.#known = undefined
  }

  // Not in a step: here waiting for the device is allowed, and no tensor scope is open.
  async onMetrics({ run, step }: HookArgs<'onMetrics'>) {
    if (step < this.#next) return
    this.#next = step + this.config.every_steps
    await this.#show(run, step)
  }

  async onTrainEnd({ run, reason }: HookArgs<'onTrainEnd'>) {
    if (reason !== 'failed') await this.#show(run, run.step)
  }

  async #show(run: Run, step: number) {
    const { tokenizer, columns } = run
    if (!tokenizer || !columns['input_ids']) return
    const { count, temperature } = this.config
    const samples = await this.#sample(run, step)
    const known = (this.#known ??= knownTexts(run))
    const fresh = samples.filter((ids) => !known.has(ids.join())).length
    const novelty = known.size > 0 ? \`: \${fresh} of \${count} are not in the training data\` : ''
    this.#panel?.show({
      text: samples.map((ids) => tokenizer.decode(ids)),
      caption: \`step \${step}, temperature \${temperature}\${novelty}\`,
    })
  }

  /** Ids of \`count\` samples, without boundaries. All are drawn side by side, one token at a time. */
  async #sample(run: Run, step: number): Promise<number[][]> {
    const { count, temperature, max_tokens: limit, prompt } = this.config
    const tokenizer = run.tokenizer!
    const { boundary } = tokenizer
    const context = run.columns['input_ids']!.shape[0]!
    // A stream of its own for each set: sampling more or less often changes no sample and no training.
    const random = this.ctx.random.fork('samples').fork(step)
    const start = [...(boundary < 0 ? [] : [boundary]), ...tokenizer.encode(prompt)]
    if (start.length === 0) start.push(random.int(run.columns['input_ids']!.limit!))
    const samples = Array.from({ length: count }, () => [...start])
    const open = new Set(samples)
    while (open.size > 0 && samples[0]!.length < start.length + limit) {
      if (this.ctx.signal.aborted) break
      const windows = samples.map((ids) => ids.slice(-context))
      const logits = await lastLogits(run, windows, context)
      samples.forEach((ids, i) => {
        // Closed samples grow too, so that all keep one length; what follows the boundary is cut below.
        const token = open.has(ids) ? drawToken(logits[i]!, temperature, random) : boundary
        ids.push(token)
        if (token === boundary) open.delete(ids)
      })
    }
    return samples.map((ids) => {
      const text = boundary < 0 ? ids : ids.slice(1)
      const end = text.indexOf(boundary)
      return end < 0 ? text : text.slice(0, end)
    })
  }
}

/** Logits of what comes after each window; all windows have one length, at most \`context\`. */
async function lastLogits(
  run: Run,
  windows: readonly number[][],
  context: number,
): Promise<Float32Array[]> {
  const [rows, time] = [windows.length, windows[0]!.length]
  // Rows are filled up to one fixed shape; a causal model never looks at the filling.
  const ids = new Int32Array(rows * context)
  windows.forEach((window, row) => ids.set(window, row * context))
  const last = tf.tidy(() => {
    const { logits } = run.predict({ input_ids: tf.tensor2d(ids, [rows, context], 'int32') })
    const vocabulary = logits!.shape[2]!
    return logits!.slice([0, time - 1, 0], [rows, 1, vocabulary]).reshape([rows, vocabulary])
  })
  try {
    const values = (await last.data()) as Float32Array
    const vocabulary = values.length / rows
    return windows.map((_, row) => values.subarray(row * vocabulary, (row + 1) * vocabulary))
  } finally {
    last.dispose()
  }
}

/** Every text that is a training row of its own, as ids joined: to tell new samples from remembered ones. */
function knownTexts(run: Run): Set<string> {
  const { length, columns } = run.data.train
  const [labels, mask] = [columns['labels'], columns['attention_mask']]
  const known = new Set<string>()
  if (labels?.type !== 'number' || mask?.type !== 'number') return known
  const context = labels.shape[0]!
  for (let row = 0; row < length; row++) {
    const start = row * context
    const isKept = mask.data.subarray(start, start + context)
    const end = isKept.includes(0) ? isKept.indexOf(0) : context
    const ids = labels.data.subarray(start, start + end)
    // A row that is full without an end is a piece of a longer text.
    if (ids.at(-1) === run.tokenizer!.boundary) known.add(ids.subarray(0, -1).join())
  }
  return known
}

// MLP: a stack of linear layers, for classes or numbers.
import type * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type ForwardContext,
  init,
  type ModelEnv,
  Module,
  nn,
  plugin,
  type TensorMap,
  z,
} from 'plugboard'

const config = z.strictObject({
  input: z.string().default('image').describe('column to read; its values are laid out flat'),
  hidden: z.array(z.int().min(1)).default([64]).describe('width of each hidden layer'),
  activation: z
    .enum(['relu', 'gelu', 'tanh'])
    .default('relu')
    .describe('bend after a hidden layer'),
  dropout: z.number().min(0).lt(1).default(0).describe('share of values zeroed while training'),
})

type MlpConfig = z.output<typeof config>

const activations = {
  relu: (x: tf.Tensor) => x.relu(),
  gelu: (x: tf.Tensor) => nn.gelu(x),
  tanh: (x: tf.Tensor) => x.tanh(),
} satisfies Record<MlpConfig['activation'], (x: tf.Tensor) => tf.Tensor>

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/**
 * One column to \`logits\` [batch, classes] when the labels are class numbers, else to \`predictions\` of
 * the labels' shape.
 */
export class Mlp extends Module<TensorMap, TensorMap> {
  readonly layers: nn.Linear[]
  readonly drop: nn.Dropout
  readonly input: string
  readonly activation: MlpConfig['activation']
  /** Output for classes; else the shape of the numbers to predict. */
  readonly target: 'classes' | number[]

  constructor({ input, hidden, activation, dropout }: MlpConfig, { columns }: ModelEnv) {
    super()
    const [source, labels] = [columns[input], columns['labels']]
    if (!source || !labels) {
      throw new EngineError({
        code: 'model.forward',
        message: \`mlp reads the columns '\${input}' and 'labels'; batches have \${Object.keys(columns).join(', ')}\`,
        hint: 'set \`input\` to a column of the dataset',
      })
    }
    this.input = input
    this.activation = activation
    this.target = labels.limit === undefined ? labels.shape : 'classes'
    this.drop = new nn.Dropout(dropout)
    const widths = [sizeOf(source.shape), ...hidden]
    const last = new nn.Linear(widths.at(-1)!, labels.limit ?? sizeOf(labels.shape))
    const layers = hidden.map((width, i) => {
      return new nn.Linear(widths[i]!, width, { weight: init.he() })
    })
    this.layers = [...layers, last]
  }

  forward(inputs: TensorMap, ctx: ForwardContext): TensorMap {
    const source = inputs[this.input]!
    const rows = source.shape[0]
    const bend = activations[this.activation]
    let x: tf.Tensor = source.reshape([rows, -1])
    for (const layer of this.layers.slice(0, -1)) {
      x = this.drop.forward(bend(layer.forward(x)), ctx)
    }
    const y = this.layers.at(-1)!.forward(x)
    return this.target === 'classes'
      ? { logits: y }
      : { predictions: y.reshape([rows, ...this.target]) }
  }
}

export default class MlpPlugin extends plugin({
  manifest: {
    name: 'mlp',
    version: '1.0.0',
    category: 'model',
    description: 'Stack of linear layers, for classes or numbers',
    tags: ['classification', 'regression'],
    provides: ['model/mlp'],
  },
}) {
  initialize() {
    this.ctx.provide('model', 'mlp', (options, env) => new Mlp(options, env), {
      config,
      description: 'linear layers over one column laid out flat',
    })
  }
}

// Cross-entropy between predicted classes and labels.
import * as tf from '@tensorflow/tfjs'
import { EngineError, nn, plugin, type TensorMap, z } from 'plugboard'

const config = z.strictObject({
  label_smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the target spread evenly over all classes'),
})

/** \`attention_mask\` says which labels count where it has a value for each of them. */
function maskOf({ labels, attention_mask: mask }: TensorMap): tf.Tensor | undefined {
  return mask && labels && tf.util.arraysEqual(mask.shape, labels.shape) ? mask : undefined
}

export default class CrossEntropy extends plugin({
  manifest: {
    name: 'cross_entropy',
    version: '1.0.0',
    category: 'loss',
    description: 'Mean negative log-probability of the right class, in nats',
    tags: ['classification', 'language model'],
    provides: ['loss', 'loss/cross_entropy'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'loss',
      'cross_entropy',
      ({ label_smoothing: smoothing }) => ({
        compute({ outputs, batch }) {
          const { logits } = outputs
          const { labels } = batch
          if (!logits || !labels) {
            throw new EngineError({
              code: 'loss.shape',
              message: \`cross_entropy needs the output 'logits' and the column 'labels'; there are outputs \${Object.keys(outputs).join(', ')} and columns \${Object.keys(batch).join(', ')}\`,
              hint: 'choose a model that classifies, or another loss',
            })
          }
          return nn.crossEntropy(logits, labels, { mask: maskOf(batch), smoothing })
        },
        weight: ({ batch }) => maskOf(batch)?.sum() ?? nn.scalar(batch['labels']!.size),
      }),
      { config, default: true, description: 'for classes: labels are class numbers' },
    )
  }
}

// Share of labels that the largest logit names.
import type * as tf from '@tensorflow/tfjs'
import { plugin, type TensorMap } from 'plugboard'

/** [right, all], counted where the mask keeps a label. */
function countRight({ outputs, batch }: { outputs: TensorMap; batch: TensorMap }): tf.Tensor1D {
  const labels = batch['labels']!.flatten().toInt()
  const logits = outputs['logits']!
  const classes = logits.shape.at(-1)!
  const right = logits.reshape([-1, classes]).argMax(-1).equal(labels).toFloat()
  const mask = batch['attention_mask']
  const kept = mask?.size === labels.size ? mask.flatten().toFloat() : labels.onesLike().toFloat()
  return right
    .mul(kept)
    .sum()
    .reshape([1])
    .concat(kept.sum().reshape([1]))
}

export default class Accuracy extends plugin({
  manifest: {
    name: 'accuracy',
    version: '1.0.0',
    category: 'metric',
    description: 'Share of predictions that are right',
    tags: ['classification'],
    provides: ['metric/accuracy'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'metric',
      'accuracy',
      () => ({
        measure: countRight,
        summarize: ([right = 0, all = 0]) => ({ accuracy: all > 0 ? right / all : 0 }),
      }),
      { description: 'share of labels that the largest logit names' },
    )
  }
}

// First names, one a row: small enough to learn from in a minute.
import { EngineError, plugin } from 'plugboard'

const PATH = 'data/names.txt'

export default class Names extends plugin({
  manifest: {
    name: 'names',
    version: '1.0.0',
    category: 'dataset',
    description: '8,403 English first names in lower case',
    tags: ['text', 'language model'],
    provides: ['dataset/names'],
  },
}) {
  initialize() {
    this.ctx.provide(
      'dataset',
      'names',
      (_, env) => ({
        async load() {
          const text = new TextDecoder().decode(await env.asset(PATH))
          const names = text.split('\\n').filter((line) => line !== '')
          if (names.length === 0) {
            throw new EngineError({
              code: 'data.empty',
              message: \`\${PATH} has no names\`,
              hint: 'the file holds one name a line; it may not have been served whole',
            })
          }
          return { length: names.length, columns: { text: { type: 'text', data: names } } }
        },
      }),
      { description: 'column \`text\`: one name a row' },
    )
  }
}

// Gradient clipping: scales all gradients down together when they are too long.
import * as tf from '@tensorflow/tfjs'
import { type HookArgs, nn, plugin, z } from 'plugboard'

const config = z.strictObject({
  max_norm: z.number().positive().default(1).describe('longest allowed norm of all gradients'),
})

export default class GradientClipping extends plugin({
  manifest: {
    name: 'gradient_clipping',
    version: '1.0.0',
    category: 'callback',
    description: 'Keeps the norm of all gradients together within a limit',
    tags: ['training'],
  },
  config,
}) {
  /**
   * Multiplies every gradient by min(1, max_norm / norm), norm being the Euclidean norm over all of
   * them (Pascanu et al. 2013, algorithm 1). Nothing is read back from the device.
   */
  onBackwardEnd({ gradients }: HookArgs<'onBackwardEnd'>) {
    const clipped = tf.tidy(() => {
      const squares = [...gradients.values()].map((gradient) => gradient.square().sum())
      const norm = tf.addN(squares).sqrt()
      const limit = nn.scalar(this.config.max_norm)
      const factor = limit.div(tf.maximum(norm, limit))
      return [...gradients.values()].map((gradient) => gradient.mul(factor))
    })
    return new Map([...gradients.keys()].map((path, i) => [path, clipped[i]!]))
  }
}

// Early stopping: ends a run whose monitored metric no longer improves.
import { EngineError, type HookArgs, plugin, z } from 'plugboard'

const config = z.strictObject({
  monitor: z.string().default('val_loss').describe('metric to watch, as validation reports it'),
  mode: z
    .enum(['auto', 'min', 'max'])
    .default('auto')
    .describe('whether less or more is better; auto knows accuracy and its like by name'),
  patience: z.int().min(1).default(5).describe('validations without improvement before the end'),
  min_delta: z.number().min(0).default(1e-3).describe('smallest change that is an improvement'),
})

/** Names of metrics of which more is better. */
const RISING = /(?:accuracy|precision|recall|f1|auc|r2)$/

interface State {
  best: number | undefined
  wait: number
}

export default class EarlyStopping extends plugin({
  manifest: {
    name: 'early_stopping',
    version: '1.0.0',
    category: 'callback',
    description: 'Stops a run whose monitored metric no longer improves',
    tags: ['training'],
  },
  config,
}) {
  #state: State = { best: undefined, wait: 0 }

  onTrainBegin({ resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) this.#state = { best: undefined, wait: 0 }
  }

  onValidationEnd({ run, step, metrics }: HookArgs<'onValidationEnd'>) {
    const { monitor, patience } = this.config
    const value = metrics[monitor]
    if (value === undefined) {
      throw new EngineError({
        code: 'config.invalid',
        message: \`early_stopping watches '\${monitor}', but validation reports \${Object.keys(metrics).join(', ')}\`,
        hint: 'set \`monitor\` to one of these, or add the metric under training.metrics',
      })
    }
    const state = this.#state
    if (state.best === undefined || this.#isBetter(value, state.best)) {
      this.#state = { best: value, wait: 0 }
      return
    }
    state.wait++
    if (state.wait >= patience) {
      run.stop(
        \`\${monitor} has not improved on \${state.best.toFixed(4)} in \${patience} validations (step \${step})\`,
      )
    }
  }

  #isBetter(value: number, best: number): boolean {
    const { monitor, mode, min_delta: delta } = this.config
    const rises = mode === 'auto' ? RISING.test(monitor) : mode === 'max'
    return rises ? value > best + delta : value < best - delta
  }

  capture(): State {
    return this.#state
  }

  restore(state: State) {
    this.#state = state
  }
}

import { expect, test } from 'vitest'
test('', () => { expect().toBe(), toEqual( toBeCloseTo( })

plugins:
  auto_initialize: true
  auto_start: true
  categories: [callback, metric, dataset, model, head, layer, attention, ffn, router, loss, optimizer, schedule, tokenizer, preprocessor, augmenter, sampler, strategy, validator, exporter, tracker, command, panel]
  use:
    names: { enabled: true }
    early_stopping:
      enabled: true
      priority: 10
      config:
        patience: 10
        monitor: val_loss
    gradient_clipping: {}
    sample_text: {}
    ngram_baselines: {}
schedules: {}
experiment:
  name: names
  seed: 1
  dataset: names
  validation_split: 0.1
  tokenizer: char
  preprocess:
    - next_token
  model:
    name: gpt
    config:
      layers: 4
      heads: 4
      width: 64
      context: 16
      hidden: [64, 32]
      dropout: 0.1
      attention: full
      ffn: mlp
  training:
    epochs: 10
    max_steps: 2000
    batch_size: 32
    validate_every: 100
    optimizer: adamw
    optimizer:
      name: adamw
      config:
        learning_rate: 0.001
        weight_decay: 0.01
    loss: cross_entropy
    schedule:
      name: cosine
      config:
        warmup_steps: 100
    metrics: [accuracy, perplexity]

import { definePlugin, plugin, z, every, after, before, defineService, buffer, parameter, Module, nn, init, EngineError, createRandom } from 'plugboard'
import type { Context, ForwardContext, Gradients, HookArgs, Metrics, Model, ModelEnv, Optimizer, Run, Splits, Table, Tensor, TensorMap, Tokenizer } from 'plugboard'
new Map<string, tf.Tensor>() tf.Variable tf.Tensor2D tf.Tensor3D tf.Scalar tf.keep( tf.variable( tf.zeros( tf.ones( tf.tensor1d( tf.tensor2d( tf.scalar( tf.stack( tf.concat( tf.gather( tf.oneHot( tf.softmax( tf.sigmoid( tf.matMul( tf.where( tf.clipByValue( tf.norm( tf.exp( tf.log( tf.sqrt( tf.dispose( .dispose() .assign( .transpose( .expandDims( .squeeze( .slice( .reshape( .mean( .relu() .tanh() .dataSync()
console.log( async await return undefined null true false typeof instanceof interface readonly private static extends implements constructor( super( throw new Error( for (const of Object.entries( Object.keys( Array.from( .filter( .reduce( .forEach( .length .push( .join( Math.max( Math.min( Math.floor( Math.random( Math.exp( Math.sqrt( .toFixed(
z.object({ z.strictObject({ z.string() z.boolean() z.number().positive().lt(1) z.int().positive().max( z.array( z.enum([ .optional() .default(
  parameter = tf.variable(
  validate(ctx: Context) {
  async initialize() {
    this.ctx.defineKind('
    this.ctx.provideService(
    this.ctx.resolve(
    this.ctx.around('
    this.ctx.own(
    this.ctx.list('
    this.ctx.create('
    this.ctx.random.
    this.ctx.device.backend
    this.ctx.signal
    this.ctx.asset('data/
    this.ctx.events.on('run.
    this.ctx.events.emit('
    this.ctx.hook('onEpochEnd', ({ run, epoch, metrics }) => {
    this.ctx.panel({ id: ', title: ', type: 'chart', metrics: ['loss', 'val_loss', 'accuracy', 'val_accuracy'] })
    this.#panel.show({ text: lines, caption: \` })
    this.ctx.provide('optimizer', 'metric', 'schedule', 'loss', 'dataset', 'model', () => ({ name, description: '
  start() {
  stop() {
  cleanup() {
  capture() {
    return { step: this.#step, best: this.#best, wait: this.#wait }
  }
  restore(state: ReturnType<this['capture']>) {
  inject: { clock: Clock },
  hooks: { onEpochEnd: { when: every.epochs(1), priority: 10 }, onStepEnd: { when: every.steps(100) } },
  forward(inputs: TensorMap, { training, random, step }: ForwardContext): TensorMap {
    return tf.tidy(() => {
  onModelInit({ run, model }: HookArgs<'onModelInit'>) {
  onTrainBegin({ run, resumed }: HookArgs<'onTrainBegin'>) {
    if (!resumed) {
  onEpochBegin({ run, epoch }: HookArgs<'onEpochBegin'>) {
  onStepBegin({ run, step }: HookArgs<'onStepBegin'>) {
  onBatchBegin({ batch }: HookArgs<'onBatchBegin'>) {
  onBatchEnd({ batch, outputs }: HookArgs<'onBatchEnd'>) {
  onBackwardBegin({ loss }: HookArgs<'onBackwardBegin'>) {
  onBackwardEnd({ gradients }: HookArgs<'onBackwardEnd'>) {
  onOptimizerStep({ optimizer }: HookArgs<'onOptimizerStep'>) {
  onStepEnd({ run, step }: HookArgs<'onStepEnd'>) {
  onMetrics({ run, step, metrics }: HookArgs<'onMetrics'>) {
    const { loss } = metrics
    if (loss === undefined) return
    run.report({ loss_smooth: this.#smooth })
    run.reference({ metric: 'val_loss', label: ', value:
    run.stop(\`
    this.ctx.log.warn(\`
    this.ctx.log.info(\`\${
  onValidationBegin({ run }: HookArgs<'onValidationBegin'>) {
  onValidationEnd({ run, step, metrics }: HookArgs<'onValidationEnd'>) {
    const value = metrics[this.config.monitor]
    if (value === undefined) return
  onEpochEnd({ run, epoch, metrics }: HookArgs<'onEpochEnd'>) {
  onTrainEnd({ run, metrics, reason }: HookArgs<'onTrainEnd'>) {

import * as tf from '@tensorflow/tfjs'
import { plugin, z, type HookArgs } from 'plugboard'

export default class NewPlugin extends plugin({
  manifest: {
    name: 'my_plugin',
    version: '1.0.0',
    author: '',
    license: 'MIT',
    category: 'callback',
    description: 'Says when an epoch ends',
    tags: ['training'],
    priority: 0,
    requires: { tfjs: '>=4.20', 'plugin: 'kind:
  },
  config: z.object({
    monitor: z.string().default('val_loss').describe('metric to watch'),
    mode: z.enum(['auto', 'min', 'max']).default('auto'),
    patience: z.int().min(1).default(5).describe('
    rate: z.number().min(0).max(1).default(0.1).describe('
  }),
}) {
  initialize() {
    this.ctx.provide('
  }

  onEpochEnd({ epoch, metrics }: HookArgs<'onEpochEnd'>) {
    this.ctx.log.info(\`epoch \${epoch} \${this.config.greeting}\`, metrics)
  }
}
{"name":"names","active":"plugins/{"name":"digits"README.mdtests/.test.tsdata/.csvplugins/index.tsplugboard.yaml`
