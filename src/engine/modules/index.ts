// Compiled user files: checked, linked, evaluated, and their errors located.
export { type Blame, ModuleGraph, type ModuleHost, type ModuleState } from './graph.ts'
export { fieldsIn, heldIn } from './visible/sight.ts'
export { visibleTfjs } from './visible/visible-tfjs.ts'
export { placeOfMember } from './members.ts'
export { isTestPath, type ModulePlan } from './plan.ts'
export { boundNames, type ParsedModule, parseModule, visit } from './parse.ts'
