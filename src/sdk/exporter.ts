// Formats of files for trained models.
import type { ExperimentConfig } from './experiment.ts'
import type { CheckpointInfo } from './run.ts'
import type { StoredTensor } from './stored-tensor.ts'
import type { TorchAxes } from './torch-layout.ts'

/** A model as it was at a checkpoint: plain data, in no need of a device. */
export interface TrainedModel {
  readonly checkpoint: CheckpointInfo
  readonly experiment: ExperimentConfig
  /** Text of `models/*.yaml` where the model is such a graph, its settings as it was built. */
  readonly graph: string | undefined
  /** Parameters and buffers by path. */
  readonly weights: ReadonlyMap<string, StoredTensor>
  /** Those that PyTorch keeps with their axes in another order: `permuteAxes(weight, axes)`. */
  readonly torchAxes: TorchAxes
  /** What the tokenizer and each preprocessor gave when they were saved. */
  readonly tokenizer: unknown
  readonly preprocessors: readonly unknown[]
}

export interface ModelFile {
  /** Such as `model.json`; no folders. */
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface ImportedWeights {
  readonly weights: ReadonlyMap<string, StoredTensor>
  /** Whose order of axes they have. */
  readonly layout: 'plugboard' | 'torch'
}

/** A format of files. */
export interface Exporter {
  /** The files of a model, one at least. */
  export(model: TrainedModel): readonly ModelFile[] | Promise<readonly ModelFile[]>
  /**
   * Weights of a file in this format, for `experiment.init_from`; `asset` reads it, and those beside it. Throws
   * `file.invalid` for what is in another format.
   */
  import?(
    path: string,
    asset: (path: string) => Promise<ArrayBuffer>,
  ): ImportedWeights | Promise<ImportedWeights>
}
