// Compiles a workspace in Node, with the TypeScript that the page has too: the one inside Monaco's package.
import type { CompiledModule } from '#protocol'
import type { ErrorInfo } from '#sdk'
import { compileFile, type Files, isSource } from '#workspace'

export interface Compiled {
  modules: CompiledModule[]
  problems: ErrorInfo[]
}

/** Compiles every TypeScript file. The compiler takes a third of a second to load, so only where there is one. */
export async function compileWorkspace(files: Files): Promise<Compiled> {
  const sources = [...files].filter(
    (file): file is [string, string] => isSource(file[0]) && typeof file[1] === 'string',
  )
  if (sources.length === 0) return { modules: [], problems: [] }
  const { typescript } =
    await import('monaco-editor/languages/features/typescript/lib/typescriptServices')
  const results = sources.map(([path, text]) => compileFile(typescript, path, text))
  return {
    modules: results.flatMap(({ module }) => module ?? []),
    problems: results.flatMap(({ problems }) => problems ?? []),
  }
}
