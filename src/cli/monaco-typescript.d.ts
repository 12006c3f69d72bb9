// The TypeScript inside the monaco-editor package, which has no declarations of it.

declare module 'monaco-editor/languages/features/typescript/lib/typescriptServices' {
  import type { TypeScript } from '#workspace'

  export const typescript: TypeScript
}
