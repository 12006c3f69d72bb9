// An artefact to read: text, JSON, or lines of JSON as a table.
import { Download, RefreshCw, X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useMemo, useState } from 'react'
import type { Artefact } from '../../store/artefacts-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Toggle } from '../../ui/controls.tsx'
import { formatBytes, formatTime, plural } from '../../ui/format.ts'
import { Feed } from '../feed.tsx'
import { type Content, contentOf, MAX_SHOWN_BYTES, type Table } from './content.ts'
import { download } from '../../ui/download.ts'

interface ArtefactViewerProps {
  /** With a copy: that is what is shown, whatever is added later. */
  artefact: Artefact
  onRefresh: () => void
  onClose: () => void
}

export function ArtefactViewer({ artefact, onRefresh, onClose }: ArtefactViewerProps) {
  const { name, type } = artefact
  const copy = artefact.copy!
  const content = useMemo(() => contentOf(copy.bytes), [copy])
  const hasMore = useEngineView(({ artefacts }) => {
    const now = artefacts.get(name)
    return now !== undefined && !now.isGone && now.version !== copy.version
  })
  const [isTable, setTable] = useState(true)
  const table = content.kind === 'text' ? content.table : undefined
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-overlay" />
        <Dialog.Content className="dialog viewer">
          <header className="viewer-head">
            <div className="viewer-title">
              <Dialog.Title>
                <bdi>{name}</bdi>
              </Dialog.Title>
              <Dialog.Description className="panel-muted numeric">
                {formatBytes(copy.bytes.length)} · {type} · as of{' '}
                {formatTime(copy.takenAt).slice(0, 8)}
              </Dialog.Description>
            </div>
            {table ? (
              <Toggle isOn={isTable} onChange={setTable}>
                Table
              </Toggle>
            ) : null}
            {hasMore ? (
              <Button icon={<RefreshCw size={14} />} onClick={onRefresh}>
                Refresh
              </Button>
            ) : null}
            <Button icon={<Download size={14} />} onClick={() => download(name, copy.bytes)}>
              Download
            </Button>
            <Dialog.Close asChild>
              <IconButton label="Close" className="viewer-close" icon={<X size={16} />} />
            </Dialog.Close>
          </header>
          <Body name={name} content={content} table={isTable ? table : undefined} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Body({
  name,
  content,
  table,
}: {
  name: string
  content: Content
  table: Table | undefined
}) {
  if (content.kind === 'binary')
    return <p className="panel-note">Its bytes are no text. Download it to open it elsewhere.</p>
  const { lines, isCut } = content
  return (
    <>
      {isCut ? (
        <p className="viewer-cut" role="status">
          Only the beginning is shown ({formatBytes(MAX_SHOWN_BYTES)} or{' '}
          {plural(lines.length, 'line')}); the download has all of it.
        </p>
      ) : null}
      {table ? <Rows name={name} table={table} /> : <Lines name={name} lines={lines} />}
    </>
  )
}

function Lines({ name, lines }: { name: string; lines: readonly string[] }) {
  const numberWidth = `${String(lines.length).length + 1}ch`
  return (
    <Feed
      label={`Text of ${name}`}
      count={lines.length}
      rowHeight={20}
      isStill
      isMeasured
      row={(index, place) => (
        <div
          key={index}
          ref={place.ref}
          data-index={index}
          className="viewer-line"
          style={{ ...place.style, gridTemplateColumns: `${numberWidth} minmax(0, 1fr)` }}
        >
          <span className="viewer-number" aria-hidden="true">
            {index + 1}
          </span>
          <span>{lines[index]}</span>
        </div>
      )}
    />
  )
}

const MIN_WIDTH = 4
const MAX_WIDTH = 30
/** Rows that widths are taken from. */
const WIDTH_ROWS = 500

function Rows({ name, table: { columns, rows } }: { name: string; table: Table }) {
  const template = useMemo(() => {
    const widths = columns.map((column, index) =>
      rows
        .slice(0, WIDTH_ROWS)
        .reduce((widest, row) => Math.max(widest, row[index]!.length), column.length),
    )
    return widths
      .map((width) => `${Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)) + 2}ch`)
      .join(' ')
  }, [columns, rows])
  const cells = (row: readonly string[]) =>
    row.map((cell, column) => (
      <span key={column} title={cell}>
        {cell}
      </span>
    ))
  return (
    <Feed
      label={`Rows of ${name}`}
      count={rows.length}
      head={
        <div className="viewer-row viewer-columns" style={{ gridTemplateColumns: template }}>
          {cells(columns)}
        </div>
      }
      rowHeight={24}
      isStill
      row={(index, place) => (
        <div
          key={index}
          className="viewer-row"
          style={{ ...place.style, gridTemplateColumns: template }}
        >
          {cells(rows[index]!)}
        </div>
      )}
    />
  )
}
