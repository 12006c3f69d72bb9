// What happened, in order: lifecycle, reloads, failures, runs, and plugins' own events; as a list or as lanes.
import { Activity, Download, Eraser, Pause, Play, Settings2 } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { EventRecord } from '#sdk'
import { MAX_TIMELINE } from '../../store/feed-slices.ts'
import { engineStore, useEngineView } from '../../store/store.ts'
import { BarOverflow } from '../../ui/bar-overflow.tsx'
import { IconButton } from '../../ui/button.tsx'
import { SearchField } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatCount, formatDuration, formatTime } from '../../ui/format.ts'
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { download } from '../../ui/download.ts'
import { Feed } from '../feed.tsx'
import { EventRow } from './event-row.tsx'
import { LanesView } from './lanes-view.tsx'
import {
  ALL,
  filterEvents,
  GROUPS,
  LEVELS,
  lineOf,
  pluginsOf,
  type TimelineFilter,
} from './timeline-filter.ts'
import '../panels.css'
import { StartRun } from '../../session/start-run.tsx'
import './timeline.css'

const TIMES = [
  { value: 'day', label: 'Time of day' },
  { value: 'start', label: 'Since the first' },
  { value: 'before', label: 'Since the one before' },
] as const
type Times = (typeof TIMES)[number]['value']

const everything: TimelineFilter = { query: '', group: 'all', level: 'quiet', plugin: ALL }

const isFiltered = ({ group, level, plugin }: TimelineFilter): boolean =>
  group !== everything.group || level !== everything.level || plugin !== everything.plugin

export function TimelinePanel() {
  const live = useEngineView((view) => view.timeline)
  /** What is looked at while new events are held back. */
  const [held, setHeld] = useState<typeof live>()
  const [filter, setFilter] = useState(everything)
  const [view, setView] = useState<'list' | 'lanes'>('list')
  const [times, setTimes] = useState<Times>('day')
  const timeline = held ?? live
  const shown = useMemo(() => filterEvents(timeline.items, filter), [timeline, filter])
  const choose = (change: Partial<TimelineFilter>) => setFilter({ ...filter, ...change })
  const plugins = usePluginChoices(timeline.items, filter.plugin)

  if (timeline.total === 0) {
    return (
      <EmptyState icon={<Activity size={28} />} title="Nothing has happened yet">
        <p>Every lifecycle step, reload, failure and run appears here as it happens.</p>
        <StartRun />
      </EmptyState>
    )
  }
  const isList = view === 'list'
  const waiting = live.total - timeline.total
  return (
    <div className="panel-column timeline">
      <div className="panel-bar">
        <SearchField
          label="Filter by plugin or text"
          value={filter.query}
          onChange={(query) => choose({ query })}
        />
        <ToggleGroup.Root
          type="single"
          className="segments"
          aria-label="View"
          value={view}
          onValueChange={(next) => next !== '' && setView(next as typeof view)}
        >
          <ToggleGroup.Item value="list" className="segment">
            List
          </ToggleGroup.Item>
          <ToggleGroup.Item value="lanes" className="segment">
            Lanes
          </ToggleGroup.Item>
        </ToggleGroup.Root>
        {isList ? (
          <>
            <BarOverflow label="Filters" isMarked={isFiltered(filter)}>
              <Select
                label="Plugin"
                value={filter.plugin}
                choices={plugins}
                onChange={(plugin) => choose({ plugin })}
              />
              <Select
                label="Type of event"
                value={filter.group}
                choices={GROUPS}
                onChange={(group) => choose({ group })}
              />
              <Select
                label="Level"
                value={filter.level}
                choices={LEVELS}
                onChange={(level) => choose({ level })}
              />
            </BarOverflow>
            <span className="panel-muted numeric timeline-count">
              {formatCount(shown.length)}
              {timeline.total > MAX_TIMELINE ? ` of the last ${formatCount(MAX_TIMELINE)}` : ''}
              {waiting > 0 ? `, ${formatCount(waiting)} more since` : ''}
            </span>
            <IconButton
              label={held ? 'Follow new events' : 'Hold new events back'}
              className="bar-icon"
              aria-pressed={held !== undefined}
              icon={held ? <Play size={15} /> : <Pause size={15} />}
              onClick={() => setHeld(held ? undefined : live)}
            />
          </>
        ) : null}
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              className="button icon-button button-quiet bar-icon timeline-menu"
              aria-label="Timeline settings"
            >
              <Settings2 size={15} />
            </button>
          }
        >
          <MenuChoices label="Times" value={times} choices={TIMES} onChange={setTimes} />
          <MenuSeparator />
          <MenuItem
            icon={<Download size={14} />}
            onSelect={() =>
              download('events.json', new TextEncoder().encode(JSON.stringify(shown, null, 1)))
            }
          >
            Save these events as JSON
          </MenuItem>
          <MenuItem
            icon={<Eraser size={14} />}
            onSelect={() => {
              setHeld(undefined)
              engineStore.clearTimeline()
            }}
          >
            Clear
          </MenuItem>
        </Menu>
      </div>
      {isList ? <Events records={shown} times={times} /> : <LanesView query={filter.query} />}
    </div>
  )
}

function Events({ records, times }: { records: readonly EventRecord[]; times: Times }) {
  const [opened, setOpened] = useState<ReadonlySet<EventRecord>>(new Set())
  const first = records[0]
  if (!first) return <p className="panel-note">No event fits this filter.</p>

  function toggle(record: EventRecord): void {
    const next = new Set(opened)
    if (!next.delete(record)) next.add(record)
    setOpened(next)
  }

  const since = (record: EventRecord, from: EventRecord): string =>
    `+${formatDuration(Math.max(0, record.time - from.time))}`
  const timeOf = (record: EventRecord, index: number): string =>
    times === 'day'
      ? formatTime(record.time)
      : since(record, times === 'start' ? first : (records[index - 1] ?? record))

  return (
    <Feed
      label="Timeline"
      count={records.length}
      rowHeight={24}
      isMeasured
      row={(index, place) => {
        const record = records[index]!
        return (
          <div
            key={index}
            ref={place.ref}
            data-index={index}
            className="event"
            data-tone={lineOf(record).tone}
            style={place.style}
          >
            <EventRow
              record={record}
              time={timeOf(record, index)}
              isOpen={opened.has(record)}
              onToggle={() => toggle(record)}
            />
          </div>
        )
      }}
    />
  )
}

/** All plugins that there are events of, and the one that is chosen. */
function usePluginChoices(records: readonly EventRecord[], chosen: string) {
  return useMemo(() => {
    const kept = chosen === ALL ? [] : [chosen]
    const names = [...new Set([...records.flatMap(pluginsOf), ...kept])].toSorted()
    return [
      { value: ALL, label: 'All plugins' },
      ...names.map((name) => ({ value: name, label: name })),
    ]
  }, [records, chosen])
}
