// One Monaco model per text file of the workspace, kept equal to the store in both directions.
import type { Files } from '../workspace/files.ts'
import { isLibraryPath } from '../workspace/path.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { libraryFiles } from './library.ts'
import { monaco } from './monaco.ts'

type Model = monaco.editor.ITextModel

const LANGUAGES: Record<string, string> = {
  ts: 'typescript',
  yaml: 'yaml',
  yml: 'yaml',
  md: 'markdown',
  json: 'json',
}

const languageOf = (path: string): string =>
  LANGUAGES[path.slice(path.lastIndexOf('.') + 1)] ?? 'plaintext'

const uriOf = (path: string): monaco.Uri => monaco.Uri.parse(`file:///${path}`)
export const pathOf = (uri: monaco.Uri): string => uri.path.slice(1)

const workspaceModels = new Map<string, Model>()
/** True while the store's text is written into a model, which must not come back as an edit. */
let isApplying = false

function addModel(path: string, text: string): void {
  const model = monaco.editor.createModel(text, languageOf(path), uriOf(path))
  model.updateOptions({ tabSize: 2, insertSpaces: true })
  model.onDidChangeContent(() => {
    if (isApplying) return
    const { edit, setNotice } = workspaceStore.getState()
    try {
      edit(path, model.getValue())
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      setNotice({ tone: 'error', title: 'The last edit is not saved', text })
    }
  })
  workspaceModels.set(path, model)
}

/** Puts `text` into the model as one edit that can be undone. */
function applyText(model: Model, text: string): void {
  if (model.getValue() === text) return
  isApplying = true
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
  isApplying = false
}

/** Makes the models equal to the text files of `files`. */
export function syncModels(files: Files): void {
  for (const [path, model] of workspaceModels) {
    if (typeof files.get(path) === 'string') continue
    workspaceModels.delete(path)
    model.dispose()
  }
  for (const [path, content] of files) {
    if (typeof content !== 'string') continue
    const model = workspaceModels.get(path)
    if (model) applyText(model, content)
    else addModel(path, content)
  }
}

/** The model of a workspace file. */
export const workspaceModel = (path: string): Model | undefined => workspaceModels.get(path)

/** Models of the workspace's TypeScript files. */
export const sourceModels = (): Model[] =>
  [...workspaceModels.values()].filter((model) => model.getLanguageId() === 'typescript')

/** The model to show for a tab; library sources get theirs on first sight. */
export function modelOf(path: string): Model | undefined {
  if (!isLibraryPath(path)) return workspaceModels.get(path)
  const text = libraryFiles.get(path)
  if (text === undefined) return undefined
  const uri = uriOf(path)
  return monaco.editor.getModel(uri) ?? monaco.editor.createModel(text, languageOf(path), uri)
}

let openedId: string | undefined

/** Follows the store. A different workspace gets fresh models, so that undo never reaches into the one before. */
export function followStore(): void {
  const follow = (): void => {
    const { entry, files } = workspaceStore.getState()
    if (entry?.id !== openedId) syncModels(new Map())
    openedId = entry?.id
    syncModels(files)
  }
  follow()
  workspaceStore.subscribe((state, before) => {
    if (state.files !== before.files || state.entry?.id !== before.entry?.id) follow()
  })
}
