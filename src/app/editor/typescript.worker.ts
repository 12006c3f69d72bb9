// Monaco's TypeScript worker with one call more: compile a file by itself, without waiting for any types.
import {
  initialize,
  ts,
  TypeScriptWorker,
} from 'monaco-editor/languages/features/typescript/ts.worker'
import { compileFile, type CompileResult } from '#workspace'

export class CompilingWorker extends TypeScriptWorker {
  /** Compiles the file of that URI, which is at `path` in the workspace. `undefined` when there is none. */
  async compile(uri: string, path: string): Promise<CompileResult | undefined> {
    const text = await this.getScriptText(uri)
    return text === undefined ? undefined : compileFile(ts.typescript, path, text)
  }

  /** Compiles a text that is no file of the workspace. */
  async compileText(path: string, text: string): Promise<CompileResult> {
    return compileFile(ts.typescript, path, text)
  }

  /** The type declarations of the file of that URI. The first takes seconds: it reads the types of all libraries. */
  async declarations(uri: string): Promise<string | undefined> {
    const { outputFiles } = this.getLanguageService().getEmitOutput(uri, true, true)
    return outputFiles.find(({ name }) => name.endsWith('.d.ts'))?.text
  }
}

self.onmessage = () => initialize((context, data) => new CompilingWorker(context, data))
