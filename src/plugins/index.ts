// The built-in plugins, in the order of lists.
import type { PluginClass } from 'plugboard'
import adamw from './optimizers/adamw.ts'
import crossEntropy from './losses/cross-entropy.ts'
import fullAttention from './layers/full-attention.ts'
import gpt from './models/gpt.ts'
import mlpFfn from './layers/mlp-ffn.ts'
import mse from './losses/mse.ts'
import sgd from './optimizers/sgd.ts'

export const builtinPlugins: PluginClass[] = [
  gpt,
  fullAttention,
  mlpFfn,
  crossEntropy,
  mse,
  adamw,
  sgd,
]
