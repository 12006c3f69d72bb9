// Layers and functions that models are made of: `import { nn } from 'plugboard'`.
export { crossEntropy } from './cross-entropy.ts'
export type { CrossEntropyOptions } from './cross-entropy.ts'
export { dropout, embedding, gelu, layerNorm } from './functions.ts'
export { histogram, HistogramSeries } from './histogram.ts'
export {
  countLabels,
  labelMask,
  maskedMean,
  readClasses,
  readDecisions,
  readNumbers,
} from './labels.ts'
export { Conv2d, Dropout, Embedding, LayerNorm, Linear } from './layers.ts'
export type { Conv2dOptions, LinearOptions } from './layers.ts'
export { pool } from './pool.ts'
export { AvgPool2d, GlobalPool, MaxPool2d } from './pooling.ts'
export type { MaxPool2dOptions } from './pooling.ts'
export { GRU, LSTM, RNN } from './recurrent.ts'
export type { RecurrentOptions, RecurrentState } from './recurrent.ts'
export { takeMask } from './take-mask.ts'
export { SelfAttention } from './attention.ts'
export type { SelfAttentionOptions } from './attention.ts'
export { FeedForward, SwiGLU } from './feed-forward.ts'
export type { FeedForwardOptions } from './feed-forward.ts'
export { swiglu } from './gates.ts'
export { RMSNorm, rmsNorm } from './rms-norm.ts'
export { Rotary } from './rotary.ts'
export { scalar } from './scalar.ts'
export { normal, uniform } from './uniform.ts'
