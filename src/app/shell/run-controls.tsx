// Run, pause, step, stop.
import { LoaderCircle, Pause, Play, Square, StepForward } from 'lucide-react'
import { useEffect } from 'react'
import { isActive } from '../store/run-slice.ts'
import { useEngineView } from '../store/store.ts'
import { session } from '../session/page-session.ts'
import { useWorkspace } from '../workspace/index.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { RUN_KEYS } from '../ui/keys.ts'
import { Tooltip } from '../ui/tooltip.tsx'

function useCanRun(): boolean {
  const isFree = useEngineView(
    ({ engine, run }) =>
      engine.status !== 'booting' && !engine.isStarting && !isActive(run.current),
  )
  const hasWorkspace = useWorkspace(({ entry }) => entry !== null)
  return isFree && hasWorkspace
}

/** Ctrl or ⌘ with Enter runs, wherever the focus is; the editor would make it a new line. */
function useRunShortcut(canRun: boolean) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      event.stopPropagation()
      if (canRun && !event.repeat) void session.run()
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [canRun])
}

export function RunControls({ isNarrow }: { isNarrow: boolean }) {
  const state = useEngineView(({ run }) => run.current?.state)
  const isRunning = useEngineView(({ run }) => isActive(run.current))
  const isStarting = useEngineView(({ engine }) => engine.isStarting)
  const canRun = useCanRun()
  useRunShortcut(canRun)
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
          onClick={() => void session.control(isPaused ? 'resume' : 'pause')}
        >
          {isBusy ? 'Starting' : isPaused ? 'Resume' : 'Pause'}
        </Button>
      ) : (
        <Tooltip text="Train with the files as they are" shortcut={RUN_KEYS}>
          <Button
            variant="primary"
            className="run-button"
            icon={<Play size={14} />}
            disabled={!canRun}
            onClick={() => void session.run()}
          >
            Run
          </Button>
        </Tooltip>
      )}
      {isNarrow ? null : (
        <IconButton
          label="Single step"
          icon={<StepForward size={15} />}
          disabled={!isPaused}
          onClick={() => void session.control('step')}
        />
      )}
      <IconButton
        label="Stop"
        icon={<Square size={14} />}
        disabled={!isRunning}
        onClick={() => void session.control('stop')}
      />
    </div>
  )
}
