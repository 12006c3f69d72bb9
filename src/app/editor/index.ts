// The editor as the rest of the app sees it.
export { EditorPane } from './editor-pane.tsx'
export { fork } from './fork.ts'
export { useBuiltinSource } from './library.ts'
export {
  canReveal,
  type FilePlace,
  reveal,
  showProblems,
  showYamlSchemas,
  type TypeProblem,
  useTypeProblems,
} from './state.ts'
