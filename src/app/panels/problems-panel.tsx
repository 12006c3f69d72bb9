// All problems in one list: engine, compiler and type checker; each leads to its line.
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { type TypeProblem, useTypeProblems } from '../editor/index.ts'
import { allProblems } from '../session/problems.ts'
import { useEngineView } from '../store/store.ts'
import { EmptyState } from '../ui/feedback.tsx'
import { ErrorView, SourceLink } from './error-view.tsx'

const useProblems = () => useEngineView(({ engine }) => allProblems(engine))

/** Number of problems in the list. */
export const useProblemCount = (): number => useProblems().length + useTypeProblems().length

export function ProblemsPanel() {
  const problems = useProblems()
  const typeProblems = useTypeProblems()
  if (problems.length + typeProblems.length === 0) {
    return (
      <EmptyState icon={<CircleCheck size={28} />} title="No problems">
        Errors of code, configuration and runs are listed here, each with the way to its line.
      </EmptyState>
    )
  }
  return (
    <ul className="problems" aria-label="Problems">
      {problems.map((problem, index) => (
        <li key={index} className="problem">
          <ErrorView info={problem} />
        </li>
      ))}
      {typeProblems.map((problem, index) => (
        <li key={index} className="problem">
          <TypeWarning problem={problem} />
        </li>
      ))}
    </ul>
  )
}

function TypeWarning({ problem: { message, source } }: { problem: TypeProblem }) {
  return (
    <div className="error-view">
      <p className="error-message">
        <TriangleAlert size={15} aria-label="Type warning" />
        <span>{message}</span>
      </p>
      <p className="error-where">
        <SourceLink location={source} /> types; the code still runs
      </p>
    </div>
  )
}
