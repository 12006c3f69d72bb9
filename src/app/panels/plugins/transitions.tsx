// How a plugin went through its states: when, and how long each step took.
import type { PluginInfo } from '#protocol'
import { nameOf } from '../../store/engine-slice.ts'
import type { Transition } from '../../store/history-slice.ts'
import { useEngineView } from '../../store/store.ts'
import { formatDuration, formatTime } from '../../ui/format.ts'

const none: readonly Transition[] = []

export function Transitions({ plugin }: { plugin: PluginInfo }) {
  const name = nameOf(plugin)
  const history = useEngineView((view) =>
    Object.hasOwn(view.history, name) ? view.history[name]! : none,
  )
  if (history.length === 0) return null
  return (
    <details className="fold">
      <summary>
        History <span className="panel-muted numeric">{history.length}</span>
      </summary>
      <ol className="fact-list" aria-label="History">
        {history.toReversed().map(({ time, state, durationMs, stage, message }, index) => (
          <li key={history.length - index}>
            <span className="plugin-line">
              <span className="plugin-transition" data-state={state}>
                {state === 'gone' ? 'engine ended' : state}
                {stage === undefined ? '' : ` at ${stage}`}
              </span>
              <span className="panel-muted numeric">
                {durationMs === undefined ? '' : `${formatDuration(durationMs)} · `}
                {formatTime(time)}
              </span>
            </span>
            {message === undefined ? null : <span className="hook-failures">{message}</span>}
          </li>
        ))}
      </ol>
    </details>
  )
}
