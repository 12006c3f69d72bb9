// What '@tensorflow/tfjs' means in this project: tfjs-core with its gradients and chained operators, no layers, no backend.
// The order counts: registering a gradient reads a flag that tfjs-core declares.
export * from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
