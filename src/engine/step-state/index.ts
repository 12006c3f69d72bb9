// What the code of a training step may depend on besides its tensors.
export { moduleRoots } from './roots.ts'
export { type Noted, noteStep, StepState } from './step-state.ts'
export type { Reason, StateRoot, StepRoots } from './walk.ts'
