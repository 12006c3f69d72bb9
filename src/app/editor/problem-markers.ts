// Marks the engine's and the compiler's problems in the text, at the user's own line.
import type { ErrorInfo } from '#sdk'
import { workspaceStore } from '../workspace/workspace.ts'
import { workspaceModel } from './models.ts'
import { monaco } from './monaco.ts'
import { editorStore } from './state.ts'

const OWNER = 'plugboard'

/** From the place of the problem to the end of the word there, or of the line where there is none. */
function rangeOf(model: monaco.editor.ITextModel, line: number, column: number): monaco.Range {
  const { lineNumber, column: start } = model.validatePosition({ lineNumber: line, column })
  const word = model.getWordAtPosition({ lineNumber, column: start })
  const end = word && word.endColumn > start ? word.endColumn : model.getLineMaxColumn(lineNumber)
  const from = end > start ? start : model.getLineFirstNonWhitespaceColumn(lineNumber) || 1
  return new monaco.Range(lineNumber, from, lineNumber, end)
}

function markerOf(model: monaco.editor.ITextModel, problem: ErrorInfo): monaco.editor.IMarkerData {
  const { line, column } = problem.source!
  const { startLineNumber, startColumn, endLineNumber, endColumn } = rangeOf(model, line, column)
  return {
    severity: monaco.MarkerSeverity.Error,
    source: problem.plugin ?? problem.code,
    message: problem.hint ? `${problem.message}\n${problem.hint}` : problem.message,
    startLineNumber,
    startColumn,
    endLineNumber,
    endColumn,
  }
}

/** Syntax errors have TypeScript's own marks, more exact than these. */
const isMarked = ({ code }: ErrorInfo): boolean => code !== 'module.compile'

function mark(): void {
  const { problems } = editorStore.getState()
  for (const path of workspaceStore.getState().files.keys()) {
    const model = workspaceModel(path)
    if (!model) continue
    const here = problems.filter((problem) => problem.source?.file === path && isMarked(problem))
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      here.map((problem) => markerOf(model, problem)),
    )
  }
}

/** Keeps the marks equal to the problems shown. */
export function watchProblems(): void {
  mark()
  editorStore.subscribe((state, before) => {
    if (state.problems !== before.problems) mark()
  })
}
