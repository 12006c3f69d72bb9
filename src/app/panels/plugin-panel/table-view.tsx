// Rows of cells; numbers are set to the right.
import { formatValue } from '../../ui/format.ts'

type Cell = string | number

export interface TableData {
  columns: readonly string[]
  rows: readonly (readonly Cell[])[]
}

export function TableView({ columns, rows }: TableData) {
  return (
    <table className="data-table">
      <thead>
        <tr>
          {columns.map((column, index) =>
            column === '' ? (
              <td key={index} />
            ) : (
              <th key={index} scope="col" className={numberClass(rows[0]?.[index])}>
                {column}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column} className={numberClass(cell)}>
                {typeof cell === 'number' ? formatValue(cell) : cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const numberClass = (cell: Cell | undefined) => (typeof cell === 'number' ? 'number' : undefined)
