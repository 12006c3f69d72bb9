// Where the time and the memory of training go: over the run, and in steps that were recorded.
import { CircleDot, Square, Timer } from 'lucide-react'
import { useState } from 'react'
import { ActionButton } from '../../actions/action-controls.tsx'
import { session } from '../../session/page-session.ts'
import { isActive } from '../../store/run-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { Button } from '../../ui/button.tsx'
import { Toggle } from '../../ui/controls.tsx'
import { Banner, EmptyState } from '../../ui/feedback.tsx'
import { formatBytes, formatCount, formatRate, formatValue } from '../../ui/format.ts'
import { Select } from '../../ui/select.tsx'
import { goToPart } from '../plugin-source/go-to-part.ts'
import { CompiledView } from './compiled-view.tsx'
import { leakIn, suspectsIn } from './leak.ts'
import { saveTraceAction } from './profiler-actions.ts'
import { RecordingView } from './recording-view.tsx'
import { SinceLoading } from './since-loading.tsx'
import { SparkLine } from './spark-line.tsx'
import './profiler.css'

const COUNTS = [
  { value: '10', label: '10 steps' },
  { value: '50', label: '50 steps' },
  { value: '200', label: '200 steps' },
] as const

export function ProfilerPanel() {
  const { recording, steps, samples, compiled } = useEngineView(({ profile }) => profile)
  const isRecording = recording?.state === 'recording'
  const hasNothing = steps.length + samples.length + compiled.length === 0
  return (
    <div className="panel-column profiler">
      <Bar isRecording={isRecording} />
      {hasNothing ? (
        <EmptyState icon={<Timer size={28} />} title="Nothing measured yet">
          <p>
            {isRecording
              ? 'The first steps of the next run are recorded.'
              : 'Speed and memory are shown here while a run is on. A recording shows where the time of its steps goes, by phase, plugin and kernel.'}
          </p>
          {isRecording ? (
            <Button variant="primary" onClick={() => void session.run()}>
              Start a run
            </Button>
          ) : null}
        </EmptyState>
      ) : (
        <div className="profiler-body" role="region" aria-label="Profile" tabIndex={0}>
          <Over />
          <LeakHint />
          <CompiledView />
          {steps.length > 0 ? <RecordingView steps={steps} /> : <SinceLoading />}
        </div>
      )}
    </div>
  )
}

function Bar({ isRecording }: { isRecording: boolean }) {
  const { recording, steps } = useEngineView(({ profile }) => profile)
  const isUp = useEngineView(({ engine }) => engine.status === 'ready')
  const isTraining = useEngineView(({ run }) => isActive(run.current))
  const backend = useEngineView(({ engine }) => engine.device?.backend)
  const [count, setCount] = useState<(typeof COUNTS)[number]['value']>('10')
  const [isExact, setExact] = useState(false)
  const isAlwaysExact = backend === 'cpu' || backend === 'wasm'
  return (
    <div className="panel-bar">
      {isRecording ? (
        <Button icon={<Square size={13} />} onClick={() => void session.profile(null)}>
          End recording
        </Button>
      ) : (
        <Button
          icon={<CircleDot size={14} />}
          disabled={!isUp}
          onClick={() => void session.profile({ steps: Number(count), isExact })}
        >
          Record
        </Button>
      )}
      <Select label="Steps to record" value={count} choices={COUNTS} onChange={setCount} />
      {isAlwaysExact ? null : (
        <Toggle isOn={isExact} onChange={setExact}>
          Exact
        </Toggle>
      )}
      <span className="panel-muted numeric" role="status">
        {isRecording && recording
          ? isTraining
            ? `${steps.length} of ${recording.steps}`
            : 'waits for a run'
          : ''}
      </span>
      <ActionButton action={saveTraceAction} className="bar-button" />
    </div>
  )
}

/** Speed and memory over the run. */
function Over() {
  const samples = useEngineView(({ profile }) => profile.samples)
  if (samples.length === 0) return null
  return (
    <section className="profile-section sparks" aria-label="Speed and memory over the run">
      <SparkLine
        title="Steps/s"
        samples={samples}
        valueOf={({ stepsPerSecond }) => stepsPerSecond}
        format={formatRate}
      />
      <SparkLine
        title="Tensors"
        samples={samples}
        valueOf={({ tensors }) => tensors}
        format={formatCount}
      />
      <SparkLine
        title="Tensor memory"
        samples={samples}
        valueOf={({ bytes }) => bytes}
        format={formatBytes}
      />
      <SparkLine
        title="GPU memory"
        samples={samples}
        valueOf={({ gpuBytes }) => gpuBytes}
        format={formatBytes}
      />
    </section>
  )
}

function LeakHint() {
  const { samples, steps } = useEngineView(({ profile }) => profile)
  const leak = leakIn(samples)
  if (!leak) return null
  const suspects = suspectsIn(steps)
  return (
    <Banner
      tone="warning"
      title={`Tensors grow by ${formatValue(leak.tensorsPerStep)} each step (${formatBytes(leak.bytesPerStep)})`}
    >
      {suspects.length === 0 ? (
        <p>
          Something keeps what it makes: wrap it in tf.tidy, dispose what is no longer needed. A
          recording names the hooks that leave tensors behind.
        </p>
      ) : (
        <ul>
          {suspects.map(({ plugin, name, tensorsPerStep }) => (
            <li key={`${plugin} ${name}`}>
              <button
                type="button"
                className="source-link"
                onClick={() => void goToPart(plugin, 'hook', name)}
              >
                {name} of {plugin}
              </button>{' '}
              leaves {formatValue(tensorsPerStep)} a step: wrap what it computes in tf.tidy, dispose
              what it no longer needs.
            </li>
          ))}
        </ul>
      )}
    </Banner>
  )
}
