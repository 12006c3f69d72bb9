// From TypeScript files to modules the engine can load. A file is compiled by itself, so only changed ones are.
import type { CompiledModule } from '#protocol'
import type { ErrorInfo } from '#sdk'
import { type Loaded, loadEditor } from '../editor/load.ts'
import type { Files } from '../workspace/files.ts'

export interface Compiled {
  modules: CompiledModule[]
  /** What kept a file from compiling. While there are any, what runs should be left as it is. */
  problems: ErrorInfo[]
}

type Model = NonNullable<ReturnType<Loaded['workspaceModel']>>
type Result = { module: CompiledModule } | { problems: ErrorInfo[] }

/** Problems listed for one file; what comes after a few is mostly noise of the first. */
const MAX_PROBLEMS_PER_FILE = 20

/** Results by path, each with the text it belongs to. */
const results = new Map<string, { text: string; result: Result }>()

const isSource = (path: string): boolean => path.endsWith('.ts') && !path.endsWith('.d.ts')

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
  const all = await Promise.all(paths.map((path) => compileFile(editor, path)))
  const done = all.filter((result) => result !== undefined)
  return {
    modules: done.flatMap((result) => ('module' in result ? [result.module] : [])),
    problems: done.flatMap((result) => ('problems' in result ? result.problems : [])),
  }
}

/** `undefined` for a file that was deleted while it was compiled. */
async function compileFile(editor: Loaded, path: string): Promise<Result | undefined> {
  for (;;) {
    const model = editor.workspaceModel(path)
    if (!model) return undefined
    const text = model.getValue()
    const known = results.get(path)
    if (known?.text === text) return known.result
    const result = await emit(editor, path, model)
    // Typing goes on while the worker works: what it gave may belong to a newer text.
    if (model.isDisposed() || model.getValue() !== text) continue
    results.set(path, { text, result })
    return result
  }
}

async function emit(editor: Loaded, path: string, model: Model): Promise<Result> {
  const worker = await editor.typescriptWorker([model.uri])
  const output = await worker.transpile(model.uri.toString())
  // Deleted meanwhile: the caller sees that.
  if (!output) return { problems: [] }
  const { code, map, errors } = output
  if (errors.length === 0) return { module: { path, code, map } }
  const problems = errors.slice(0, MAX_PROBLEMS_PER_FILE).map(({ message, start }): ErrorInfo => {
    const { lineNumber: line, column } = model.getPositionAt(start)
    return { code: 'module.compile', message, source: { file: path, line, column } }
  })
  return { problems }
}
