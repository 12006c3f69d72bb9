// One Monaco model per text file of the workspace, kept equal to the store in both directions.
import { type Files, isLibraryPath } from '#workspace'
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

export const languageOf = (path: string): string =>
  LANGUAGES[path.slice(path.lastIndexOf('.') + 1)] ?? 'plaintext'

const uriOf = (path: string): monaco.Uri => monaco.Uri.parse(`file:///${path}`)
export const pathOf = (uri: monaco.Uri): string => uri.path.slice(1)

interface Kept {
  model: Model
  /** The text that the store has, as far as it was written to or came from the model. */
  text: string
}
const workspaceModels = new Map<string, Kept>()
/** True while the store's text is written into a model, which must not come back as an edit. */
let isApplying = false

function addModel(path: string, text: string): void {
  const model = monaco.editor.createModel(text, languageOf(path), uriOf(path))
  model.updateOptions({ tabSize: 2, insertSpaces: true })
  const kept = { model, text }
  model.onDidChangeContent(() => {
    if (isApplying) return
    const { edit, setNotice } = workspaceStore.getState()
    kept.text = model.getValue()
    try {
      edit(path, kept.text)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      setNotice({ tone: 'error', title: 'The last edit is not saved', text: reason })
    }
  })
  workspaceModels.set(path, kept)
}

/** Puts `text` into the model as one edit that can be undone; of lines that differ only, so that the cursor stays. */
function applyText(kept: Kept, text: string): void {
  if (kept.text === text) return
  kept.text = text
  const { model } = kept
  const before = model.getLinesContent()
  const after = text.split(/\r\n?|\n/)
  // One line at least is left to replace on either side.
  const most = Math.min(before.length, after.length) - 1
  let top = 0
  while (top < most && before[top] === after[top]) top++
  let bottom = 0
  while (bottom < most - top && before.at(-1 - bottom) === after.at(-1 - bottom)) bottom++
  const last = before.length - bottom
  const range = new monaco.Range(top + 1, 1, last, model.getLineMaxColumn(last))
  const lines = after.slice(top, after.length - bottom).join(model.getEOL())
  isApplying = true
  // A step of its own to undo, apart from what is typed before and after.
  model.pushStackElement()
  model.pushEditOperations([], [{ range, text: lines }], () => null)
  model.pushStackElement()
  isApplying = false
}

/** Makes the models equal to the text files of `files`. */
export function syncModels(files: Files): void {
  for (const [path, { model }] of workspaceModels) {
    if (typeof files.get(path) === 'string') continue
    workspaceModels.delete(path)
    model.dispose()
  }
  for (const [path, content] of files) {
    if (typeof content !== 'string') continue
    const kept = workspaceModels.get(path)
    if (kept) applyText(kept, content)
    else addModel(path, content)
  }
}

/** The model of a workspace file. */
export const workspaceModel = (path: string): Model | undefined => workspaceModels.get(path)?.model

/** Models of the workspace's TypeScript files. */
export const sourceModels = (): Model[] =>
  [...workspaceModels.values()]
    .map(({ model }) => model)
    .filter((model) => model.getLanguageId() === 'typescript')

/** The model to show for a tab; library sources get theirs on first sight. */
export function modelOf(path: string): Model | undefined {
  if (!isLibraryPath(path)) return workspaceModel(path)
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
