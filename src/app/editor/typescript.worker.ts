// TypeScript in a worker, in one of two roles: what the editor asks about types, or compiling, which waits for no types.
import {
  initialize,
  ts,
  TypeScriptWorker,
} from 'monaco-editor/languages/features/typescript/ts.worker'
import { expose } from 'comlink'
import { compileFile, type CompileResult } from '#workspace'

export class DeclaringWorker extends TypeScriptWorker {
  /** The type declarations of the file of that URI. The first takes seconds: it reads the types of all libraries. */
  async declarations(uri: string): Promise<string | undefined> {
    const { outputFiles } = this.getLanguageService().getEmitOutput(uri, true, true)
    return outputFiles.find(({ name }) => name.endsWith('.d.ts'))?.text
  }
}

export type Source = readonly [path: string, text: string]

const compiler = {
  /** Compiles each source by itself. */
  compile: (sources: readonly Source[]): CompileResult[] =>
    sources.map(([path, text]) => compileFile(ts.typescript, path, text)),
}
export type Compiler = typeof compiler

// One script for both: a second would be three megabytes more to load.
if (self.name === 'compiler') expose(compiler)
else self.onmessage = () => initialize((context, data) => new DeclaringWorker(context, data))
