// One value of the table of runs.
import type { RunEntry } from '#workspace'
import { formatDuration, formatValue } from '../../ui/format.ts'
import { type Cell, type Column, tagTexts } from '../columns.ts'

const MARKS = {
  running: 'info',
  finished: 'ok',
  early_stopped: 'ok',
  stopped: 'quiet',
  failed: 'danger',
  interrupted: 'warning',
} satisfies Record<RunEntry['state'], string>

export function StateMark({ state }: Pick<RunEntry, 'state'>) {
  return (
    <span className="runs-state" data-tone={MARKS[state]}>
      {state.replace('_', ' ')}
    </span>
  )
}

export const startedText = (time: number): string =>
  new Date(time).toLocaleString('en', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })

/** A cell as text; `–` for nothing. */
export function cellText(value: Cell, kind: Column['kind']): string {
  if (value === undefined || value === null || value === '') return '–'
  if (typeof value !== 'number') return String(value)
  if (kind === 'time') return startedText(value)
  if (kind === 'duration') return formatDuration(value)
  if (kind === 'number') return formatValue(value)
  return String(value)
}

export function CellView({ column, entry }: { column: Column; entry: RunEntry }) {
  if (column.id === 'state') return <StateMark state={entry.state} />
  if (column.id === 'tags') {
    return (
      <span className="runs-tags">
        {tagTexts(entry).map((tag) => (
          <span key={tag} className="runs-tag">
            {tag}
          </span>
        ))}
      </span>
    )
  }
  return <bdi>{cellText(column.value(entry), column.kind)}</bdi>
}
