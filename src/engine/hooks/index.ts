// Hooks: declarations, order, calls.
export { findings, type Found } from './findings.ts'
export { Handler } from './handler.ts'
export { FAILURE_LIMIT } from './handler-calls.ts'
export { type HookCaller, HookTable } from './hook-table.ts'
export { hookMethods, unbound } from './methods.ts'
