// What Monaco's TypeScript worker exports; the package has no declarations of it.

declare module 'monaco-editor/languages/features/typescript/ts.worker' {
  /** What the page hands over when it starts the worker; passed on as it is. */
  type CreateData = unknown
  type Context = unknown

  export class TypeScriptWorker {
    constructor(context: Context, data: CreateData)
    getScriptText(fileName: string): Promise<string | undefined>
    getCompilationSettings(): Record<string, unknown>
  }
  export function initialize(create: (context: Context, data: CreateData) => object): void

  interface MessageChain {
    messageText: string
  }
  interface Diagnostic {
    file: object | undefined
    start: number | undefined
    messageText: string | MessageChain
  }
  /** The part of the TypeScript compiler that is used here. */
  export const ts: {
    typescript: {
      transpileModule(
        text: string,
        options: { compilerOptions: object; fileName: string; reportDiagnostics: boolean },
      ): { outputText: string; sourceMapText?: string; diagnostics?: Diagnostic[] }
      flattenDiagnosticMessageText(text: string | MessageChain, newLine: string): string
    }
  }
}
