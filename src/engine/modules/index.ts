// Compiled user files: checked, linked, evaluated, and their errors located.
export { type Blame, ModuleGraph, type ModuleHost } from './graph.ts'
export { placeOfMember } from './members.ts'
export { isTestPath, type ModulePlan } from './plan.ts'
export { boundNames, type ParsedModule, parseModule, visit } from './parse.ts'
