// The editor as the rest of the app sees it.
export { editorActions } from './editor-actions.ts'
export { EditorPane } from './editor-pane.tsx'
export { fork } from './fork.ts'
export { redoIn, undoIn } from './undo.ts'
export { findBuiltinSource, libraryFiles as libraryText, useBuiltinSource } from './library.ts'
export {
  canReveal,
  cursorPlace,
  type FilePlace,
  reveal,
  showProblems,
  showYamlSchemas,
  type TypeProblem,
  useCursor,
  useTypeProblems,
} from './state.ts'
