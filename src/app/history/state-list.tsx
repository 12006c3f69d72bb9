// The states of a workspace by time: when, why, and how much each changed.
import { type KeyboardEvent, useRef } from 'react'
import { plural } from '../ui/format.ts'
import type { Cause, HistoryState } from './state.ts'
import type { StateChanges } from './use-history.ts'

const CAUSES = {
  opened: 'Opened',
  edited: 'Edited',
  run: 'Run started',
  before: 'Before a larger change',
  restored: 'Restored',
  other: 'Kept',
} satisfies Record<Cause, string>

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })
const time = new Intl.DateTimeFormat('en', { timeStyle: 'medium' })

interface StateListProps {
  states: readonly HistoryState[]
  changes: ReadonlyMap<number, StateChanges>
  selected: number | undefined
  onSelect(seq: number): void
}

export function StateList({ states, changes, selected, onSelect }: StateListProps) {
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = states.findIndex(({ seq }) => seq === selected)
    const places: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: states.length - 1,
    }
    const next = states[places[event.key] ?? -1]
    if (!next) return
    event.preventDefault()
    onSelect(next.seq)
    list.current?.querySelector<HTMLElement>(`[data-seq="${next.seq}"]`)?.focus()
  }
  return (
    <div
      ref={list}
      className="history-states"
      role="listbox"
      aria-label="States"
      onKeyDown={onKeyDown}
    >
      {states.map((state) => (
        <button
          key={state.seq}
          type="button"
          role="option"
          className="history-state"
          data-seq={state.seq}
          aria-selected={state.seq === selected}
          tabIndex={state.seq === selected ? 0 : -1}
          onClick={() => onSelect(state.seq)}
        >
          <span className="history-when">
            <span className="numeric">{time.format(state.savedAt)}</span>
            <span className="history-day">{day.format(state.savedAt)}</span>
          </span>
          <span className="history-what">
            {CAUSES[state.cause]}
            <Summary state={state} changes={changes.get(state.seq)} />
          </span>
        </button>
      ))}
    </div>
  )
}

interface SummaryProps {
  state: HistoryState
  changes: StateChanges | undefined
}

function Summary({ state, changes }: SummaryProps) {
  if (!changes) return null
  const { files, added, removed } = changes
  const [first] = files
  const name =
    files.length === 1 && first ? first.path.split('/').at(-1) : plural(files.length, 'file')
  if (files.length === state.files.length && removed === 0)
    return <span className="history-files">{plural(state.files.length, 'file')}</span>
  return (
    <span className="history-files">
      {name} <LineCounts added={added} removed={removed} />
    </span>
  )
}

function LineCounts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="numeric" aria-label={`${plural(added, 'line')} added, ${removed} removed`}>
      <span className="history-added">+{added}</span>{' '}
      <span className="history-removed">−{removed}</span>
    </span>
  )
}
