// The table of runs: rows exist only while they are seen; arrow keys walk through them.
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, ChevronRight } from 'lucide-react'
import { type CSSProperties, type KeyboardEvent, useRef, useState } from 'react'
import { type RunEntry, runTitle } from '#workspace'
import { useStore } from 'zustand'
import { useEngineView } from '../../store/store.ts'
import type { Column } from '../columns.ts'
import type { GroupLine, Line, Sort } from '../lines.ts'
import { runsIn } from '../lines.ts'
import { deleteAction } from '../run-list-actions.ts'
import { runsView, selectRuns, toggled } from '../runs-view.ts'
import { frontId, hideRun, isShown, runColor, shownChoice, showRun } from '../shown-runs.ts'
import { useRuns } from '../use-shown-runs.ts'
import { cellText, CellView } from './cell.tsx'

const ROW_HEIGHT = 28
const NARROW = { text: 150, number: 104, time: 116, duration: 88 } satisfies Record<
  Column['kind'],
  number
>

const widthOf = ({ id, kind }: Column): number => (id === 'run' ? 190 : NARROW[kind])

const template = (columns: readonly Column[]): string =>
  ['30px', '30px', ...columns.map((column) => `${widthOf(column)}px`), '1fr'].join(' ')

export function RunsTable({
  columns,
  lines,
}: {
  columns: readonly Column[]
  lines: readonly Line[]
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const sort = useStore(runsView, (view) => view.sort)
  const selected = useStore(runsView, (view) => view.selected)
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    paddingStart: ROW_HEIGHT,
    scrollPaddingStart: 2 * ROW_HEIGHT,
  })
  const at = Math.min(active, lines.length - 1)
  const style = { gridTemplateColumns: template(columns) }
  const width = columns.reduce((sum, column) => sum + widthOf(column), 60)

  function move(to: number) {
    const next = Math.max(0, Math.min(lines.length - 1, to))
    setActive(next)
    virtual.scrollToIndex(next)
  }

  function onKey(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2)
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: lines.length - 1,
    }
    const line = lines[at]
    const to = steps[event.key]
    if (to !== undefined) {
      move(to)
      const next = lines[Math.max(0, Math.min(lines.length - 1, to))]
      if (event.shiftKey && next?.kind === 'run')
        selectRuns([...selected, next.entry.id, ...(line?.kind === 'run' ? [line.entry.id] : [])])
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      selectRuns(runsIn(lines).map(({ id }) => id))
    } else if (event.key === 'Escape') runsView.setState({ selected: new Set(), opened: undefined })
    else if (line?.kind === 'group' && (event.key === ' ' || event.key === 'Enter')) fold(line)
    else if (line?.kind !== 'run') return
    else if (event.key === ' ') selectRuns(toggled(selected, line.entry.id))
    else if (event.key === 'Enter') open(line.entry)
    else if (event.key === 'Delete') {
      if (selected.size === 0) selectRuns([line.entry.id])
      deleteAction.run()
    } else return
    event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      className="runs-table"
      role="grid"
      aria-label="Runs"
      aria-description="Arrow keys move, Space selects, Enter opens, Delete deletes."
      aria-rowcount={lines.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={lines.length > 0 ? `runs-line-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div
        className="runs-lines"
        role="rowgroup"
        style={{ height: virtual.getTotalSize(), minWidth: width }}
      >
        <div className="runs-head" role="row" aria-rowindex={1} style={style}>
          <span role="columnheader">
            <span className="visually-hidden">Selected</span>
          </span>
          <span role="columnheader">
            <span className="visually-hidden">In charts</span>
          </span>
          {columns.map((column) => (
            <HeadCell key={column.id} column={column} sort={sort} />
          ))}
        </div>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]!
          const place = { ...style, transform: `translateY(${start}px)` }
          const common = { index, isActive: index === at, style: place }
          return line.kind === 'group' ? (
            <GroupRow key={`group ${line.key}`} line={line} columns={columns} {...common} />
          ) : (
            <RunRow
              key={line.entry.id}
              entry={line.entry}
              columns={columns}
              isSelected={selected.has(line.entry.id)}
              onPress={() => {
                setActive(index)
                open(line.entry)
              }}
              {...common}
            />
          )
        })}
      </div>
    </div>
  )
}

const open = ({ id }: RunEntry): void => runsView.setState({ opened: id })

const fold = ({ key }: GroupLine): void =>
  runsView.setState(({ folded }) => ({ folded: toggled(folded, key) }))

function HeadCell({ column, sort }: { column: Column; sort: Sort | undefined }) {
  const { id, title, kind } = column
  const isSorted = sort?.column === id
  const order = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'
  // Up, down, not at all.
  const next =
    order === 'none'
      ? { column: id, isDescending: false }
      : order === 'ascending'
        ? { column: id, isDescending: true }
        : undefined
  return (
    <span role="columnheader" aria-sort={order} data-kind={kind}>
      <button
        type="button"
        title={title}
        aria-label={`Sort by ${title}`}
        onClick={() => runsView.setState({ sort: next })}
      >
        <span className="runs-head-text">{title}</span>
        {isSorted ? sort.isDescending ? <ArrowDown size={12} /> : <ArrowUp size={12} /> : null}
      </button>
    </span>
  )
}

interface RowProps {
  index: number
  isActive: boolean
  style: CSSProperties
  columns: readonly Column[]
}

function GroupRow({ line, columns, index, isActive, style }: RowProps & { line: GroupLine }) {
  return (
    <div
      id={`runs-line-${index}`}
      className="runs-row runs-group"
      role="row"
      aria-rowindex={index + 2}
      aria-expanded={line.isOpen}
      data-active={isActive}
      style={style}
      onClick={() => fold(line)}
    >
      <span role="gridcell">
        <ChevronRight size={14} data-open={line.isOpen} aria-hidden="true" />
      </span>
      <span role="gridcell" />
      {columns.map(({ id, kind }, at) => (
        <span key={id} role="gridcell" data-kind={kind}>
          {at === 0 ? (
            <strong>
              <bdi>{line.key}</bdi> <span className="count">{line.count}</span>
            </strong>
          ) : line.means[at] === undefined ? null : (
            <span title="Mean">⌀ {cellText(line.means[at], kind)}</span>
          )}
        </span>
      ))}
    </div>
  )
}

interface RunRowProps extends RowProps {
  entry: RunEntry
  isSelected: boolean
  onPress: () => void
}

function RunRow({ entry, columns, index, isActive, isSelected, style, onPress }: RunRowProps) {
  const title = runTitle(entry)
  const opened = useStore(runsView, (view) => view.opened)
  return (
    <div
      id={`runs-line-${index}`}
      className="runs-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-active={isActive}
      data-open={opened === entry.id}
      style={style}
      onClick={onPress}
    >
      <span role="gridcell" onClick={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          aria-label={`Select ${title}`}
          tabIndex={-1}
          checked={isSelected}
          onChange={() => selectRuns(toggled(runsView.getState().selected, entry.id))}
        />
      </span>
      <span role="gridcell" onClick={(event) => event.stopPropagation()}>
        <ShowDot entry={entry} />
      </span>
      {columns.map((column) => (
        <span key={column.id} role="gridcell" data-kind={column.kind}>
          <CellView column={column} entry={entry} />
        </span>
      ))}
    </div>
  )
}

/** Its colour; filled while the charts show it. */
export function ShowDot({ entry }: { entry: RunEntry }) {
  const current = useEngineView(({ run }) => run.current?.id)
  const isFront = useRuns((state) => frontId(state, current) === entry.id)
  const isOn = useStore(shownChoice, (choice) => isShown(choice, entry.id, isFront))
  return (
    <button
      type="button"
      className="runs-dot"
      aria-label={`Show ${runTitle(entry)} in charts`}
      aria-pressed={isOn}
      tabIndex={-1}
      style={{ color: `var(${runColor(entry.number)})` }}
      onClick={() => (isOn ? hideRun(entry.id) : showRun(entry.id))}
    />
  )
}
