// All problems in one list: engine, compiler and type checker; each leads to its line.
import { CircleX, TriangleAlert } from 'lucide-react'
import { useStore } from 'zustand'
import type { ErrorInfo, SourceLocation } from '#sdk'
import { canReveal, editorStore, reveal, type TypeProblem } from './state.ts'
import './problems.css'

function Place({ source, name }: { source: SourceLocation; name?: string | undefined }) {
  const text = `${source.file}:${source.line}:${source.column}`
  const label = name ? `${name} · ${text}` : text
  if (!canReveal(source)) return <span className="problem-place">{label}</span>
  return (
    <button type="button" className="problem-place" onClick={() => reveal(source)}>
      {label}
    </button>
  )
}

/** A place in the code can stand in the list once as the problem's own and again as the first frame. */
const isSamePlace = (a: SourceLocation, b: SourceLocation | undefined): boolean =>
  a.file === b?.file && a.line === b.line && a.column === b.column

function Problem({ problem }: { problem: ErrorInfo }) {
  const { code, message, plugin, stage, hook, source, hint, frames, cause } = problem
  const stack = frames?.filter((frame) => frame.name !== '' || !isSamePlace(frame, source)) ?? []
  return (
    <li className="problem" data-severity="error">
      <CircleX className="problem-icon" size={15} aria-label="Error" />
      <div>
        <p className="problem-message">{message}</p>
        {hint && <p className="problem-hint">{hint}</p>}
        <p className="problem-details">
          {source && <Place source={source} />}
          {[plugin, hook ?? stage].filter(Boolean).join(' · ')} <code>{code}</code>
        </p>
        {cause && <p className="problem-hint">Because: {cause.message}</p>}
        {stack.length > 0 && (
          <ul className="problem-frames" aria-label="Stack">
            {stack.map((frame, index) => (
              <li key={index}>
                <Place source={frame} name={frame.name} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  )
}

function TypeWarning({ problem: { message, source } }: { problem: TypeProblem }) {
  return (
    <li className="problem" data-severity="warning">
      <TriangleAlert className="problem-icon" size={15} aria-label="Type warning" />
      <div>
        <p className="problem-message">{message}</p>
        <p className="problem-details">
          <Place source={source} /> types; the code still runs
        </p>
      </div>
    </li>
  )
}

/** Number of lines that `ProblemsPanel` shows for `problems`. */
export function useProblemCount(problems: readonly ErrorInfo[]): number {
  return useStore(editorStore, (state) => state.typeProblems.length) + problems.length
}

/** Lists `problems` and those of the type checker. */
export function ProblemsPanel({ problems }: { problems: readonly ErrorInfo[] }) {
  const typeProblems = useStore(editorStore, (state) => state.typeProblems)
  if (problems.length + typeProblems.length === 0) {
    return <p className="problems-empty">No problems.</p>
  }
  return (
    <ul className="problems-panel" aria-label="Problems">
      {problems.map((problem, index) => (
        <Problem key={index} problem={problem} />
      ))}
      {typeProblems.map((problem, index) => (
        <TypeWarning key={index} problem={problem} />
      ))}
    </ul>
  )
}
