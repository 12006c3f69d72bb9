// Layers and functions that models are made of: `import { nn } from 'plugboard'`.
export { crossEntropy, dropout, embedding, gelu, layerNorm } from './functions.ts'
export type { CrossEntropyOptions } from './functions.ts'
export { countLabels, labelMask, readClasses } from './labels.ts'
export { Conv2d, Dropout, Embedding, LayerNorm, Linear } from './layers.ts'
export type { Conv2dOptions, LinearOptions } from './layers.ts'
export { scalar } from './scalar.ts'
export { FeedForward, SelfAttention } from './transformer.ts'
export type { FeedForwardOptions, SelfAttentionOptions } from './transformer.ts'
