// The first rows of a table, as they stand in the file; those that cannot be used are marked.
import type { TableProfile } from '#sdk'
import { formatCount } from '../../ui/format.ts'
import { VirtualRows } from './virtual-rows.tsx'

/** More would only cost time to draw: nobody reads them side by side. */
const MAX_SHOWN = 40

export function SampleRows({ table: { sample, columns, rows, faults } }: { table: TableProfile }) {
  const shown = columns.slice(0, MAX_SHOWN)
  const faulty = new Set(faults.map(({ line }) => line))
  const template = { gridTemplateColumns: `56px repeat(${shown.length}, minmax(96px, 1fr))` }
  const width = { minWidth: 56 + 96 * shown.length }
  const notes = [
    ...(sample.length < rows
      ? [`The first ${formatCount(sample.length)} of ${formatCount(rows)} rows.`]
      : []),
    ...(shown.length < columns.length
      ? [`The first ${shown.length} of ${formatCount(columns.length)} columns.`]
      : []),
  ]
  return (
    <>
      {notes.length > 0 ? <p className="data-note">{notes.join(' ')}</p> : null}
      <VirtualRows
        label="Rows"
        count={sample.length}
        rowHeight={26}
        head={
          <div className="data-row data-row-head" style={{ ...template, ...width }}>
            <span>line</span>
            {shown.map(({ name }) => (
              <span key={name} title={name}>
                {name}
              </span>
            ))}
          </div>
        }
        row={(index, style) => {
          const { line, cells } = sample[index]!
          return (
            <div
              key={index}
              className="data-row"
              data-tone={faulty.has(line) ? 'warning' : undefined}
              style={{ ...style, ...template, ...width }}
            >
              <span className="data-line numeric">{line}</span>
              {shown.map(({ name }, at) => (
                <span key={name}>{cells[at] ?? ''}</span>
              ))}
            </div>
          )
        }}
      />
    </>
  )
}
