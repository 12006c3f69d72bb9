// The page's door to the engine.
export { onEngineChange } from './engine-text.ts'
export { type LostKind, type LostReason, SandboxLostError } from './lost.ts'
export { connectEngine, type Remote, type RemoteOptions } from './remote.ts'
