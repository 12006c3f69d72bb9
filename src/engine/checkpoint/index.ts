// Checkpoints: what a run keeps to go on later, as a file, and in the engine's memory.
export {
  type Checkpoint,
  type Cursor,
  type EpochSums,
  type PluginState,
  readCheckpoint,
  readWeights,
  type SavedRun,
  writeCheckpoint,
} from './checkpoint.ts'
export { checkSameExperiment } from './compare.ts'
export { CheckpointStore, checkName, checkpointPath } from './store.ts'
export { restoreWeights, takeWeights, tensorOf, withHeadPaths } from './weights.ts'
