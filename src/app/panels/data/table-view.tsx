// A table: how it is written, its columns, its first rows, the rows that cannot be used.
import { useState } from 'react'
import { type TableForm, type TableProfile } from '#sdk'
import type { DataFile } from '../../data/index.ts'
import { formatCount, plural } from '../../ui/format.ts'
import { type Choices, choose } from './choices.ts'
import { ColumnRows } from './column-rows.tsx'
import { FaultRows } from './fault-rows.tsx'
import { SampleRows } from './sample-rows.tsx'

const DELIMITERS = [
  { value: ',', label: 'comma' },
  { value: ';', label: 'semicolon' },
  { value: '\\t', label: 'tab' },
  { value: '|', label: 'bar' },
]
const HEADERS = [
  { value: 'true', label: 'names in the first row' },
  { value: 'false', label: 'no names' },
]
const DECIMALS = [
  { value: '.', label: 'decimals: 1.5' },
  { value: ',', label: 'decimals: 1,5' },
]

interface NamedValue {
  value: string
  label: string
}

/** The choices, and before them what is found out unless one is made. */
function withFound(choices: readonly NamedValue[], found: string | undefined): NamedValue[] {
  const known = choices.find(({ value }) => value === found)
  return [{ value: 'auto', label: `found: ${known?.label ?? found}` }, ...choices]
}

type View = 'columns' | 'rows' | 'faults'

interface TableViewProps {
  file: DataFile
  table: TableProfile
  choices: Choices
  choiceKey: string
}

export function TableView({ file, table, choices, choiceKey }: TableViewProps) {
  const [view, setView] = useState<View>('columns')
  const { form } = choices
  const setForm = (change: Partial<TableForm>): void =>
    choose(choiceKey, { form: { ...form, ...change } })
  const views: { id: View; title: string }[] = [
    { id: 'columns', title: plural(table.columns.length, 'column') },
    { id: 'rows', title: plural(table.rows, 'row') },
    { id: 'faults', title: `${formatCount(table.faultyRows)} faulty` },
  ]
  return (
    <>
      <div className="data-form">
        <div className="data-views" role="group" aria-label="View">
          {views.map(({ id, title }) => (
            <button
              key={id}
              type="button"
              className="toggle"
              data-state={view === id ? 'on' : 'off'}
              aria-pressed={view === id}
              data-tone={id === 'faults' && table.faultyRows > 0 ? 'warning' : undefined}
              onClick={() => setView(id)}
            >
              {title}
            </button>
          ))}
        </div>
        {table.format === 'csv' ? (
          <div className="data-settings">
            <Choice
              label="Delimiter"
              value={form.delimiter}
              choices={withFound(DELIMITERS, table.delimiter === '\t' ? '\\t' : table.delimiter)}
              onChange={(delimiter) => setForm({ delimiter })}
            />
            <Choice
              label="Names of columns"
              value={String(form.header)}
              choices={withFound(HEADERS, String(table.hasHeader))}
              onChange={(header) =>
                setForm({ header: header === 'auto' ? header : header === 'true' })
              }
            />
            <Choice
              label="Decimals"
              value={form.decimal}
              choices={DECIMALS}
              onChange={(decimal) => setForm({ decimal: decimal === ',' ? ',' : '.' })}
            />
          </div>
        ) : null}
      </div>
      {table.notes.length > 0 ? (
        <ul className="data-note">
          {table.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
      {view === 'columns' ? (
        <ColumnRows choiceKey={choiceKey} table={table} choices={choices} />
      ) : view === 'rows' ? (
        <SampleRows table={table} />
      ) : (
        <FaultRows table={table} path={file.path} isInline={!file.pointer} />
      )}
    </>
  )
}

interface ChoiceProps {
  label: string
  value: string
  choices: readonly NamedValue[]
  onChange: (value: string) => void
}

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <select
      className="data-select"
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  )
}
