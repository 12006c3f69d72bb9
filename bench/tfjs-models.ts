// The workloads in plain tfjs operations, as a user of tfjs writes them: logits of a batch.
import * as tf from '@tensorflow/tfjs'
import type { CnnShape, EncoderShape, GptShape, MlpShape, Shape } from './workloads.ts'

/** Parameter by path. */
export type Lookup = (path: string) => tf.Variable

/** Logits [rows, classes] of the columns of a batch. */
export type Forward = (batch: Record<string, tf.Tensor>) => tf.Tensor2D

function linear(get: Lookup, path: string, x: tf.Tensor): tf.Tensor {
  const weight = get(`${path}.weight`)
  const [inputs, outputs] = weight.shape as [number, number]
  const flat = tf.matMul(x.reshape<tf.Tensor2D>([-1, inputs]), weight).add(get(`${path}.bias`))
  return flat.reshape([...x.shape.slice(0, -1), outputs])
}

function layerNorm(get: Lookup, path: string, x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true)
  const normal = x.sub(mean).mul(variance.add(1e-5).rsqrt())
  return normal.mul(get(`${path}.weight`)).add(get(`${path}.bias`))
}

function gelu(x: tf.Tensor): tf.Tensor {
  const inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI))
  return x.mul(0.5).mul(inner.tanh().add(1))
}

/** States [batch, context, width] of ids; `hidden` is added to the scores of all heads. */
function statesOf(
  get: Lookup,
  { layers, heads, width, context }: GptShape | EncoderShape,
  ids: tf.Tensor,
  hidden: tf.Tensor,
): tf.Tensor {
  const attention = (path: string, x: tf.Tensor): tf.Tensor => {
    const split = (name: string) =>
      linear(get, `${path}.${name}`, x)
        .reshape([-1, context, heads, width / heads])
        .transpose([0, 2, 1, 3])
    const scores = tf.matMul(split('query'), split('key'), false, true)
    const weights = tf.softmax(scores.div(Math.sqrt(width / heads)).add(hidden))
    const mixed = tf.matMul(weights, split('value')).transpose([0, 2, 1, 3]).reshape(x.shape)
    return linear(get, `${path}.out`, mixed)
  }
  let x: tf.Tensor = tf.gather(get('token_embedding.weight'), ids)
  x = x.add(get('position_embedding.weight'))
  for (let i = 0; i < layers; i++) {
    const at = `layers.${i}`
    x = x.add(attention(`${at}.attn`, layerNorm(get, `${at}.norm1`, x)))
    const up = gelu(linear(get, `${at}.ffn.up`, layerNorm(get, `${at}.norm2`, x)))
    x = x.add(linear(get, `${at}.ffn.down`, up))
  }
  return layerNorm(get, 'norm', x)
}

function gpt(get: Lookup, shape: GptShape): Forward {
  const { context, width } = shape
  const hidden = tf.tidy(() =>
    tf.sub(1, tf.linalg.bandPart(tf.ones([context, context]), -1, 0)).mul(-1e9),
  )
  return ({ input_ids: ids }) => {
    const flat = statesOf(get, shape, ids!, hidden).reshape<tf.Tensor2D>([-1, width])
    return tf.matMul(flat, get('token_embedding.weight'), false, true)
  }
}

function encoder(get: Lookup, shape: EncoderShape): Forward {
  const inModel: Lookup = (path) => get(`model.${path}`)
  return ({ input_ids: ids, attention_mask: kept }) => {
    const hidden = tf.sub(1, kept!).mul(-1e9).reshape([shape.batch, 1, 1, shape.context])
    const states = statesOf(inModel, shape, ids!, hidden)
    const pooled = states.mul(kept!.expandDims(2)).sum(1).div(kept!.sum(1, true))
    return linear(get, 'head.classifier', pooled.relu()) as tf.Tensor2D
  }
}

const mlp =
  (get: Lookup, { hidden, batch }: MlpShape): Forward =>
  ({ image }) => {
    let x: tf.Tensor = image!.reshape([batch, -1])
    for (let i = 0; i < hidden.length; i++) x = linear(get, `layers.${i}`, x).relu()
    return linear(get, `layers.${hidden.length}`, x) as tf.Tensor2D
  }

const cnn =
  (get: Lookup, { channels }: CnnShape): Forward =>
  ({ image }) => {
    let x = image as tf.Tensor4D
    for (let i = 0; i < channels.length; i++) {
      const weight = get(`convolutions.${i}.weight`) as tf.Tensor as tf.Tensor4D
      x = tf
        .conv2d(x, weight, 2, 'same')
        .add(get(`convolutions.${i}.bias`))
        .relu()
    }
    return linear(get, 'head', x.reshape([x.shape[0], -1])) as tf.Tensor2D
  }

export function forwardOf(shape: Shape, get: Lookup): Forward {
  if (shape.kind === 'gpt') return gpt(get, shape)
  if (shape.kind === 'encoder') return encoder(get, shape)
  return shape.kind === 'mlp' ? mlp(get, shape) : cnn(get, shape)
}
