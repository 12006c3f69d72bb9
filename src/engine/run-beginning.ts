// How a run begins: anew, or where a checkpoint left off.
import type { CheckpointSource, RunOptions } from '#protocol'
import { EngineError, type ExperimentConfig } from '#sdk'
import { type Checkpoint, readCheckpoint } from './checkpoint/index.ts'

export interface RunBeginning extends Pick<
  RunOptions,
  'cause' | 'moreEpochs' | 'checkpointEveryMs' | 'keepsModel'
> {
  readonly from?: Checkpoint | undefined
}

/** Reads the checkpoint that options name. Throws `file.invalid`, `asset.missing`. */
export async function readBeginning(
  { from, ...rest }: RunOptions,
  asset: (path: string) => Promise<ArrayBuffer>,
): Promise<RunBeginning> {
  if (from === undefined) return rest
  const { moreEpochs } = rest
  if (moreEpochs !== undefined && !(Number.isInteger(moreEpochs) && moreEpochs >= 1)) {
    throw new EngineError({
      code: 'run.state',
      message: `a run cannot go on for ${moreEpochs} epochs`,
      hint: 'take a whole number from 1 on',
    })
  }
  return { ...rest, from: await openCheckpoint(from, asset) }
}

/** Reads a checkpoint. Throws `file.invalid`, `asset.missing`. */
export async function openCheckpoint(
  from: CheckpointSource,
  asset: (path: string) => Promise<ArrayBuffer>,
): Promise<Checkpoint> {
  if (typeof from === 'string') return readCheckpoint(new Uint8Array(await asset(from)), from)
  if (from instanceof Uint8Array) return readCheckpoint(from, 'the file')
  return readCheckpoint(from.bytes, from.path)
}

/** The experiment that ends some epochs after a checkpoint's. */
export function prolonged(
  experiment: ExperimentConfig,
  from: Checkpoint,
  moreEpochs: number | undefined,
): ExperimentConfig {
  if (moreEpochs === undefined) return experiment
  const { max_steps: _, ...training } = experiment.training
  const epochs = from.run.cursor.epoch + moreEpochs
  return { ...experiment, training: { ...training, epochs } }
}
