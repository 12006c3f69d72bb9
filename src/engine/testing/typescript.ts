// For unit tests: sources compiled by the TypeScript that Monaco brings, as the page compiles them.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { CompiledModule } from '#protocol'
import { nodeModuleHost } from './modules.ts'

interface TypeScript {
  transpileModule(
    text: string,
    options: { compilerOptions: object; fileName: string },
  ): { outputText: string; sourceMapText: string }
}

const FILE = 'monaco-editor/languages/features/typescript/lib/typescriptServices'

/** What decides about the output among the settings of src/app/editor/monaco.ts; enums by number. */
const compilerOptions = {
  target: 9, // ES2022
  module: 99, // ESNext
  moduleDetection: 3, // force
  isolatedModules: true,
  verbatimModuleSyntax: true,
  sourceMap: true,
  inlineSources: true,
}

let typescript: Promise<TypeScript> | undefined

async function load(): Promise<TypeScript> {
  // An ES module in a package that does not say so: Node takes it through a URL of its own only.
  const text = await readFile(createRequire(import.meta.url).resolve(FILE), 'utf8')
  const loaded = await nodeModuleHost.import(nodeModuleHost.urlOf(text))
  return loaded['typescript'] as TypeScript
}

/** Compiles one file. */
export async function compileAsPage(path: string, source: string): Promise<CompiledModule> {
  typescript ??= load()
  const { transpileModule } = await typescript
  const { outputText, sourceMapText } = transpileModule(source, { compilerOptions, fileName: path })
  const code = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
  return { path, code, map: sourceMapText }
}
