// From one TypeScript file to a module the engine can load. The same options and compiler in the page and in Node.
import type { CompiledModule } from '#protocol'
import type { ErrorInfo } from '#sdk'

/** The module, or what kept the file from becoming one. */
export type CompileResult =
  | { module: CompiledModule; problems?: undefined }
  | { module?: undefined; problems: ErrorInfo[] }

interface MessageChain {
  messageText: string
}
interface Diagnostic {
  file:
    | { getLineAndCharacterOfPosition(offset: number): { line: number; character: number } }
    | undefined
  start: number | undefined
  messageText: string | MessageChain
}
/** The part of the TypeScript compiler that is used, as the TypeScript in the monaco-editor package has it. */
export interface TypeScript {
  transpileModule(
    text: string,
    options: { compilerOptions: object; fileName: string; reportDiagnostics: boolean },
  ): { outputText: string; sourceMapText?: string; diagnostics?: Diagnostic[] }
  flattenDiagnosticMessageText(text: string | MessageChain, newLine: string): string
}

/** Numbers of options as TypeScript 5.9 has them; Monaco's own enums lack the newer ones. */
const ES2022: number = 9
const ES_NEXT = 99
const BUNDLER: number = 100
const FORCE = 3

/** How plugins are compiled, and their types checked. */
export const compilerOptions = {
  target: ES2022,
  module: ES_NEXT,
  moduleResolution: BUNDLER,
  moduleDetection: FORCE,
  lib: [
    'lib.es2023.d.ts',
    'lib.esnext.disposable.d.ts',
    'lib.esnext.decorators.d.ts',
    'lib.webworker.d.ts',
  ],
  types: [],
  strict: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  allowNonTsExtensions: true,
  skipLibCheck: true,
  sourceMap: true,
  inlineSources: true,
}

/** Problems listed for one file; what comes after a few is mostly noise of the first. */
const MAX_PROBLEMS = 20

/** True for files that become modules. */
export const isSource = (path: string): boolean => path.endsWith('.ts') && !path.endsWith('.d.ts')

/**
 * Compiles a file by itself, as `isolatedModules` allows: a few milliseconds, where a full emit first reads and
 * checks the types of every library. Type errors don't count: the code runs.
 */
export function compileFile(typescript: TypeScript, path: string, text: string): CompileResult {
  const output = typescript.transpileModule(text, {
    compilerOptions,
    fileName: path,
    reportDiagnostics: true,
  })
  const problems: ErrorInfo[] = []
  for (const { file, start, messageText } of output.diagnostics ?? []) {
    // Those without a file are about options, which make sense for a whole program only.
    if (!file) continue
    const { line, character } = file.getLineAndCharacterOfPosition(start ?? 0)
    problems.push({
      code: 'module.compile',
      message: typescript.flattenDiagnosticMessageText(messageText, '\n'),
      source: { file: path, line: line + 1, column: character + 1 },
    })
  }
  if (problems.length > 0) return { problems: problems.slice(0, MAX_PROBLEMS) }
  const code = output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
  return { module: { path, code, map: output.sourceMapText ?? '' } }
}
