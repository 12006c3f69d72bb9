// A run's state into a checkpoint, and back from one.
import {
  buffersOf,
  type CheckpointInfo,
  EngineError,
  type Model,
  parametersOf,
  storedTensor,
  type StoredTensor,
  torchAxesOf,
} from '#sdk'
import * as tf from '@tensorflow/tfjs'
import {
  type Checkpoint,
  checkpointPath,
  type Cursor,
  restoreWeights,
  type SavedRun,
  tensorOf,
} from '../checkpoint/index.ts'
import { checksum, type PreparedData } from '../data/index.ts'
import { GraphModel } from '../graph/index.ts'
import { bodyOf } from './build-model.ts'
import type { EpochBooks } from './epoch-books.ts'
import { listParts, type Parts } from './parts.ts'
import type { Session } from './session.ts'

export interface Snapped {
  readonly session: Session
  readonly data: PreparedData
  readonly parts: Parts
  readonly books: EpochBooks
}

/** Parameters and buffers of a model by path. */
export const variablesOf = (model: object): Map<string, tf.Variable> =>
  new Map([...parametersOf(model), ...buffersOf(model)])

/** Values that JSON has no word for are left out: lists have no place for them. */
const finite = (metrics: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)))

export const infoOf = ({ session, books }: Snapped, name: string): CheckpointInfo => ({
  name,
  path: checkpointPath(name),
  run: session.id,
  epoch: session.epoch,
  step: session.step,
  metrics: finite(books.latest),
})

/** The state between two steps, all steps so far read back. Waits for the device, not for what comes after. */
export async function takeSnapshot(
  snapped: Snapped,
  at: { cursor: Cursor; predictions: number },
): Promise<Omit<Checkpoint, 'info'>> {
  const { session, data, parts, books } = snapped
  const { env, experiment } = session
  const reading = {
    weights: readAll(variablesOf(parts.model.instance)),
    optimizer: readAll(parts.optimizer.instance.state()),
  }
  const run: SavedRun = {
    experiment,
    graph: textOf(bodyOf(parts.model)),
    parts: namesOf(parts),
    rows: { ...rowsOf(data), checksum: checksumOf(data) },
    torchAxes: new Map(torchAxesOf(parts.model.instance)),
    cursor: at.cursor,
    predictions: at.predictions,
    sums: books.save(),
    latest: { ...books.latest },
    ...structuredClone(data.save()),
    plugins: await env.plugins.capture(),
  }
  return { weights: await reading.weights, optimizer: await reading.optimizer, run }
}

/** Reads begin at once, so that whatever comes later changes nothing of them. */
async function readAll(
  tensors: ReadonlyMap<string, tf.Tensor>,
): Promise<Map<string, StoredTensor>> {
  const reads = [...tensors].map(async ([name, tensor]) => {
    const { dtype, shape } = tensor
    const values = await tensor.data<'float32' | 'int32' | 'bool'>()
    return [name, storedTensor(dtype, shape, values)] as const
  })
  return new Map(await Promise.all(reads))
}

const namesOf = (parts: Parts): Record<string, string> =>
  Object.fromEntries(listParts(parts).map(({ label, plugin }) => [label, plugin]))

const rowsOf = ({ train, validation }: PreparedData) => ({
  train: train.length,
  validation: validation.length,
})

/** Prepared rows don't change; those of large data are read once, not for each checkpoint. */
const checksums = new WeakMap<PreparedData, number>()

function checksumOf(data: PreparedData): number {
  const known = checksums.get(data) ?? checksum([data.train, data.validation])
  checksums.set(data, known)
  return known
}

/** Whether the rows are other ones than those of the checkpoint, as far as its file tells. */
export const hasOtherRows = (data: PreparedData, { rows }: SavedRun): boolean =>
  rows.checksum !== undefined && rows.checksum !== checksumOf(data)

const textOf = (model: Model): string | undefined =>
  model instanceof GraphModel ? model.text : undefined

/** How messages name a checkpoint. */
export const subjectOf = ({ info }: Checkpoint): string =>
  `the checkpoint ${info.name} (${info.run}, step ${info.step})`

/**
 * Puts weights, optimizer and sums in place. Throws `checkpoint.mismatch` for a checkpoint of other data or of
 * another model; then nothing was changed.
 */
export function restoreSnapshot(
  { data, parts, books }: Omit<Snapped, 'session'>,
  saved: Checkpoint,
): void {
  const { run, weights, optimizer } = saved
  const subject = subjectOf(saved)
  const [here, there] = [rowsOf(data), run.rows]
  if (here.train !== there.train || here.validation !== there.validation) {
    throw new EngineError({
      code: 'checkpoint.mismatch',
      message: `${subject} is of other data: there are ${here.train} rows to train on and ${here.validation} to validate on, and there were ${there.train} and ${there.validation}`,
      hint: 'go on with the rows that the run began with, or begin a new one with experiment.init_from',
    })
  }
  const { model } = parts
  restoreWeights(variablesOf(model.instance), weights, { subject, model: model.label })
  const state = new Map([...optimizer].map(([name, stored]) => [name, tensorOf(stored)]))
  try {
    parts.optimizer.call('restore', (it) => it.restore(state))
  } finally {
    tf.dispose([...state.values()])
  }
  books.restore(run.sums, run.latest)
}
