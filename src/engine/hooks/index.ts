// Hooks: declarations, order, calls.
export { Handler, type HandlerInit } from './handler.ts'
export { FAILURE_LIMIT, type HookCaller, HookTable } from './hook-table.ts'
export { checkHookOptions, type HookMethod, hookMethods, hookSpec } from './specs.ts'
