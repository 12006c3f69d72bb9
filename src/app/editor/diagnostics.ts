// What TypeScript has to say about the workspace: marked in the text, and listed. Looks at all files after each change.
import { engineStore } from '../store/store.ts'
import { editorStore, type TypeProblem } from './state.ts'
import { pathOf, sourceModels } from './models.ts'
import { monaco, type TsWorkerClient, typescriptWorker } from './monaco.ts'

type Diagnostic = Awaited<ReturnType<TsWorkerClient['getSemanticDiagnostics']>>[number]

const OWNER = 'typescript'
/** Longer than an edit takes to be swapped in: on a small machine that would wait for the types, half a second of work. */
const QUIET_MS = 700

/** By category, as TypeScript numbers them: warning, error, suggestion, message. */
const SEVERITIES = [
  monaco.MarkerSeverity.Warning,
  monaco.MarkerSeverity.Error,
  monaco.MarkerSeverity.Hint,
  monaco.MarkerSeverity.Info,
] as const

/** Text of a message, its details on lines of their own. */
function messageOf(text: Diagnostic['messageText'], depth = 0): string {
  if (typeof text === 'string') return text
  const details = (text.next ?? []).map((next) => messageOf(next, depth + 1))
  return [`${'  '.repeat(depth)}${text.messageText}`, ...details].join('\n')
}

function markerOf(model: monaco.editor.ITextModel, found: Diagnostic): monaco.editor.IMarkerData {
  const start = model.getPositionAt(found.start ?? 0)
  const end = model.getPositionAt((found.start ?? 0) + (found.length ?? 1))
  const tags = [
    ...(found.reportsUnnecessary ? [monaco.MarkerTag.Unnecessary] : []),
    ...(found.reportsDeprecated ? [monaco.MarkerTag.Deprecated] : []),
  ]
  return {
    severity: SEVERITIES[found.category],
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
    message: messageOf(found.messageText),
    code: String(found.code),
    tags,
  }
}

function typeProblem(model: monaco.editor.ITextModel, found: Diagnostic): TypeProblem {
  const { lineNumber, column } = model.getPositionAt(found.start ?? 0)
  const source = { file: pathOf(model.uri), line: lineNumber, column }
  return { message: messageOf(found.messageText), source }
}

const ERROR = 1

/** The file that is looked at comes first. */
const rank = (model: monaco.editor.ITextModel): number => (model.isAttachedToEditor() ? 0 : 1)

let generation = 0
let timer: ReturnType<typeof setTimeout> | undefined

async function check(): Promise<void> {
  const turn = ++generation
  const models = sourceModels().sort((a, b) => rank(a) - rank(b))
  const typeProblems: TypeProblem[] = []
  const worker = models[0] && (await typescriptWorker(models.map((model) => model.uri)))
  for (const model of models) {
    const uri = model.uri.toString()
    // A file that is gone meanwhile has no answer to give.
    if (turn !== generation || model.isDisposed()) return
    const [syntax, types, suggestions] = await Promise.all([
      worker!.getSyntacticDiagnostics(uri),
      worker!.getSemanticDiagnostics(uri),
      worker!.getSuggestionDiagnostics(uri),
    ])
    if (turn !== generation || model.isDisposed()) return
    const markers = [...syntax, ...types, ...suggestions].map((found) => markerOf(model, found))
    monaco.editor.setModelMarkers(model, OWNER, markers)
    const errors = types.filter(({ category }) => category === ERROR)
    typeProblems.push(...errors.map((found) => typeProblem(model, found)))
  }
  editorStore.setState({ typeProblems })
}

/** Looks at the workspace's types again, soon. Answers for older texts are dropped. */
function schedule(): void {
  generation++
  clearTimeout(timer)
  timer = setTimeout(() => void check(), QUIET_MS)
}

/** Checks types from here on, but not before the engine is up: both take all that a small machine has. */
export function watchTypes(): void {
  if (engineStore.getState().engine.status !== 'booting') {
    watchModels()
    return
  }
  const stop = engineStore.subscribe(({ engine }) => {
    if (engine.status === 'booting') return
    stop()
    watchModels()
  })
}

function watchModels(): void {
  const watch = (model: monaco.editor.ITextModel): void => {
    model.onDidChangeContent(schedule)
    schedule()
  }
  monaco.editor.getModels().forEach(watch)
  monaco.editor.onDidCreateModel(watch)
  monaco.editor.onWillDisposeModel(schedule)
}
