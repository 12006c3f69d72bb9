// Runs side by side: what differs in their configs, also from the workspace as it is now, and what came of each.
import { type ReactNode, useMemo, useState } from 'react'
import { differingKeys, type FlatValue, type RunEntry, runTitle } from '#workspace'
import { useStore } from 'zustand'
import { Toggle } from '../../ui/controls.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { formatValue } from '../../ui/format.ts'
import { Columns2 } from 'lucide-react'
import { configOf, figureOf, rises, tagTexts } from '../columns.ts'
import { runsView } from '../runs-view.ts'
import { StateMark } from './cell.tsx'
import { ShowDot } from './runs-table.tsx'
import { useConfigNow } from './use-config-now.ts'

/** More are not read side by side. */
const MOST = 12

interface Side {
  readonly key: string
  readonly title: string
  readonly entry?: RunEntry
  readonly config: ReadonlyMap<string, FlatValue>
}

export function CompareView({ runs }: { runs: readonly RunEntry[] }) {
  const [isAll, setAll] = useState(false)
  const [withNow, setWithNow] = useState(runs.length === 1)
  const now = useConfigNow()
  const figure = useStore(runsView, (view) => view.figure)
  const compared = runs.slice(0, MOST)
  const sides: Side[] = compared.map((entry) => ({
    key: entry.id,
    title: runTitle(entry),
    entry,
    config: configOf(entry),
  }))
  if (withNow && now.config) sides.push({ key: 'now', title: 'Workspace now', config: now.config })
  const keys = useMemo(() => {
    const configs = sides.map(({ config }) => config)
    return isAll ? [...new Set(configs.flatMap((it) => [...it.keys()]))] : differingKeys(configs)
    // oxlint-disable-next-line react/exhaustive-deps -- their maps are the same for the same runs
  }, [isAll, ...sides.map(({ config }) => config)])
  if (runs.length === 0) {
    return (
      <EmptyState icon={<Columns2 size={28} />} title="Nothing to compare">
        Select runs in the table, then come back: what differs in their configs is shown here.
      </EmptyState>
    )
  }
  const metrics = [...new Set(compared.flatMap((entry) => Object.keys(entry.metrics)))]
  return (
    <div className="runs-compare" tabIndex={0} role="group" aria-label="Comparison">
      <div className="runs-compare-bar">
        <Toggle isOn={!isAll} onChange={(isOn) => setAll(!isOn)}>
          Only what differs
        </Toggle>
        <Toggle isOn={withNow} onChange={setWithNow}>
          With the workspace as it is now
        </Toggle>
        {runs.length > MOST ? (
          <span className="panel-muted">The first {MOST} runs are shown.</span>
        ) : null}
        {withNow && now.problem !== undefined ? (
          <span className="panel-muted">{now.problem}</span>
        ) : null}
      </div>
      <table className="data-table runs-compare-table">
        <thead>
          <tr>
            <th>Config</th>
            {sides.map(({ key, title, entry }) => (
              <th key={key}>
                {entry ? <ShowDot entry={entry} /> : null} <bdi>{title}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.length === 0 ? (
            <tr>
              <td colSpan={sides.length + 1} className="panel-muted">
                {sides.length > 1 ? 'Their configs are the same.' : 'Select another run as well.'}
              </td>
            </tr>
          ) : (
            keys.map((key) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                {sides.map((side) => (
                  <td key={side.key}>
                    <bdi>{configText(side.config.get(key))}</bdi>
                  </td>
                ))}
              </tr>
            ))
          )}
        </tbody>
        <tbody>
          <FactRow name="State" sides={sides} show={(it) => it && <StateMark state={it.state} />} />
          <FactRow name="Tags" sides={sides} show={(it) => it && tagTexts(it).join(', ')} />
          <FactRow name="Files" sides={sides} show={(it) => it?.files} />
          <FactRow
            name="Plugins"
            sides={sides}
            show={(it) => it && differingPlugins(it, compared)}
          />
        </tbody>
        <tbody>
          {metrics.map((metric) => {
            const values = compared.map((entry) => figureOf(entry, metric, figure))
            const best = bestOf(values, rises(metric))
            return (
              <tr key={metric}>
                <th scope="row">
                  {metric} <span className="panel-muted">{figure}</span>
                </th>
                {sides.map((side, at) => (
                  <td
                    key={side.key}
                    className="numeric"
                    data-best={at < values.length && values.length > 1 && values[at] === best}
                  >
                    {values[at] === undefined ? '–' : formatValue(values[at])}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

interface FactRowProps {
  name: string
  sides: readonly Side[]
  show: (entry: RunEntry | undefined) => ReactNode
}

function FactRow({ name, sides, show }: FactRowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {sides.map((side) => (
        <td key={side.key}>{show(side.entry)}</td>
      ))}
    </tr>
  )
}

const configText = (value: FlatValue | undefined): string =>
  value === undefined ? '–' : String(value)

function bestOf(values: readonly (number | undefined)[], isRising: boolean): number | undefined {
  const known = values.filter((value) => value !== undefined && !Number.isNaN(value))
  return known.length === 0 ? undefined : Math[isRising ? 'max' : 'min'](...(known as number[]))
}

/** Versions that another run does not have. */
function differingPlugins({ plugins }: RunEntry, runs: readonly RunEntry[]): string {
  const own = Object.entries(plugins).filter(([name, version]) =>
    runs.some((run) => run.plugins[name] !== version),
  )
  return own.map(([name, version]) => `${name} ${version}`).join(', ')
}
