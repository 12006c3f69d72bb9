// What '@tensorflow/tfjs' means in this project: tfjs-core with its gradients and chained operators, no layers, no backend.
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'

export * from '@tensorflow/tfjs-core'
