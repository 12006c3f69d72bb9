// What Monaco's TypeScript worker exports, how TypeScript is coloured, and how its languages start theirs; the package has no declarations of them.

declare module 'monaco-editor/languages/features/typescript/ts.worker' {
  import type { TypeScript } from '#workspace'

  /** What the page hands over when it starts the worker; passed on as it is. */
  type CreateData = unknown
  type Context = unknown

  export class TypeScriptWorker {
    constructor(context: Context, data: CreateData)
    getLanguageService(): {
      getEmitOutput(
        uri: string,
        onlyDeclarations: true,
        force: true,
      ): { outputFiles: { name: string; text: string }[] }
    }
  }
  export function initialize(create: (context: Context, data: CreateData) => object): void

  /** The part of the TypeScript compiler that is used here. */
  export const ts: { typescript: TypeScript }
}

declare module 'monaco-editor/internal/common/workers' {
  /** A worker of `MonacoEnvironment.getWorker`, by its label. */
  export function createWebWorker(options: { label: string; createData: unknown }): unknown
}

declare module 'monaco-editor/languages/definitions/typescript/typescript' {
  import type { languages } from 'monaco-editor/editor'

  /** How TypeScript is coloured. */
  export const language: languages.IMonarchLanguage
}
