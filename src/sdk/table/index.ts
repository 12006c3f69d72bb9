// Files of rows: CSV and its relatives, JSON, JSON lines.
export { bytesSource, type ByteSource, type TextOptions } from './source.ts'
export {
  columnTypes,
  type ColumnProfile,
  type ColumnType,
  type TableFault,
  type TableForm,
  tableFormSchema,
  type TableProfile,
} from './form.ts'
export { type ColumnTypes, inspectTable, type InspectOptions } from './inspect.ts'
export type { TableFile } from './open-rows.ts'
export { readTable, type ReadOptions, type ReadTable } from './read.ts'
export { readText } from './text.ts'
