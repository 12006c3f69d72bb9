// The run in figures: speed, memory, sizes, and how it ended.
import { Gauge } from 'lucide-react'
import { useCheckpoints } from '../checkpoints/index.ts'
import type { RunRecord } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import { ArtefactList } from './artefacts/artefact-list.tsx'
import { ErrorView } from './error-view.tsx'
import { EmptyState } from '../ui/feedback.tsx'
import { formatBytes, formatClock, formatCount, formatRate } from '../ui/format.ts'
import { deviceName } from '../ui/names.ts'
import { late } from '../ui/late.tsx'
import { StartRun } from '../session/start-run.tsx'
import './panels.css'

export const CheckpointList = late(
  async () => (await import('../checkpoints/checkpoint-list.tsx')).CheckpointList,
)

export function RunPanel() {
  const run = useEngineView((view) => view.run.current)
  const hasArtefacts = useEngineView(({ artefacts }) => artefacts.size > 0)
  const hasCheckpoints = useCheckpoints(
    ({ entries, damaged }) => entries.length + damaged.length > 0,
  )
  if (!run && !hasArtefacts && !hasCheckpoints) {
    return (
      <EmptyState icon={<Gauge size={28} />} title="No run yet">
        <p>Speed, memory, model size, configuration and what plugins save are shown here.</p>
        <StartRun />
      </EmptyState>
    )
  }
  return (
    <div className="run-panel">
      {run?.error ? <ErrorView info={run.error} /> : null}
      {run?.message && !run.error ? <p className="panel-muted">{run.message}</p> : null}
      {run ? <Figures run={run} /> : null}
      <CheckpointList />
      <ArtefactList />
      {run ? <Facts run={run} /> : null}
      {run ? <Parameters run={run} /> : null}
    </div>
  )
}

function Figures({ run: { progress, setup, step, totalSteps, epoch, state } }: { run: RunRecord }) {
  const left = state === 'running' ? progress?.remainingMs : undefined
  const figures: [string, string | undefined][] = [
    ['Step', totalSteps > 0 ? `${formatCount(step)} / ${formatCount(totalSteps)}` : undefined],
    ['Epoch', formatCount(epoch)],
    ['Steps/s', progress && formatRate(progress.stepsPerSecond)],
    ['Examples/s', progress && formatRate(progress.examplesPerSecond)],
    ['Time left', left === undefined ? undefined : formatClock(left)],
    ['Parameters', setup && formatCount(setup.parameterCount)],
    ['Tensors', progress && formatCount(progress.tensors)],
    ['Tensor memory', progress && formatBytes(progress.bytes)],
  ]
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name} className="figure">
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  )
}

function Facts({ run: { setup, number } }: { run: RunRecord }) {
  const device = useEngineView(({ engine }) => engine.device)
  const facts: [string, string][] = []
  if (device) facts.push(['Device', deviceName(device)])
  if (device) facts.push(['Chosen because', device.reason])
  if (setup) {
    facts.push(['Experiment', `${setup.name} (run ${number}, seed ${setup.seed})`])
    facts.push(['Training rows', formatCount(setup.trainRows)])
    facts.push(['Validation rows', formatCount(setup.validationRows)])
    facts.push([
      'Batches',
      `${formatCount(setup.batchSize)} rows, ${formatCount(setup.stepsPerEpoch)} an epoch`,
    ])
  }
  if (facts.length === 0) return null
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Parameters({ run: { setup } }: { run: RunRecord }) {
  if (!setup) return null
  return (
    <>
      <details className="fold">
        <summary>Parameters by name</summary>
        <table className="data-table">
          <tbody>
            {setup.parameters.map(({ path, shape }) => (
              <tr key={path}>
                <td>
                  <code>{path}</code>
                </td>
                <td className="number">{shape.length === 0 ? 'scalar' : shape.join(' × ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      <details className="fold">
        <summary>Configuration</summary>
        <pre tabIndex={0}>{JSON.stringify(setup.config, null, 2)}</pre>
      </details>
    </>
  )
}
