// The workloads in jax-js. Every function takes over its arguments: `.ref` where one is used again.
import { lax, nn, numpy as np } from '@jax-js/jax'
import {
  classesOf,
  type CnnShape,
  type EncoderShape,
  type GptShape,
  IMAGE_SIDE,
  type MlpShape,
  type Shape,
} from './workloads.ts'

/** Parameters by path; each is taken by exactly one use, or given on with `.ref`. */
export type Parameters = Record<string, np.Array>

/** Logits [rows, classes] of the columns of a batch that a model reads. */
export type Forward = (parameters: Parameters, inputs: Parameters) => np.Array

function linear(p: Parameters, path: string, x: np.Array): np.Array {
  const weight = p[`${path}.weight`]!
  const [inputs, outputs] = weight.shape as [number, number]
  const leading = x.shape.slice(0, -1)
  const flat = np.matmul(x.reshape([-1, inputs]), weight).add(p[`${path}.bias`]!)
  return flat.reshape([...leading, outputs])
}

const layerNorm = (p: Parameters, path: string, x: np.Array): np.Array =>
  nn.standardize(x, -1, { epsilon: 1e-5 }).mul(p[`${path}.weight`]!).add(p[`${path}.bias`]!)

/** What positions see of each other; made anew for each layer, which takes it over. */
type Visible = { isCausal: true } | { keyValueSeqLengths: np.Array }

/** States [batch, context, width] of embedded ids. `root` begins the paths of the parameters. */
function statesOf(
  p: Parameters,
  root: string,
  { layers, heads, width, context, batch }: GptShape | EncoderShape,
  embedded: np.Array,
  visible: () => Visible,
): np.Array {
  const attention = (path: string, x: np.Array): np.Array => {
    const split = (name: string) =>
      linear(p, `${path}.${name}`, x.ref).reshape([batch, context, heads, width / heads])
    const [query, key, value] = [split('query'), split('key'), split('value')]
    x.dispose()
    const mixed = nn.dotProductAttention(query, key, value, visible())
    return linear(p, `${path}.out`, mixed.reshape([batch, context, width]))
  }
  let x = embedded.add(p[`${root}position_embedding.weight`]!)
  for (let i = 0; i < layers; i++) {
    const at = `${root}layers.${i}`
    x = x.ref.add(attention(`${at}.attn`, layerNorm(p, `${at}.norm1`, x)))
    const up = nn.gelu(linear(p, `${at}.ffn.up`, layerNorm(p, `${at}.norm2`, x.ref)))
    x = x.add(linear(p, `${at}.ffn.down`, up))
  }
  return layerNorm(p, `${root}norm`, x)
}

const gpt =
  (shape: GptShape): Forward =>
  (p, { input_ids: ids }) => {
    const table = p['token_embedding.weight']!
    const embedded = np.take(table.ref, ids!, 0)
    const states = statesOf(p, '', shape, embedded, () => ({ isCausal: true }))
    return np.matmul(states.reshape([-1, shape.width]), np.matrixTranspose(table))
  }

const encoder =
  (shape: EncoderShape): Forward =>
  (p, { input_ids: ids, attention_mask: mask }) => {
    const { batch, context } = shape
    const embedded = np.take(p['model.token_embedding.weight']!, ids!, 0)
    const count = np.sum(mask!.ref, -1)
    const lengths = count.ref.astype(np.int32)
    const states = statesOf(p, 'model.', shape, embedded, () => ({
      keyValueSeqLengths: lengths.ref,
    }))
    lengths.dispose()
    const kept = mask!.reshape([batch, context, 1])
    const pooled = np.sum(states.mul(kept), 1).div(count.reshape([batch, 1]))
    return linear(p, 'head.classifier', nn.relu(pooled))
  }

const mlp =
  ({ hidden, batch }: MlpShape): Forward =>
  (p, { image }) => {
    let x = image!.reshape([batch, IMAGE_SIDE ** 2])
    for (let i = 0; i < hidden.length; i++) x = nn.relu(linear(p, `layers.${i}`, x))
    return linear(p, `layers.${hidden.length}`, x)
  }

/** jax-js convolves [batch, channels, height, width]; the last layer's rows are in the engine's order. */
const cnn =
  ({ channels, batch }: CnnShape): Forward =>
  (p, { image }) => {
    let x = image!.reshape([batch, 1, IMAGE_SIDE, IMAGE_SIDE])
    channels.forEach((count, i) => {
      const weight = p[`convolutions.${i}.weight`]!
      const bias = p[`convolutions.${i}.bias`]!.reshape([count, 1, 1])
      x = nn.relu(lax.conv(x, weight, [2, 2], 'SAME').add(bias))
    })
    return linear(p, 'head', np.transpose(x, [0, 2, 3, 1]).reshape([batch, -1]))
  }

export function forwardOf(shape: Shape): Forward {
  if (shape.kind === 'gpt') return gpt(shape)
  if (shape.kind === 'encoder') return encoder(shape)
  return shape.kind === 'mlp' ? mlp(shape) : cnn(shape)
}

/** Mean cross-entropy of class numbers. */
export function crossEntropy(logits: np.Array, labels: np.Array, shape: Shape): np.Array {
  const targets = nn.oneHot(labels.reshape([-1]), classesOf(shape))
  return np.mean(np.sum(nn.logSoftmax(logits, -1).mul(targets), -1)).mul(-1)
}
