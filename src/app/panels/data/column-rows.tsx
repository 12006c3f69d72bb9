// The columns of a table: what they hold, what they are for, and what their values are like.
import { type ColumnProfile, type ColumnType, columnTypes, type TableProfile } from '#sdk'
import { formatCount, formatValue } from '../../ui/format.ts'
import { type Choices, choose } from './choices.ts'
import { VirtualRows } from './virtual-rows.tsx'

const TYPE_NAMES: Record<ColumnType, string> = {
  number: 'number',
  category: 'category',
  date: 'date',
  text: 'text',
  ignore: 'ignored',
}

interface ColumnRowsProps {
  choiceKey: string
  table: TableProfile
  choices: Choices
}

export function ColumnRows({ choiceKey, table: { columns }, choices }: ColumnRowsProps) {
  const setType = (name: string, type: ColumnType): void =>
    choose(choiceKey, { types: { ...choices.types, [name]: type } })
  return (
    <VirtualRows
      label="Columns"
      count={columns.length}
      rowHeight={58}
      className="data-columns"
      row={(index, style) => {
        const column = columns[index]!
        return (
          <div key={column.name} className="data-column" style={style} data-type={column.type}>
            <span className="data-column-name" title={column.name}>
              {column.name}
            </span>
            <select
              className="data-select"
              aria-label={`Type of ${column.name}`}
              value={column.type}
              onChange={({ target }) => setType(column.name, target.value as ColumnType)}
            >
              {columnTypes.map((type) => (
                <option key={type} value={type}>
                  {TYPE_NAMES[type]}
                </option>
              ))}
            </select>
            <label className="data-label">
              <input
                type="checkbox"
                checked={choices.label === column.name}
                onChange={({ target }) =>
                  choose(choiceKey, { label: target.checked ? column.name : undefined })
                }
              />
              label
            </label>
            <Balance column={column} />
            <span className="data-column-facts numeric">{factsOf(column)}</span>
          </div>
        )
      }}
    />
  )
}

const dayOf = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10)

function factsOf({
  type,
  numbers,
  present,
  missing,
  distinct,
  isDistinctCut,
}: ColumnProfile): string {
  const facts: string[] = []
  if (type === 'number' && numbers) {
    const { min, max, mean, deviation } = numbers
    facts.push(`${formatValue(min)} … ${formatValue(max)}`)
    facts.push(`mean ${formatValue(mean)} ± ${formatValue(deviation)}`)
  }
  if (type === 'date' && numbers) facts.push(`${dayOf(numbers.min)} … ${dayOf(numbers.max)}`)
  facts.push(
    isDistinctCut
      ? `over ${formatCount(distinct)} different`
      : `${formatCount(distinct)} different`,
  )
  const share = (100 * missing) / Math.max(1, present + missing)
  if (missing > 0)
    facts.push(`${formatCount(missing)} missing (${share < 1 ? '<1' : Math.round(share)} %)`)
  return facts.join(' · ')
}

const MAX_SHARES = 5

/** How often the most frequent values are there: the balance of classes. */
function Balance({ column: { type, values, present } }: { column: ColumnProfile }) {
  if (type !== 'category' || values.length === 0) return null
  const share = (count: number): number => (100 * count) / present
  return (
    <span className="data-balance">
      <span className="data-balance-bar" aria-hidden="true">
        {values.slice(0, MAX_SHARES).map(([value, count], at) => (
          <span
            key={value}
            style={{ width: `${share(count)}%`, background: `var(--series-${at + 1})` }}
          />
        ))}
      </span>
      <span className="data-balance-text">
        {values
          .slice(0, MAX_SHARES)
          .map(([value, count]) => `${value} ${Math.round(share(count))} %`)
          .join(', ')}
        {values.length > MAX_SHARES ? ' …' : ''}
      </span>
    </span>
  )
}
