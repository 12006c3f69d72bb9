// The project file as a form: what schemas ask for, what the text says, and edits that keep the rest of it.
export * from '../yaml/index.ts'
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
