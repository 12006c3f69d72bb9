// Settings in a text of YAML: what it says and where, and edits of single ones that keep the rest as it was written.
export { type ConfigDocument, type Path, type Place, readConfig } from './document.ts'
export { removeValue, setValue, swapWithNext } from './edit.ts'
export { flow, fromFlow, nested } from './flow.ts'
export { isSetAt, valueAt } from './values.ts'
