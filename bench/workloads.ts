// The models that are measured, by the names of the benchmark plan, in two sizes.

export interface GptShape {
  kind: 'gpt'
  layers: number
  heads: number
  width: number
  context: number
  vocabulary: number
  batch: number
}

/** Texts of two classes, each of another length, filled up to `context`. */
export interface EncoderShape extends Omit<GptShape, 'kind'> {
  kind: 'encoder'
}

/** Images of 28 × 28 to 10 classes through linear layers. */
export interface MlpShape {
  kind: 'mlp'
  hidden: number[]
  batch: number
}

/** Images of 28 × 28 to 10 classes through 3 × 3 convolutions of stride 2 and a linear layer. */
export interface CnnShape {
  kind: 'cnn'
  channels: number[]
  batch: number
}

export type Shape = GptShape | EncoderShape | MlpShape | CnnShape
export type Scale = 'small' | 'full'
export type WorkloadName = 'w1' | 'w2-96' | 'w2-128' | 'w3' | 'w4-mlp' | 'w4-cnn'

export const IMAGE_SIDE = 28

/** Classes, or tokens of the vocabulary, that the labels are of. */
export function classesOf(shape: Shape): number {
  if (shape.kind === 'gpt') return shape.vocabulary
  return shape.kind === 'encoder' ? 2 : 10
}

/** Adam's settings, the same for all. */
export const ADAM = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const

const mlp: MlpShape = { kind: 'mlp', hidden: [256, 128], batch: 64 }

/** `small` is for software adapters: what is not compiled takes seconds a step there. */
export const shapes: Record<WorkloadName, Record<Scale, Shape>> = {
  w1: {
    full: { kind: 'gpt', layers: 4, heads: 4, width: 64, context: 64, vocabulary: 80, batch: 32 },
    small: { kind: 'gpt', layers: 2, heads: 4, width: 32, context: 32, vocabulary: 64, batch: 8 },
  },
  'w2-96': {
    full: { kind: 'gpt', layers: 3, heads: 4, width: 96, context: 64, vocabulary: 256, batch: 16 },
    small: { kind: 'gpt', layers: 3, heads: 4, width: 48, context: 32, vocabulary: 256, batch: 4 },
  },
  'w2-128': {
    full: { kind: 'gpt', layers: 4, heads: 4, width: 128, context: 96, vocabulary: 256, batch: 16 },
    small: { kind: 'gpt', layers: 4, heads: 4, width: 64, context: 48, vocabulary: 256, batch: 4 },
  },
  w3: {
    full: {
      kind: 'encoder',
      layers: 2,
      heads: 4,
      width: 128,
      context: 128,
      vocabulary: 4096,
      batch: 32,
    },
    small: {
      kind: 'encoder',
      layers: 2,
      heads: 4,
      width: 32,
      context: 32,
      vocabulary: 256,
      batch: 8,
    },
  },
  'w4-mlp': { full: mlp, small: mlp },
  'w4-cnn': {
    full: { kind: 'cnn', channels: [24, 32], batch: 250 },
    small: { kind: 'cnn', channels: [8, 16], batch: 32 },
  },
}

export function titleOf(shape: Shape): string {
  const batch = `batch ${shape.batch}`
  if (shape.kind === 'gpt' || shape.kind === 'encoder') {
    const { layers, heads, width, context, vocabulary } = shape
    const name = shape.kind === 'gpt' ? 'character GPT' : 'encoder for two classes'
    return `${name}, ${layers} layers, ${heads} heads, width ${width}, context ${context}, vocabulary ${vocabulary}, ${batch}`
  }
  const pixels = IMAGE_SIDE ** 2
  return shape.kind === 'mlp'
    ? `MLP ${[pixels, ...shape.hidden, classesOf(shape)].join('-')}, ${batch}`
    : `CNN with ${shape.channels.join('/')} channels on ${IMAGE_SIDE} × ${IMAGE_SIDE}, ${batch}`
}
