// Training: runs and what they need from the engine around them.
export type { HookCaller, RunEnvironment, Where } from './environment.ts'
export { DeviceLock } from './device-lock.ts'
export { TrainingRun } from './training-run.ts'
