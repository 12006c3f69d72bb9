// Run, pause, step, stop.
import { History, LoaderCircle, Pause, Play } from 'lucide-react'
import { ActionButton } from '../actions/action-controls.tsx'
import { useIsEnabled } from '../actions/action.ts'
import { resumeLastAction, resumeText } from '../checkpoints/checkpoint-actions.ts'
import { resumable, useCheckpoints } from '../checkpoints/index.ts'
import { isActive } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import {
  pauseAction,
  resumeAction,
  runAction,
  stepAction,
  stopAction,
} from '../session/run-actions.ts'
import { Button } from '../ui/button.tsx'
import { keysText } from '../ui/keys.ts'
import { Tooltip } from '../ui/tooltip.tsx'

export function RunControls({ isNarrow }: { isNarrow: boolean }) {
  const state = useEngineView(({ run }) => run.current?.state)
  const isRunning = useEngineView(({ run }) => isActive(run.current))
  const isStarting = useEngineView(({ engine }) => engine.isStarting)
  const canRun = useIsEnabled(runAction)
  const isPaused = state === 'paused'
  const isBusy = isStarting || state === 'preparing'

  return (
    <div className="run-controls" role="group" aria-label="Run">
      {isRunning || isStarting ? (
        <Button
          variant="primary"
          className="run-button"
          disabled={isBusy}
          icon={
            isBusy ? (
              <LoaderCircle size={14} className="spin" />
            ) : isPaused ? (
              <Play size={14} />
            ) : (
              <Pause size={14} />
            )
          }
          onClick={() => (isPaused ? resumeAction : pauseAction).run()}
        >
          {isBusy ? 'Starting' : isPaused ? 'Resume' : 'Pause'}
        </Button>
      ) : (
        <Tooltip text={runAction.hint} shortcut={keysText(runAction.keys![0]!)}>
          <Button
            variant="primary"
            className="run-button"
            icon={<Play size={14} />}
            disabled={!canRun}
            onClick={() => runAction.run()}
          >
            Run
          </Button>
        </Tooltip>
      )}
      {isRunning || isStarting ? null : <ResumeLast isNarrow={isNarrow} />}
      {isNarrow ? null : <ActionButton action={stepAction} />}
      <ActionButton action={stopAction} size={14} />
    </div>
  )
}

/** Offers to go on with a run that was cut short: by a stop, a closed tab, a lost engine. */
export function ResumeLast({ isNarrow }: { isNarrow: boolean }) {
  const last = useCheckpoints(({ entries }) => resumable(entries))
  const isEnabled = useIsEnabled(resumeLastAction)
  if (!last) return null
  if (isNarrow) return <ActionButton action={resumeLastAction} />
  return (
    <Tooltip text={resumeLastAction.hint}>
      <Button
        icon={<History size={14} />}
        disabled={!isEnabled}
        onClick={() => resumeLastAction.run()}
      >
        {resumeText(last)}
      </Button>
    </Tooltip>
  )
}
