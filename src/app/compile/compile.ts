// From TypeScript files to modules the engine can load. A file is compiled by itself, so only changed ones are.
import type { CompiledModule } from '#protocol'
import type { ErrorInfo } from '#sdk'
import { type CompileResult, type Files, isSource } from '#workspace'
import { type Loaded, loadEditor } from '../editor/load.ts'

export interface Compiled {
  modules: CompiledModule[]
  /** What kept a file from compiling. While there are any, what runs should be left as it is. */
  problems: ErrorInfo[]
}

/** Results by path, each with the text it belongs to. */
const results = new Map<string, { text: string; result: CompileResult }>()

/**
 * Compiles every TypeScript file of a workspace; files that did not change come from the last time. Type errors
 * don't count: they are shown in the editor, and the code runs.
 */
export async function compileWorkspace(files: Files): Promise<Compiled> {
  const paths = [...files.keys()].filter(isSource)
  for (const path of results.keys()) if (!files.has(path)) results.delete(path)
  if (paths.length === 0) return { modules: [], problems: [] }
  const editor = await loadEditor()
  editor.syncModels(files)
  const all = await Promise.all(paths.map((path) => compile(editor, path)))
  return {
    modules: all.flatMap((result) => result?.module ?? []),
    problems: all.flatMap((result) => result?.problems ?? []),
  }
}

/** `undefined` for a file that was deleted while it was compiled. */
async function compile(editor: Loaded, path: string): Promise<CompileResult | undefined> {
  for (;;) {
    const model = editor.workspaceModel(path)
    if (!model) return undefined
    const text = model.getValue()
    const known = results.get(path)
    if (known?.text === text) return known.result
    const worker = await editor.typescriptWorker([model.uri])
    const result = await worker.compile(model.uri.toString(), path)
    if (!result) return undefined
    // Typing goes on while the worker works: what it gave may belong to a newer text.
    if (model.isDisposed() || model.getValue() !== text) continue
    results.set(path, { text, result })
    return result
  }
}

/** Compiles files that are not in the workspace, such as those of a package that may come. Nothing is kept. */
export async function compileTexts(files: Files): Promise<Compiled> {
  const sources = [...files].filter(
    (file): file is [string, string] => isSource(file[0]) && typeof file[1] === 'string',
  )
  if (sources.length === 0) return { modules: [], problems: [] }
  const worker = await (await loadEditor()).typescriptWorker([])
  const all = await Promise.all(sources.map(([path, text]) => worker.compileText(path, text)))
  return {
    modules: all.flatMap(({ module }) => module ?? []),
    problems: all.flatMap(({ problems }) => problems ?? []),
  }
}

/** Type declarations of a file of the workspace, as tsc writes them. */
export async function declarationsOf(path: string): Promise<string | undefined> {
  const editor = await loadEditor()
  const model = editor.workspaceModel(path)
  if (!model) return undefined
  const worker = await editor.typescriptWorker([model.uri])
  return await worker.declarations(model.uri.toString())
}
