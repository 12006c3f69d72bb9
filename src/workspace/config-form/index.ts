// The project file as a form: what schemas ask for, what the text says, and edits that keep the rest of it.
export { type ConfigDocument, type Path, type Place, readConfig } from './document.ts'
export { removeValue, setValue, swapWithNext } from './edit.ts'
export {
  type ComponentChoice,
  type Control,
  controlOf,
  descriptionOf,
  type Entry,
  initialOf,
  type JsonSchema,
  resolved,
  type Scalar,
  variantName,
  variantOf,
} from './fields.ts'
export { flow, fromFlow } from './flow.ts'
export { isSetAt, valueAt } from './values.ts'
