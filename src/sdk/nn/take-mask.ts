// The mask of a sequence, wherever it comes from.
import type * as tf from '@tensorflow/tfjs'
import type { LayerInput } from '../model-kinds.ts'
import type { ForwardContext } from '../module.ts'
import { extended } from '../step-reads.ts'

/**
 * What goes into a layer that knows of positions, and the context with their mask: a node of a model graph may name it
 * as its second input; without one, that of the context stays.
 */
export function takeMask(input: LayerInput, ctx: ForwardContext): [tf.Tensor, ForwardContext] {
  if (!isList(input)) return [input, ctx]
  const [x, mask] = input
  return [x!, mask ? extended(ctx, { mask }) : ctx]
}

const isList = (input: LayerInput): input is readonly tf.Tensor[] => Array.isArray(input)
