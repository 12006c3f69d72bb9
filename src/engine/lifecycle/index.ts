// Plugins from discovery to cleanup, and their replacement while they run.
export type { Core } from './core.ts'
export { Lifecycle } from './lifecycle.ts'
export type { PluginUnit } from './plugin-unit.ts'
export { type OpenProject, readProject } from './project.ts'
export { capturePlugins, restorePlugins } from './plugin-states.ts'
export { planReload, reload } from './reload.ts'
export { enterEpoch, followSwitches } from './switches.ts'
export { countCalls, stepCode, type StepCode } from './step-code.ts'
