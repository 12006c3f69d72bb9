// Data: loading, splitting, preparing, batches.
export { makeBatch, sequentialBatches, shuffledBatches, stepsPerEpoch } from './batches.ts'
export { prepareData } from './prepare.ts'
export type { PreparedData } from './prepare.ts'
