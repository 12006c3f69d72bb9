// How far the run is, and how long it will still take.
import { useShallow } from 'zustand/shallow'
import type { RunRecord } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import { formatClock, formatCount } from '../ui/format.ts'

const ENDINGS = {
  finished: 'Finished',
  stopped: 'Stopped',
  early_stopped: 'Stopped early',
  failed: 'Failed',
} satisfies Record<NonNullable<RunRecord['reason']>, string>

export function RunProgress() {
  const shown = useEngineView(useShallow(({ run: { current } }) => describe(current)))
  if (!shown) return <div className="progress progress-idle" />
  const { text, remaining, share } = shown
  return (
    <div className="progress" data-tone={shown.tone}>
      <div className="progress-words numeric">
        <span className="progress-text" role="status">
          {text}
        </span>
        <span>{shown.steps}</span>
        <span className="progress-remaining">{remaining}</span>
      </div>
      <div
        className="progress-track"
        role="progressbar"
        aria-label="Training progress"
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div className="progress-bar" style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  )
}

function describe(run: RunRecord | undefined) {
  if (!run) return undefined
  const share = run.totalSteps > 0 ? Math.min(1, run.step / run.totalSteps) : 0
  const steps =
    run.totalSteps > 0 ? `${formatCount(run.step)} / ${formatCount(run.totalSteps)}` : ''
  const base = { share, steps, remaining: '' }
  switch (run.state) {
    case 'preparing':
      return { ...base, text: run.activity ?? 'Preparing', tone: 'running' }
    case 'running': {
      const left = run.progress?.remainingMs
      const remaining = left === undefined ? '' : `${formatClock(left)} left`
      return { ...base, text: `Epoch ${run.epoch}`, remaining, tone: 'running' }
    }
    case 'paused':
      return { ...base, text: 'Paused', tone: 'paused' }
    case 'ended':
      return {
        ...base,
        text: ENDINGS[run.reason ?? 'stopped'],
        remaining: formatClock((run.endedAt ?? run.startedAt) - run.startedAt),
        tone: run.reason === 'failed' ? 'failed' : 'ended',
      }
    default:
      return run.state satisfies never
  }
}
