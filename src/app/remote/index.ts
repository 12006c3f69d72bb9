// The page's door to the engine. Errors and reasons of a lost one are in lost.ts, free of browser names.
export { onEngineChange } from './engine-text.ts'
export type { LostKind, LostReason } from './lost.ts'
export { connectEngine, type Remote } from './remote.ts'
