// Above the runs: ways to look at them, filter, groups, columns, and what can be done with those selected.
import { Columns3, FileDown } from 'lucide-react'
import { useStore } from 'zustand'
import { ActionButton, ActionItem } from '../../actions/action-controls.tsx'
import { BarOverflow } from '../../ui/bar-overflow.tsx'
import { Button } from '../../ui/button.tsx'
import { SearchField, Toggle } from '../../ui/controls.tsx'
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuSeparator } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { columnOf, type Figure, figures } from '../columns.ts'
import { runsIn } from '../lines.ts'
import {
  deleteAction,
  exportActions,
  hideAction,
  importAction,
  restartFromAction,
  showAction,
} from '../run-list-actions.ts'
import { type Mode, modes, runsView } from '../runs-view.ts'
import { type ShownTable, useColumnIds } from './use-table.ts'

const MODES = { table: 'Table', compare: 'Compare', plots: 'Plots' } satisfies Record<Mode, string>
const FIGURES = {
  last: 'Last value',
  best: 'Best value',
  min: 'Least value',
  max: 'Greatest value',
} satisfies Record<Figure, string>

export function RunsBar({ table }: { table: ShownTable }) {
  const { mode, query, selected, figure } = useStore(runsView)
  const count = runsIn(table.lines).length
  return (
    <>
      <div className="panel-bar runs-bar">
        <div className="runs-modes" role="group" aria-label="View">
          {modes.map((each) => (
            <Toggle
              key={each}
              isOn={mode === each}
              onChange={() => runsView.setState({ mode: each })}
            >
              {MODES[each]}
            </Toggle>
          ))}
        </div>
        <SearchField
          label="Filter: words, val_*, /pattern/"
          value={query}
          onChange={(next) => runsView.setState({ query: next })}
        />
        <BarOverflow label="Groups, columns, export">
          {mode === 'table' ? <GroupChoice /> : null}
          <Select
            label="Metrics"
            value={figure}
            choices={figures.map((value) => ({ value, label: FIGURES[value] }))}
            onChange={(value) => runsView.setState({ figure: value })}
          />
          {mode === 'table' ? <ColumnMenu columns={table.columns.map(({ id }) => id)} /> : null}
          <ExportMenu table={table} />
        </BarOverflow>
        <span className="runs-count numeric" role="status">
          {selected.size > 0 ? `${selected.size} of ${count} selected` : `${count} shown`}
        </span>
      </div>
      {table.problem === undefined ? null : (
        <p className="runs-problem" role="alert">
          {table.problem}
        </p>
      )}
      {selected.size > 0 ? (
        <div className="panel-bar runs-selected" role="group" aria-label="Selected runs">
          {[showAction, hideAction, restartFromAction, deleteAction].map((action) => (
            <ActionButton key={action.id} action={action} size={14} />
          ))}
          <Button
            variant="quiet"
            onClick={() => runsView.setState({ selected: new Set() })}
            className="runs-clear"
          >
            Clear selection
          </Button>
        </div>
      ) : null}
    </>
  )
}

const NO_GROUP = 'none'

function GroupChoice() {
  const group = useStore(runsView, (view) => view.group)
  const { config, tags } = useColumnIds()
  const ids = ['state', 'experiment', 'files', 'device', 'tags', ...tags, ...config]
  return (
    <Select
      label="Group by"
      value={group ?? NO_GROUP}
      choices={[
        { value: NO_GROUP, label: 'No groups' },
        ...ids.map((id) => ({ value: id, label: `By ${columnOf(id, 'last').title}` })),
      ]}
      onChange={(id) => runsView.setState({ group: id === NO_GROUP ? undefined : id })}
    />
  )
}

function ColumnMenu({ columns }: { columns: readonly string[] }) {
  const { facts, metrics, config, tags } = useColumnIds()
  const parts = { Facts: facts, Metrics: metrics, Tags: tags, Config: config }
  const order = Object.values(parts).flat()
  function change(id: string, isOn: boolean) {
    const next = isOn ? [...columns, id] : columns.filter((other) => other !== id)
    runsView.setState({ columns: next.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)) })
  }
  return (
    <Menu
      trigger={
        <Button icon={<Columns3 size={14} />} className="runs-button">
          Columns
        </Button>
      }
    >
      <MenuItem onSelect={() => runsView.setState({ columns: undefined })}>
        Those that tell most
      </MenuItem>
      {Object.entries(parts).map(([label, ids]) =>
        ids.length === 0 ? null : (
          <div key={label} role="group" aria-label={label}>
            <MenuLabel>{label}</MenuLabel>
            {ids.map((id) => (
              <MenuCheck
                key={id}
                staysOpen
                isOn={columns.includes(id)}
                onChange={(isOn) => change(id, isOn)}
              >
                {columnOf(id, 'last').title}
              </MenuCheck>
            ))}
          </div>
        ),
      )}
    </Menu>
  )
}

function ExportMenu({ table: { columns, lines } }: { table: ShownTable }) {
  async function saveAsSeen() {
    const { saveTable } = await import('../commands.ts')
    await saveTable(
      columns.map(({ title }) => title),
      runsIn(lines).map((entry) => columns.map((column) => column.value(entry))),
    )
  }
  return (
    <Menu
      trigger={
        <Button icon={<FileDown size={14} />} className="runs-button">
          Export
        </Button>
      }
      align="end"
    >
      <MenuItem
        icon={<FileDown size={14} />}
        hint="As it is filtered, sorted and chosen"
        onSelect={() => void saveAsSeen()}
      >
        Export table as CSV
      </MenuItem>
      {exportActions.map((action) => (
        <ActionItem key={action.id} action={action} />
      ))}
      <MenuSeparator />
      <ActionItem action={importAction} />
    </Menu>
  )
}
