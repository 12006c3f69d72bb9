// A checkpoint: all that it takes to go on with a run, and its one form, a safetensors file.
import {
  EngineError,
  type CheckpointInfo,
  type ExperimentConfig,
  type ImportedWeights,
  type Metrics,
  type RandomPosition,
  readSafetensors,
  type StoredTensor,
  type TorchAxes,
  writeSafetensors,
  z,
} from '#sdk'
import { ENGINE_VERSION } from '../version.ts'
import { decode, encode } from './codec.ts'

/** How far a run is. Epochs draw their rows anew from the seed, so their number says which come next. */
export interface Cursor {
  readonly epoch: number
  /** Steps of that epoch that are done. */
  readonly stepsInEpoch: number
  /** Steps done in the whole run. */
  readonly step: number
  /** The step after which validation was the last thing done; 0 before the first. */
  readonly validatedAt: number
  /** `onEpochEnd` was called: the next epoch comes next. */
  readonly isEpochOver: boolean
}

/** Sums of what the steps of an epoch gave so far. */
export interface EpochSums {
  readonly loss: { readonly sum: number; readonly steps: number }
  /** Of each metric, by its label. */
  readonly metrics: readonly (readonly [label: string, totals: readonly number[]])[]
}

export interface PluginState {
  readonly version: string
  readonly isRunning: boolean
  readonly random: RandomPosition
  /** What it captured. */
  readonly data: unknown
}

/** What a run keeps besides tensors. */
export interface SavedRun {
  readonly experiment: ExperimentConfig
  /** Text of the model, where it is a graph. Older files say nothing of it. */
  readonly graph?: string | undefined
  /** Names of the parts, for messages. */
  readonly parts: Readonly<Record<string, string>>
  /** How many there are, and their checksum; older files have none. */
  readonly rows: {
    readonly train: number
    readonly validation: number
    readonly checksum?: number
  }
  /** Of weights that PyTorch keeps with their axes in another order. */
  readonly torchAxes: TorchAxes
  readonly cursor: Cursor
  readonly sums: EpochSums
  /** Latest value of each metric. */
  readonly latest: Metrics
  /** Predictions made outside of training: each has a random stream of its own. */
  readonly predictions: number
  readonly tokenizer: unknown
  readonly preprocessors: readonly unknown[]
  readonly plugins: Readonly<Record<string, PluginState>>
}

export interface Checkpoint {
  readonly info: CheckpointInfo
  /** Parameters and buffers by path. */
  readonly weights: ReadonlyMap<string, StoredTensor>
  /** State of the optimizer by name. */
  readonly optimizer: ReadonlyMap<string, StoredTensor>
  readonly run: SavedRun
}

const FORMAT = 'plugboard.checkpoint'
/** Raised when older readers would misunderstand. */
const FORMAT_VERSION = '1'
const OPTIMIZER = 'optimizer/'
const STATE = 'state/'

const infoSchema = z.object({
  name: z.string(),
  path: z.string(),
  run: z.string(),
  epoch: z.number(),
  step: z.number(),
  metrics: z.record(z.string(), z.number()),
})

/**
 * The file of a checkpoint. Weights have their paths as names, so that other tools can take them from it; the
 * optimizer's tensors and arrays of the record have names with a slash in them.
 */
export function writeCheckpoint({
  info,
  weights,
  optimizer,
  run,
}: Checkpoint): Uint8Array<ArrayBuffer> {
  const { nodes, tensors } = encode(run, `the checkpoint ${info.name}`)
  const all = [
    ...weights,
    ...[...optimizer].map(([name, tensor]) => [OPTIMIZER + name, tensor] as const),
    ...tensors,
  ]
  return writeSafetensors(all, {
    format: FORMAT,
    version: FORMAT_VERSION,
    engine: ENGINE_VERSION,
    info: JSON.stringify(info),
    record: JSON.stringify(nodes),
  })
}

/** Reads a checkpoint; `subject` names it in errors. Throws `file.invalid` for anything else. */
export function readCheckpoint(file: Uint8Array, subject: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(file, subject)
  const { format, version, engine } = metadata
  if (format !== FORMAT) {
    throw refuse(
      `${subject} holds weights, but no state of a run to go on with`,
      'take it as `experiment.init_from`, or choose a checkpoint',
    )
  }
  if (version !== FORMAT_VERSION) {
    throw refuse(
      `${subject} was written by version ${engine} of Plugboard, in form ${version}; this one reads form ${FORMAT_VERSION}`,
      'open it with that version',
    )
  }
  try {
    const weights = new Map<string, StoredTensor>()
    const optimizer = new Map<string, StoredTensor>()
    const state = new Map<string, StoredTensor>()
    for (const [name, tensor] of tensors) {
      if (name.startsWith(OPTIMIZER)) optimizer.set(name.slice(OPTIMIZER.length), tensor)
      else if (name.startsWith(STATE)) state.set(name, tensor)
      else weights.set(name, tensor)
    }
    const info = infoSchema.parse(JSON.parse(metadata['info'] ?? ''))
    const nodes = JSON.parse(metadata['record'] ?? '') as unknown[]
    const run = decode({ nodes, tensors: state }, subject) as SavedRun
    if (!run.cursor || !run.experiment) throw new TypeError('it says nothing of a run')
    return { info, weights, optimizer, run }
  } catch (thrown) {
    throw refuse(
      `${subject} is a checkpoint that cannot be read: ${(thrown as Error).message}`,
      'take a file that was not changed after it was saved',
    )
  }
}

/** What files with our order of axes say. Those of PyTorch say `pt` or, as it writes them by itself, nothing. */
const OURS = 'plugboard'

/** Weights of any safetensors file, and the tokenizer of a checkpoint. */
export function readWeights(
  file: Uint8Array,
  subject: string,
): ImportedWeights & { saved: SavedRun | undefined } {
  const { tensors, metadata } = readSafetensors(file, subject)
  const { format } = metadata
  if (format !== FORMAT) {
    const layout = format === OURS ? 'plugboard' : 'torch'
    return { weights: tensors, layout, saved: undefined }
  }
  const { weights, run } = readCheckpoint(file, subject)
  return { weights, layout: 'plugboard', saved: run }
}

const refuse = (message: string, hint: string): EngineError =>
  new EngineError({ code: 'file.invalid', message, hint })
