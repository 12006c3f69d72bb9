// What happened, in order: lifecycle, reloads, failures, runs, and plugins' own events.
import { Activity } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { EventRecord } from '#sdk'
import { nameOf } from '../store/engine-slice.ts'
import { MAX_TIMELINE } from '../store/feed-slices.ts'
import { engineStore, useEngineView } from '../store/store.ts'
import { goTo } from '../shell/navigation.ts'
import { Toggle } from '../ui/controls.tsx'
import { EmptyState } from '../ui/feedback.tsx'
import { formatCount, formatTime, plural } from '../ui/format.ts'
import { Select } from '../ui/select.tsx'
import { type EventLine, eventLine } from './event-text.ts'
import { Feed } from './feed.tsx'
import { FilterBar } from './filter-bar.tsx'
import './panels.css'

const GROUPS = [
  { value: 'all', label: 'All events' },
  { value: 'plugin', label: 'Lifecycle' },
  { value: 'run', label: 'Runs' },
  { value: 'hook', label: 'Hooks' },
  { value: 'own', label: 'Plugins’ own' },
] as const
type Group = (typeof GROUPS)[number]['value']

const ENGINE_GROUPS = [
  'engine',
  'plugin',
  'run',
  'hook',
  'device',
  'panel',
  'asset',
  'artefact',
  'service',
  'method',
  'test',
  'tests',
  'error',
  'log',
]

function isInGroup({ type }: EventRecord, group: Group): boolean {
  if (group === 'all') return true
  const prefix = type.slice(0, Math.max(0, type.indexOf('.')))
  return group === 'own' ? !ENGINE_GROUPS.includes(prefix) : prefix === group
}

/** Lines are made once for each record. */
const lines = new WeakMap<EventRecord, EventLine>()

function lineOf(record: EventRecord): EventLine {
  let line = lines.get(record)
  if (!line) lines.set(record, (line = eventLine(record)))
  return line
}

export function TimelinePanel() {
  const timeline = useEngineView((view) => view.timeline)
  const [query, setQuery] = useState('')
  const [group, setGroup] = useState<Group>('all')
  const [areFailuresOnly, setFailuresOnly] = useState(false)

  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase()
    return timeline.items.filter((record) => {
      if (!isInGroup(record, group)) return false
      const { subject, text, tone } = lineOf(record)
      if (areFailuresOnly && tone !== 'danger') return false
      return wanted === '' || `${subject} ${record.type} ${text}`.toLowerCase().includes(wanted)
    })
  }, [timeline, query, group, areFailuresOnly])

  if (timeline.total === 0) {
    return (
      <EmptyState icon={<Activity size={28} />} title="Nothing has happened yet">
        Every lifecycle step, reload, failure and run appears here as it happens.
      </EmptyState>
    )
  }
  return (
    <div className="panel-column">
      <FilterBar query={query} onQuery={setQuery} onClear={() => engineStore.clearTimeline()}>
        <Select label="Type of event" value={group} choices={GROUPS} onChange={setGroup} />
        <Toggle isOn={areFailuresOnly} onChange={setFailuresOnly}>
          Failures
        </Toggle>
        <span className="panel-muted numeric">
          {plural(shown.length, 'event')}
          {timeline.total > MAX_TIMELINE ? ` of the last ${formatCount(MAX_TIMELINE)}` : ''}
        </span>
      </FilterBar>
      {shown.length === 0 ? (
        <p className="panel-note">No event fits this filter.</p>
      ) : (
        <Feed
          label="Timeline"
          count={shown.length}
          rowHeight={24}
          row={(index, place) => (
            <EventRow key={index} record={shown[index]!} style={place.style} />
          )}
        />
      )}
    </div>
  )
}

function EventRow({ record, style }: { record: EventRecord; style: { transform: string } }) {
  const { subject, text, end, tone, error } = lineOf(record)
  const file = useEngineView(
    ({ engine }) => engine.plugins.find((plugin) => nameOf(plugin) === subject)?.file,
  )
  const source = error?.source ?? (file === undefined ? undefined : { file, line: 1, column: 1 })
  const cells = (
    <>
      <span className="feed-time">{formatTime(record.time)}</span>
      <span className="feed-side">{subject}</span>
      <span className="feed-text">{text}</span>
      <span className="feed-end">
        {error?.source ? (
          <span className="feed-source">
            {error.source.file.slice(error.source.file.lastIndexOf('/') + 1)}:{error.source.line}
          </span>
        ) : (
          <span className="feed-time">{end}</span>
        )}
      </span>
    </>
  )
  if (!source) {
    return (
      <div className="feed-row" data-tone={tone} style={style} title={text}>
        {cells}
      </div>
    )
  }
  return (
    <button
      type="button"
      className="feed-row"
      data-tone={tone}
      style={style}
      title={text}
      onClick={() => goTo(source)}
    >
      {cells}
    </button>
  )
}
