// The editor as the rest of the app sees it.
export { EditorPane } from './EditorPane.tsx'
export { ProblemsPanel, useProblemCount } from './ProblemsPanel.tsx'
export { builtinSource, forkBuiltin, openBuiltin } from './library.ts'
export { reveal, showProblems } from './state.ts'
