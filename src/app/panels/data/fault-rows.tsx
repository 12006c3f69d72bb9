// Rows that cannot be used: where they are, why, and what stands there.
import type { TableProfile } from '#sdk'
import { goTo } from '../../shell/navigation.ts'
import { formatCount } from '../../ui/format.ts'
import { VirtualRows } from './virtual-rows.tsx'

interface FaultRowsProps {
  table: TableProfile
  path: string
  /** The file is open in the editor when its line is asked for: large ones are not part of the workspace. */
  isInline: boolean
}

export function FaultRows({ table: { faults, faultyRows }, path, isInline }: FaultRowsProps) {
  if (faults.length === 0) return <p className="panel-note">Every row can be used.</p>
  return (
    <>
      <p className="data-note">
        {faultyRows === 1 ? 'This row is' : `These ${formatCount(faultyRows)} rows are`} left out
        when the file is read
        {faults.length < faultyRows ? ` (the first ${formatCount(faults.length)} are shown)` : ''}.
        Correct the file, or the type of the column.
      </p>
      <VirtualRows
        label="Faulty rows"
        count={faults.length}
        rowHeight={46}
        row={(index, style) => {
          const { line, column, problem, text } = faults[index]!
          const place = `Line ${formatCount(line)}${column === undefined ? '' : `, column ${column}`}`
          return (
            <div key={index} className="data-fault" style={style}>
              <span>
                {isInline ? (
                  <button
                    type="button"
                    className="data-place"
                    onClick={() => goTo({ file: path, line, column: 1 })}
                  >
                    {place}
                  </button>
                ) : (
                  <b>{place}</b>
                )}{' '}
                {problem}
              </span>
              <code>{text}</code>
            </div>
          )
        }}
      />
    </>
  )
}
