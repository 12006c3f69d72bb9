// A recording: what it is worth, its phases, its steps, and tables by plugin, call and kernel.
import { useMemo, useState } from 'react'
import type { RecordedStep } from '../../store/profile-slice.ts'
import { formatBytes, formatCount, formatDuration, plural } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { callsOf, kernelsOf, phasesOf, pluginsOf, type Share, sumOf, totalOf } from './breakdown.ts'
import { type Figure, Figures } from './figures.tsx'
import { Flame } from './flame.tsx'
import { callName, percent, phaseName, ShareTable } from './share-tables.tsx'
import { StepBars } from './step-bars.tsx'

const TABLES = [
  { value: 'calls', label: 'Hooks and components' },
  { value: 'plugins', label: 'Plugins' },
  { value: 'kernels', label: 'Kernels' },
] as const
type Table = (typeof TABLES)[number]['value']

export function RecordingView({ steps }: { steps: readonly RecordedStep[] }) {
  const [chosen, setChosen] = useState(0)
  const [table, setTable] = useState<Table>('calls')
  const phases = useMemo(() => phasesOf(steps), [steps])
  const rows = useMemo(() => rowsOf(table, steps), [table, steps])
  const index = Math.min(chosen, steps.length - 1)
  const step = steps[index]!
  const { isExact } = step
  return (
    <>
      <section className="profile-section">
        <h3>Where a step goes</h3>
        <p className="panel-muted">
          {plural(steps.length, 'step')}, {formatDuration(totalOf(steps) / steps.length)} each.{' '}
          {isExact
            ? 'Each phase was waited for: times are those of the work, and steps are slower than they run otherwise.'
            : 'Times are those of handing work to the graphics processor, which goes on meanwhile: waiting for it shows as read-back. Exact waits in each phase.'}
        </p>
        <div className="phase-bar" aria-hidden="true">
          {phases.map(({ name, share }) => (
            <span
              key={name}
              data-phase={name}
              style={{ flexGrow: share }}
              title={`${name}: ${percent(share)}`}
            />
          ))}
        </div>
        <ShareTable
          label="Phases"
          heading="Phase"
          rows={phases}
          steps={steps.length}
          nameOf={phaseName}
        />
        <DeviceFigures steps={steps} />
      </section>
      <section className="profile-section">
        <h3>
          Step {step.step}, {formatDuration(step.durationMs)}
        </h3>
        <StepBars steps={steps} chosen={index} onChoose={setChosen} />
        <Flame step={step} />
        {step.droppedCalls > 0 ? (
          <p className="panel-muted">{plural(step.droppedCalls, 'more call')} not kept.</p>
        ) : null}
      </section>
      <section className="profile-section">
        <div className="profile-heading">
          <h3>Time of its own</h3>
          <Select label="Time by" value={table} choices={TABLES} onChange={setTable} />
        </div>
        {rows.length === 0 ? (
          <p className="panel-muted">None was called.</p>
        ) : (
          <ShareTable
            label={`Time by ${table}`}
            heading={TABLES.find(({ value }) => value === table)!.label}
            rows={rows}
            steps={steps.length}
            {...(table === 'calls' && { nameOf: callName })}
          />
        )}
      </section>
    </>
  )
}

function rowsOf(table: Table, steps: readonly RecordedStep[]): readonly Share[] {
  if (table === 'kernels') return kernelsOf(steps)
  return table === 'calls' ? callsOf(steps) : pluginsOf(steps)
}

function DeviceFigures({ steps }: { steps: readonly RecordedStep[] }) {
  const kernels = sumOf(steps.flatMap((step) => step.kernels.map(({ calls }) => calls)))
  const meanOf = (valueOf: (step: RecordedStep) => number | undefined): number | undefined => {
    const values = steps.flatMap((step) => valueOf(step) ?? [])
    return values.length > 0 ? sumOf(values) / values.length : undefined
  }
  const launches = meanOf((step) => step.launches)
  const submits = meanOf((step) => step.submits)
  const gpuBytes = steps.at(-1)?.gpuBytes
  const figures: Figure[] = [
    ['Kernels a step', formatCount(kernels / steps.length)],
    ...(launches === undefined ? [] : [['Launches a step', formatCount(launches)] as const]),
    ...(submits === undefined ? [] : [['Submits a step', formatCount(submits)] as const]),
    ...(gpuBytes === undefined ? [] : [['GPU memory', formatBytes(gpuBytes)] as const]),
  ]
  return <Figures figures={figures} />
}
