// What is wrong with a workspace's types: the editor's own checker and libraries, in Node.
import { typescript } from 'monaco-editor/languages/features/typescript/lib/typescriptServices'
import { TypeScriptWorker } from 'monaco-editor/languages/features/typescript/tsWorker'
import sdkTypes from 'virtual:sdk-types'
import type { ErrorInfo } from '#sdk'
import { compilerOptions, type Files } from '#workspace'

export const ROOT = 'file:///'
/** Category of a diagnostic, as TypeScript numbers them. */
const ERROR = 1

const sourcesOf = (files: Files): [string, string][] =>
  [...files]
    .filter(
      (file): file is [string, string] => file[0].endsWith('.ts') && typeof file[1] === 'string',
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))

/** The checker of a workspace; its files are below `ROOT`. */
export function checkerOf(files: Files) {
  const sources = sourcesOf(files)
  const texts = [...Object.entries(sdkTypes), ...sources]
  const extraLibs = Object.fromEntries(
    texts.map(([path, content]) => [ROOT + path, { content, version: 1 }]),
  )
  const worker = new TypeScriptWorker({ getMirrorModels: () => [] }, { compilerOptions, extraLibs })
  return worker.getLanguageService()
}

/** Errors of type in all TypeScript files, by path. Looking for them takes seconds. */
export function typeErrors(files: Files): ErrorInfo[] {
  const service = checkerOf(files)
  return sourcesOf(files).flatMap(([path]) =>
    service
      .getSemanticDiagnostics(ROOT + path)
      .filter(({ category }) => category === ERROR)
      .map(({ file, start, code, messageText }) => {
        const { line, character } = file.getLineAndCharacterOfPosition(start)
        return {
          code: 'module.types',
          message: `TS${code}: ${typescript.flattenDiagnosticMessageText(messageText, '\n')}`,
          source: { file: path, line: line + 1, column: character + 1 },
        }
      }),
  )
}
