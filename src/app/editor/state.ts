// What the editor shows besides text: problems from engine and types, and the place it should go to.
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ErrorInfo, SourceLocation } from '#sdk'
import { isLibraryPath } from '#workspace'
import type { YamlSchemas } from '../store/engine-slice.ts'
import { showPanel } from '../shell/shown-panel.ts'
import { workspaceStore } from '../workspace/workspace.ts'
import { libraryFiles } from './library.ts'

/** An error of the type checker. It doesn't stop a run. */
export interface TypeProblem {
  message: string
  source: SourceLocation
}

/** A file, and in it a place or where the cursor was. */
export type FilePlace = SourceLocation | { file: string; line?: undefined }

export interface EditorState {
  /** Problems of the engine and the compiler that are marked in the text. */
  problems: readonly ErrorInfo[]
  typeProblems: readonly TypeProblem[]
  /** JSON schemas of YAML files by name. */
  yamlSchemas: YamlSchemas
  /** Where the cursor should go as soon as the file is shown; a new object for every request. */
  target: FilePlace | null
  /** Where the cursor is in the file that is shown. */
  cursor: { line: number; column: number }
}

export const editorStore = createStore<EditorState>()(() => ({
  problems: [],
  typeProblems: [],
  yamlSchemas: {},
  target: null,
  cursor: { line: 1, column: 1 },
}))

/** Where the cursor is in the file that is shown, line and column from 1. */
export const cursorPlace = () => editorStore.getState().cursor

export const useCursor = () => useStore(editorStore, ({ cursor }) => cursor)

/** Runs a command of the editor by its id; set while the editor is there. */
let command: ((id: string) => void) | undefined

export function setEditorCommand(run: ((id: string) => void) | undefined): void {
  command = run
}

export function runInEditor(id: string): void {
  showPanel('editor')
  command?.(id)
}

/** What the type checker found, for React. */
export const useTypeProblems = (): readonly TypeProblem[] =>
  useStore(editorStore, ({ typeProblems }) => typeProblems)

/** Marks problems in the text, in place of those shown before. */
export function showProblems(problems: readonly ErrorInfo[]): void {
  if (editorStore.getState().problems !== problems) editorStore.setState({ problems })
}

/** Completes and explains YAML files by these schemas, in place of those before. */
export function showYamlSchemas(yamlSchemas: YamlSchemas): void {
  if (editorStore.getState().yamlSchemas !== yamlSchemas) editorStore.setState({ yamlSchemas })
}

/** True when `reveal` can show the place. */
export const canReveal = ({ file }: FilePlace): boolean =>
  isLibraryPath(file) ? libraryFiles.has(file) : workspaceStore.getState().files.has(file)

/** Opens the file, puts the cursor at the place and the focus into the text. Returns false when there is no such file. */
export function reveal(location: FilePlace): boolean {
  if (!canReveal(location)) return false
  workspaceStore.getState().openFile(location.file)
  editorStore.setState({ target: { ...location } })
  return true
}
