// From TypeScript files to modules the engine can load. A file is compiled by itself, so only changed ones are.
import type { CompiledModule } from '#protocol'
import type { ErrorInfo } from '#sdk'
import { type CompileResult, type Files, isSource } from '#workspace'
import { loadEditor } from '../editor/load.ts'
import type { Source } from '../editor/typescript.worker.ts'
import { compileSources } from './compiler.ts'
import { keepModules, type KeptModule, readModules } from './kept-modules.ts'

export interface Compiled {
  modules: CompiledModule[]
  /** What kept a file from compiling. While there are any, what runs should be left as it is. */
  problems: ErrorInfo[]
}

/** Results of the open workspace by path, each with the text it belongs to. */
const results = new Map<string, { text: string; result: CompileResult }>()

let fromBefore: Promise<void> | undefined

async function takeKept(): Promise<void> {
  for (const { text, module } of await readModules())
    results.set(module.path, { text, result: { module } })
}

const modulesToKeep = (): KeptModule[] =>
  [...results.values()].flatMap(({ text, result: { module } }) =>
    module ? [{ text, module }] : [],
  )

const sourcesOf = (files: Files): Source[] =>
  [...files].filter(
    (file): file is [string, string] => isSource(file[0]) && typeof file[1] === 'string',
  )

const together = (all: readonly CompileResult[]): Compiled => ({
  modules: all.flatMap(({ module }) => module ?? []),
  problems: all.flatMap(({ problems }) => problems ?? []),
})

/**
 * Compiles every TypeScript file of a workspace; files that did not change come from the last time. Type errors
 * don't count: they are shown in the editor, and the code runs.
 */
export async function compileWorkspace(files: Files): Promise<Compiled> {
  const sources = sourcesOf(files)
  if (sources.length > 0) await (fromBefore ??= takeKept())
  for (const path of results.keys()) if (!files.has(path)) results.delete(path)
  const known = sources.map(([path, text]) => {
    const last = results.get(path)
    return last?.text === text ? last.result : undefined
  })
  const changed = sources.filter((_, i) => known[i] === undefined)
  const compiled = changed.length === 0 ? [] : await compileSources(changed)
  for (const [i, [path, text]] of changed.entries())
    results.set(path, { text, result: compiled[i]! })
  if (changed.length > 0) keepModules(modulesToKeep)
  const fresh = compiled.values()
  return together(known.map((result) => result ?? fresh.next().value!))
}

/** Compiles files that are not in the workspace, such as those of a package that may come. Nothing is kept. */
export async function compileTexts(files: Files): Promise<Compiled> {
  const sources = sourcesOf(files)
  return together(sources.length === 0 ? [] : await compileSources(sources))
}

/** Type declarations of a file of the workspace, as tsc writes them. */
export async function declarationsOf(path: string): Promise<string | undefined> {
  const editor = await loadEditor()
  const model = editor.workspaceModel(path)
  if (!model) return undefined
  const worker = await editor.typescriptWorker([model.uri])
  return await worker.declarations(model.uri.toString())
}
