// Data: loading, splitting, preparing, batches.
export { fullBatches, makeBatch, sequentialBatches } from './batches.ts'
export { checksum } from './checksum.ts'
export { epochTable, rowOrder } from './epochs.ts'
export type { EpochArgs } from './epochs.ts'
export { prepareData } from './prepare.ts'
export type { PreparedData } from './prepare.ts'
export { checkRange } from './ranges.ts'
