// The TypeScript inside the monaco-editor package, which has no declarations of it.

declare module 'monaco-editor/languages/features/typescript/lib/typescriptServices' {
  import type { TypeScript } from '#workspace'

  export const typescript: TypeScript
}

declare module 'monaco-editor/languages/features/typescript/tsWorker' {
  interface Diagnostic {
    category: number
    code: number
    messageText: string | { messageText: string }
    /** Of what the checker says of a file there are file and place. */
    file: { getLineAndCharacterOfPosition(offset: number): { line: number; character: number } }
    start: number
  }

  /** The worker's part of a checker: it looks at models that follow an editor, and at texts that stay. */
  export class TypeScriptWorker {
    constructor(
      context: { getMirrorModels(): [] },
      data: {
        compilerOptions: object
        /** By URI. */
        extraLibs: Record<string, { content: string; version: number }>
      },
    )
    getLanguageService(): {
      getSemanticDiagnostics(uri: string): Diagnostic[]
      /** Declarations alone where `onlyDeclarations` is set, also where the options ask for none. */
      getEmitOutput(
        uri: string,
        onlyDeclarations: true,
        force: true,
      ): { outputFiles: { name: string; text: string }[] }
    }
  }
}
