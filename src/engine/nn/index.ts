// Training: runs and what they need from the engine around them.
export type { RunEnvironment } from './environment.ts'
export { sketchModel } from './sketch.ts'
export { TrainingRun } from './training-run.ts'
