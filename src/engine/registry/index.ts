// Kinds, contributions and panels.
export { Creator } from './creator.ts'
export { PanelTable } from './panels.ts'
export { capabilitiesOf, nestedComponents } from './references.ts'
export type { Registration } from './registration.ts'
export { textReading } from './text-reading.ts'
export type { TextReading } from './text-reading.ts'
export { type Owner, Registry } from './registry.ts'
export { markWritten } from './written.ts'
