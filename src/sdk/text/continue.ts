// How a language model goes on with texts: token by token, drawn from what it says comes next.
import * as tf from '@tensorflow/tfjs'
import type { TensorMap } from '../data.ts'
import { EngineError } from '../errors.ts'
import type { Random } from '../random.ts'

/** Index drawn from softmax(logits / temperature); the likeliest at temperature 0. */
export function drawToken(logits: Float32Array, temperature: number, random: Random): number {
  const top = logits.reduce((a, b) => Math.max(a, b))
  if (temperature === 0) return logits.indexOf(top)
  return random.pick(logits.map((logit) => Math.exp((logit - top) / temperature)))
}

export interface ContinueOptions {
  /** Forward pass: `input_ids` [rows, context] to `logits` [rows, context, vocabulary]. What it gives is disposed. */
  predict(inputs: TensorMap): TensorMap | Promise<TensorMap>
  /** Positions that the model sees; of longer texts the end. */
  context: number
  /** Ends a text; -1 where a tokenizer has none. */
  boundary: number
  /** Most tokens to add. */
  length: number
  temperature: number
  random: Random
  signal?: AbortSignal
}

/**
 * `starts`, all of one length from 1 on, each with the tokens that follow it, without the boundary that ends it. All
 * are drawn side by side, one token at a time: each costs one forward pass and one read.
 */
export async function continueIds(
  starts: readonly (readonly number[])[],
  options: ContinueOptions,
): Promise<number[][]> {
  const { context, boundary, length, temperature, random, signal } = options
  const texts = starts.map((start) => [...start])
  const begun = texts[0]?.length ?? 0
  const open = new Set(texts)
  for (let added = 0; open.size > 0 && added < length && !signal?.aborted; added++) {
    const logits = await lastLogits(texts, context, options)
    texts.forEach((ids, i) => {
      // Closed texts grow too, so that all keep one length; what follows the boundary is cut below.
      const token = open.has(ids) ? drawToken(logits[i]!, temperature, random) : boundary
      ids.push(token)
      if (token === boundary) open.delete(ids)
    })
  }
  return texts.map((ids) => {
    const end = ids.indexOf(boundary, begun)
    return end < 0 ? ids : ids.slice(0, end)
  })
}

/** Logits of what comes after each text. */
async function lastLogits(
  texts: readonly (readonly number[])[],
  context: number,
  { predict }: ContinueOptions,
): Promise<Float32Array[]> {
  const rows = texts.length
  const windows = texts.map((ids) => ids.slice(-context))
  const time = windows[0]!.length
  // Rows are filled up to one fixed shape; a causal model never looks at the filling.
  const ids = new Int32Array(rows * context)
  windows.forEach((window, row) => ids.set(window, row * context))
  const inputs = { input_ids: tf.tensor2d(ids, [rows, context], 'int32') }
  let outputs: TensorMap = {}
  let last: tf.Tensor
  try {
    outputs = await predict(inputs)
    const { logits } = outputs
    if (logits?.rank !== 3) throw noLogits(logits)
    const vocabulary = logits.shape[2]!
    last = tf.tidy(() =>
      logits.slice([0, time - 1, 0], [rows, 1, vocabulary]).reshape([rows, vocabulary]),
    )
  } finally {
    tf.dispose([inputs, outputs])
  }
  try {
    const values = await last.data<'float32'>()
    const vocabulary = values.length / rows
    return texts.map((_, row) => values.subarray(row * vocabulary, (row + 1) * vocabulary))
  } finally {
    last.dispose()
  }
}

const noLogits = (found: tf.Tensor | undefined): EngineError =>
  new EngineError({
    code: 'model.forward',
    message: `a text is continued by the output 'logits' [batch, time, vocabulary]; the model's are ${found ? `[${found.shape.join(', ')}]` : 'missing'}`,
    hint: 'choose a language model, or leave out what writes text (sample_text in plugins.use)',
  })
