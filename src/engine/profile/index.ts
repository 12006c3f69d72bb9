// Recordings of steps: where their time goes, and what they leave behind.
export { Profiler } from './profiler.ts'
export type { StepRecording } from './step-recording.ts'
