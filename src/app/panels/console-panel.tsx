// Log lines of the engine and its plugins.
import { Eraser, SquareTerminal } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { LogLevel } from '#sdk'
import type { LogLine } from '../store/feed-slices.ts'
import { engineStore, useEngineView } from '../store/store.ts'
import { BarOverflow } from '../ui/bar-overflow.tsx'
import { IconButton } from '../ui/button.tsx'
import { SearchField } from '../ui/controls.tsx'
import { EmptyState } from '../ui/feedback.tsx'
import { formatTime } from '../ui/format.ts'
import { Select } from '../ui/select.tsx'
import { SourceLink } from './error-view.tsx'
import { Feed } from './feed.tsx'
import { FieldValues } from './field-values.tsx'
import { ALL, fieldsOf, filterLogs, ownerOf } from './log-lines.ts'
import { StartRun } from '../session/start-run.tsx'
import './panels.css'

const LEVELS = [
  { value: 'debug', label: 'All levels' },
  { value: 'info', label: 'Info and above' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
] as const satisfies { value: LogLevel; label: string }[]

export function ConsolePanel() {
  const logs = useEngineView((view) => view.logs)
  const [query, setQuery] = useState('')
  const [level, setLevel] = useState<LogLevel>('debug')
  const [plugin, setPlugin] = useState(ALL)
  const shown = useMemo(
    () => filterLogs(logs.items, { query, level, plugin }),
    [logs, query, level, plugin],
  )
  const plugins = useMemo(() => {
    const chosen = plugin === ALL ? [] : [plugin]
    const names = [...new Set([...logs.items.map(ownerOf), ...chosen])].toSorted()
    return [
      { value: ALL, label: 'All plugins' },
      ...names.map((name) => ({ value: name, label: name })),
    ]
  }, [logs, plugin])

  if (logs.items.length === 0) {
    return (
      <EmptyState icon={<SquareTerminal size={28} />} title="No log lines yet">
        <p>
          What plugins write with <code>this.ctx.log.info(…)</code> appears here.
        </p>
        <StartRun />
      </EmptyState>
    )
  }
  return (
    <div className="panel-column">
      <div className="panel-bar">
        <SearchField label="Filter by plugin or text" value={query} onChange={setQuery} />
        <BarOverflow label="Filters" isMarked={plugin !== ALL || level !== 'debug'}>
          <Select label="Plugin" value={plugin} choices={plugins} onChange={setPlugin} />
          <Select label="Level" value={level} choices={LEVELS} onChange={setLevel} />
        </BarOverflow>
        <IconButton
          label="Clear"
          className="bar-icon"
          icon={<Eraser size={15} />}
          onClick={() => engineStore.clearLogs()}
        />
      </div>
      {shown.length === 0 ? (
        <p className="panel-note">No line fits this filter.</p>
      ) : (
        <Feed
          label="Console"
          count={shown.length}
          rowHeight={22}
          isMeasured
          row={(index, place) => (
            <div
              key={index}
              ref={place.ref}
              data-index={index}
              className="log-row"
              data-level={shown[index]!.level}
              style={place.style}
            >
              <LogCells line={shown[index]!} />
            </div>
          )}
        />
      )}
    </div>
  )
}

function LogCells({ line }: { line: LogLine }) {
  return (
    <>
      <span className="feed-time">{formatTime(line.time)}</span>
      <span className="log-level">{line.level}</span>
      <span className="log-plugin">{ownerOf(line)}</span>
      <span className="log-text">
        {line.message}
        <FieldValues fields={fieldsOf(line)} />
      </span>
      {line.source === undefined ? null : <SourceLink location={line.source} isShort />}
    </>
  )
}
