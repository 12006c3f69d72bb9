// Monaco's TypeScript worker with one call more: compile a file by itself, without waiting for any types.
import {
  initialize,
  ts,
  TypeScriptWorker,
} from 'monaco-editor/languages/features/typescript/ts.worker'

const { typescript } = ts

/** What one file compiles to. Offsets count from the start of the file. */
export interface Transpiled {
  code: string
  /** Source map, JSON. */
  map: string
  /** Syntax errors; with any, `code` is not to be used. */
  errors: { message: string; start: number }[]
}

export class CompilingWorker extends TypeScriptWorker {
  /**
   * Compiles the file as `isolatedModules` allows: a few milliseconds, where a full emit first reads and checks the
   * types of every library. `undefined` when there is no such file.
   */
  async transpile(fileName: string): Promise<Transpiled | undefined> {
    const text = await this.getScriptText(fileName)
    if (text === undefined) return undefined
    const compilerOptions = this.getCompilationSettings()
    const output = typescript.transpileModule(text, {
      compilerOptions,
      fileName,
      reportDiagnostics: true,
    })
    // Those without a file are about options, which make sense for a whole program only.
    const errors = (output.diagnostics ?? [])
      .filter(({ file }) => file !== undefined)
      .map(({ messageText, start }) => ({
        message: typescript.flattenDiagnosticMessageText(messageText, '\n'),
        start: start ?? 0,
      }))
    const code = output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
    return { code, map: output.sourceMapText ?? '', errors }
  }
}

self.onmessage = () => initialize((context, data) => new CompilingWorker(context, data))
