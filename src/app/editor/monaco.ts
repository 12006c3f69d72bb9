// Monaco with just the languages a workspace has, its workers, and TypeScript set up as plugins are compiled.
import * as monaco from 'monaco-editor/editor'
import 'monaco-editor/features/register.all'
import 'monaco-editor/languages/definitions/markdown/register'
import 'monaco-editor/languages/definitions/typescript/register'
import 'monaco-editor/languages/definitions/yaml/register'
import 'monaco-editor/languages/features/json/register'
import {
  getTypeScriptWorker,
  type TypeScriptWorker,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker'
import sdkTypes from 'virtual:sdk-types'
import { compilerOptions } from '#workspace'
import './builtin-sources.ts'
import { libraryFiles } from './library.ts'
import type { DeclaringWorker } from './typescript.worker.ts'
import YamlWorker from 'monaco-yaml/yaml.worker?worker'
import TsWorker from './typescript.worker.ts?worker'

export { monaco }
export type TsWorkerClient = TypeScriptWorker & Pick<DeclaringWorker, 'declarations'>

self.MonacoEnvironment = {
  getWorker(_module, label) {
    if (label === 'typescript' || label === 'javascript') return new TsWorker()
    if (label === 'json') return new JsonWorker()
    return label === 'yaml' ? new YamlWorker() : new EditorWorker()
  },
}

typescriptDefaults.setCompilerOptions(compilerOptions)
// Diagnostics are this app's own: Monaco looks again only at the file that changed, not at those that import it.
typescriptDefaults.setModeConfiguration({
  ...typescriptDefaults.modeConfiguration,
  diagnostics: false,
})
typescriptDefaults.setEagerModelSync(true)

for (const [path, text] of Object.entries(sdkTypes)) libraryFiles.set(path, text)
typescriptDefaults.setExtraLibs(
  [...libraryFiles].map(([path, content]) => ({ filePath: `file:///${path}`, content })),
)

// Ctrl+Enter belongs to the app (run); Monaco would insert a line.
monaco.editor.addKeybindingRule({
  keybinding: monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter,
  command: null,
})

/** Longest wait for TypeScript's registration, which Monaco starts when the first model appears. */
const REGISTRATION_MS = 20_000

/** The TypeScript worker, with the models of `uris` as they are now. */
export async function typescriptWorker(uris: readonly monaco.Uri[]): Promise<TsWorkerClient> {
  const deadline = performance.now() + REGISTRATION_MS
  for (;;) {
    try {
      const connect = await getTypeScriptWorker()
      return (await connect(...uris)) as TsWorkerClient
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
