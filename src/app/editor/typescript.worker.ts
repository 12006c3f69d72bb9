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
}

self.onmessage = () => initialize((context, data) => new CompilingWorker(context, data))
