// What the benchmark uses of genai-nanogpt; its own types lead to those of packages that are not needed here.

declare module '@genai-fi/nanogpt' {
  import type { Model } from 'genai-nanogpt/trainer'

  export const TeachableLLM: { selectBackend(name: 'webgpu'): Promise<void> }
  export const models: {
    NanoGPTV1: new (config: {
      vocabSize: number
      blockSize: number
      nLayer: number
      nHead: number
      nEmbed: number
      mlpFactor: number
      useRope: boolean
    }) => Model
  }
}

/** `training/BasicTrainer.js` of the package, which does not export it (bench/trainer-alias.mjs). */
declare module 'genai-nanogpt/trainer' {
  import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'

  export interface Model {
    readonly trainableVariables: Variable[]
    getNumParams(): number
    dispose(): void
  }

  export default class BasicTrainer {
    constructor(
      model: Model,
      tokeniser: undefined,
      settings: Record<
        | 'learningRate'
        | 'minLearningRate'
        | 'warmupSteps'
        | 'weightDecay'
        | 'beta1'
        | 'beta2'
        | 'epsilon',
        number
      >,
    )
    protected trainStep(state: object, batch: { xs: Tensor; ys: Tensor }): Scalar
    dispose(): void
  }
}
