// Hooks: declarations, order, calls.
export { Handler } from './handler.ts'
export { FAILURE_LIMIT, type HookCaller, HookTable } from './hook-table.ts'
export { checkHookOptions, type HookMethod, hookMethods } from './specs.ts'
