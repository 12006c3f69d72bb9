// Embedding projection: vectors of many numbers in a plane, along the two directions in which they differ most.
import * as tf from '@tensorflow/tfjs'
import {
  EngineError,
  type HookArgs,
  type PanelHandle,
  parametersOf,
  plugin,
  type Run,
  z,
} from 'plugboard'

const config = z.strictObject({
  every_steps: z.int().min(1).default(100).describe('steps from one picture to the next'),
  parameter: z
    .string()
    .optional()
    .describe(
      'path of a matrix with a vector in each row; without it, the embedding of the tokens',
    ),
  module: z
    .string()
    .optional()
    .describe(
      'path of a module whose output for validation rows is shown, in place of a parameter',
    ),
  points: z.int().min(3).max(2000).default(300).describe('vectors to show, at most'),
  labels: z.boolean().default(true).describe('write beside each token what it is'),
})

/** Steps of the power iteration at most, and the change of direction that ends it. */
const MAX_TURNS = 300
const TOLERANCE = 1e-9

/** Where `rows` vectors lie in the plane of their first two principal components. */
export interface Projection {
  x: Float32Array
  y: Float32Array
  /** Share of the variance along each. */
  explained: [number, number]
}

/**
 * Principal component analysis (Pearson 1901) of `values` [rows, width], by power iteration on the covariance and
 * deflation. The same values give the same picture; of the two signs of a component it takes the one with its
 * largest coefficient positive, as scikit-learn does. Costs rows × width² once.
 */
export function project(values: Float32Array, width: number): Projection {
  const rows = values.length / width
  const means = new Float64Array(width)
  for (let i = 0; i < values.length; i++) means[i % width]! += values[i]! / rows
  const centered = Float64Array.from(values, (value, i) => value - means[i % width]!)
  const covariance = new Float64Array(width * width)
  for (let row = 0; row < rows; row++) {
    const vector = centered.subarray(row * width, (row + 1) * width)
    for (let a = 0; a < width; a++) {
      const factor = vector[a]! / Math.max(1, rows - 1)
      for (let b = 0; b < width; b++) covariance[a * width + b]! += factor * vector[b]!
    }
  }
  let total = 0
  for (let a = 0; a < width; a++) total += covariance[a * width + a]!
  const along = (component: Float64Array) =>
    Float32Array.from({ length: rows }, (_, row) =>
      dot(centered.subarray(row * width, (row + 1) * width), component),
    )
  const [first, firstVariance] = strongest(covariance, width)
  for (let a = 0; a < width; a++)
    for (let b = 0; b < width; b++)
      covariance[a * width + b]! -= firstVariance * first[a]! * first[b]!
  const [second, secondVariance] = strongest(covariance, width)
  const share = (variance: number) => (total > 0 ? Math.max(0, variance) / total : 0)
  return {
    x: along(first),
    y: along(second),
    explained: [share(firstVariance), share(secondVariance)],
  }
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)

/** The direction that a symmetric matrix stretches most, and by how much. */
function strongest(matrix: Float64Array, width: number): [Float64Array, number] {
  // No direction of special form, so that none is at right angles to it but by chance.
  let direction = unit(Float64Array.from({ length: width }, (_, i) => 1 + Math.sin(i + 1)))
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const next = unit(times(matrix, direction))
    const change = 1 - Math.abs(dot(next, direction))
    direction = next
    if (change < TOLERANCE ** 2) break
  }
  const largest = direction.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)
  if (largest < 0) direction = direction.map((value) => -value)
  return [direction, dot(direction, times(matrix, direction))]
}

const times = (matrix: Float64Array, vector: Float64Array): Float64Array =>
  vector.map((_, a) => dot(matrix.subarray(a * vector.length, (a + 1) * vector.length), vector))

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector))
  return length > 0 ? vector.map((value) => value / length) : vector
}

/** Vectors to show, still on the device, and what is known of each. */
interface Vectors {
  values: tf.Tensor2D
  name: string
  labels?: string[]
  group?: Float32Array
}

/** Reads the vectors between two steps and does the rest on the CPU, while the device goes on. */
export default class EmbeddingProjection extends plugin({
  manifest: {
    name: 'embedding_projection',
    version: '1.0.0',
    category: 'callback',
    description: 'Shows embeddings, or what a module gives, in a plane',
    tags: ['inspection', 'panel'],
  },
  config,
}) {
  #panel: PanelHandle | undefined
  #isOff = false

  initialize() {
    this.#panel = this.ctx.panel({ id: 'embedding', title: 'Embedding', type: 'scatter' })
  }

  onTrainBegin({ run }: HookArgs<'onTrainBegin'>) {
    const { module, parameter } = this.config
    this.#isOff = module === undefined && matrixOf(run, parameter) === undefined
    if (!this.#isOff) return
    const wanted = parameter ?? 'the embedding of the tokens'
    this.ctx.log.warn(
      `embedding_projection shows nothing: the model has no matrix ${wanted}; set \`parameter\` to one of ${[...parametersOf(run.model).keys()].slice(0, 30).join(', ')}, or set \`module\``,
    )
  }

  // Not in a step: here waiting for the device is allowed.
  async onMetrics({ run, step }: HookArgs<'onMetrics'>) {
    if (step % this.config.every_steps === 0 || step === 1) await this.#show(run, step)
  }

  async onTrainEnd({ run, reason }: HookArgs<'onTrainEnd'>) {
    if (reason !== 'failed') await this.#show(run, run.step)
  }

  async #show(run: Run, step: number) {
    if (this.#isOff) return
    const { values, name, labels, group } = this.#vectors(run)
    const read = await values.data<'float32'>()
    const { x, y, explained } = project(read, values.shape[1])
    values.dispose()
    const groups = run.columns['labels']?.classes
    const percent = explained.map((share) => `${Math.round(100 * share)} %`)
    this.#panel?.show({
      x,
      y,
      ...(labels ? { labels, showLabels: this.config.labels } : {}),
      ...(group ? { group, ...(groups ? { groups: [...groups] } : {}) } : {}),
      xLabel: `first component (${percent[0]})`,
      yLabel: `second component (${percent[1]})`,
      caption: `step ${step}: ${name}, ${x.length} vectors of ${values.shape[1]}`,
    })
  }

  #vectors(run: Run): Vectors {
    const { module, parameter, points } = this.config
    if (module !== undefined) return vectorsOfModule(run, module, points)
    const [name, matrix] = matrixOf(run, parameter)!
    const count = Math.min(points, matrix.shape[0])
    const values = tf.tidy(() => matrix.slice([0, 0], [count, -1]).clone())
    const isTokens = run.tokenizer && run.columns['input_ids']?.limit === matrix.shape[0]
    if (!isTokens) return { values, name }
    const labels = Array.from({ length: count }, (_, id) => run.tokenizer!.decode([id]) || '·')
    return { values, name, labels }
  }
}

/** The matrix of this path; without one, the first with a row for each token. */
function matrixOf(run: Run, path: string | undefined): [string, tf.Tensor2D] | undefined {
  const tokens = run.columns['input_ids']?.limit
  for (const [name, value] of parametersOf(run.model)) {
    const isWanted = path === undefined ? value.shape[0] === tokens : name === path
    if (value.rank === 2 && isWanted) return [name, value as unknown as tf.Tensor2D]
  }
  return undefined
}

/** What the module gives for validation rows: the mean over all axes but the first and the last. */
function vectorsOfModule(run: Run, module: string, points: number): Vectors {
  const count = Math.min(points, run.data.validation.length)
  const rows = Array.from({ length: count }, (_, row) => row)
  const values = tf.tidy(() => {
    const { seen } = run.inspect(run.batch('validation', rows), [module])
    const found = Object.values(seen)[0]!
    if (found.rank < 2 || found.shape[0] !== count) {
      tf.dispose(seen)
      throw new EngineError({
        code: 'data.invalid',
        message: `embedding_projection needs an output [rows, …, width], but that of ${module} is [${found.shape.join(', ')}]`,
        hint: 'choose a module that gives a vector for each row',
      })
    }
    const middle = found.shape.slice(1, -1).map((_, i) => i + 1)
    const vectors =
      middle.length > 0 ? found.mean<tf.Tensor2D>(middle) : (found as tf.Tensor2D).clone()
    tf.dispose(seen)
    return vectors
  })
  const labels = run.data.validation.columns['labels']
  const hasClass =
    labels?.type === 'number' && labels.shape.length === 0 && labels.limit !== undefined
  return {
    values,
    name: module,
    ...(hasClass ? { group: Float32Array.from(labels.data.slice(0, count)) } : {}),
  }
}
