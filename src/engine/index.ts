// The headless engine.
export { createEngine, type Engine, type EngineOptions } from './engine.ts'
export type { Device, Host } from './host.ts'
